// Keeps compiled code between starts of Node: `npm test` starts one for each file of tests.
import { enableCompileCache } from 'node:module'

enableCompileCache()
