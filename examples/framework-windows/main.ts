/** Exports hours and days every ten minutes, until it is told to stop. */
import { createContext, waitForSignal } from 'waybill'
import { FileStorage } from 'waybill/storage/file'
import { createGroup } from './group.ts'

const group = createGroup(new FileStorage('windows'), createContext())
group.start('10m')
process.stdout.write(`${group.name} exports to windows/ every ten minutes\n`)
await waitForSignal()
await group.stop()
