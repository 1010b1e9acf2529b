/** For plugins that write files. */
export { makeFolder } from './make-folder.ts'
export { syncFolder } from './sync-folder.ts'
