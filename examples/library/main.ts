/** A record through a buffer to a file, with its books. */
import { BufferedExporter, batchRecords, createContext, Ledger, metrics, series } from 'waybill'
import { FileExporter } from 'waybill/exporters/file'

const account = new Ledger().account('archive')
const archive = new BufferedExporter(new FileExporter({ outputDirectory: './archive' }), { records: batchRecords, account })

const load = series('system.cpu.load', { core: '0' }, { kind: 'gauge', unit: '1' })
await archive.export(new Date(), metrics([{ series: load, timeMs: Date.now(), value: 0.42 }]), createContext())
await archive.stop(createContext())
process.stdout.write(`${JSON.stringify(account.figures(), null, 2)}\n`)
