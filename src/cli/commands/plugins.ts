import { Catalogue } from '../../agent/catalogue.ts'
import { loadFile } from '../../agent/config/load.ts'
import type { ArrayDriver } from '../../arrays/driver.ts'
import { arrayDrivers } from '../../arrays/registry/drivers.ts'
import { exitCodes } from '../exit-codes.ts'
import { print } from '../print.ts'
import { textTable } from '../text-table.ts'

/** `waybill plugins`: what there is, with signals and stability. */
export async function plugins(file: string | undefined, { json }: { readonly json?: boolean }): Promise<number> {
  const { catalogue, drivers } = file === undefined ? { catalogue: new Catalogue(), drivers: [] } : await loadFile(file)
  const all = [
    ...(await catalogue.all()).map(({ kind, type, signals, stability, summary }) => ({ kind, type, signals, stability, summary })),
    ...arrayDrivers(drivers).map(driverRow),
  ]
  const rows = all.map(({ kind, type, signals, stability, summary }) => [kind, type, signals.join(' '), stability, summary])
  const titles = ['kind', 'type', 'signals', 'stability', ''].map((title) => ({ title }))
  print(json ? `${JSON.stringify(all, null, 2)}\n` : `${textTable(titles, rows).join('\n')}\n`)
  return exitCodes.ok
}

/** Under the vendor and model that an array is registered with. */
const driverRow = ({ kind, vendor, model, summary }: ArrayDriver) => ({
  kind,
  type: `${vendor} ${model}`,
  signals: ['metrics', 'alerts'],
  stability: 'experimental',
  summary,
})
