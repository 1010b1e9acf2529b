/** Flips a coin every ten seconds and writes it to disk, until it is told to stop. */
import { tmpdir } from 'node:os'
import { createContext, waitForSignal } from 'waybill'
import { FileStorage } from 'waybill/storage/file'
import { createCoinFlips } from './coin-flip.ts'

const storage = new FileStorage(process.argv[2] ?? tmpdir())
const controller = createCoinFlips(storage, createContext())
controller.start('10s')
process.stdout.write(`a coin every ten seconds in ${storage.fullPath('MyClusterID/diagnostics/MyApplication')}\n`)
const signal = await waitForSignal()
await controller.stop()
process.stdout.write(`stopped by ${signal}\n`)
