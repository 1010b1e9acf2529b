import { Catalogue } from '../../agent/catalogue.ts'
import { loadFile } from '../../agent/config/load.ts'
import { exitCodes } from '../exit-codes.ts'
import { print } from '../print.ts'
import { textTable } from '../text-table.ts'

/** `waybill plugins`: what there is, with signals and stability. */
export async function plugins(file: string | undefined, { json }: { readonly json?: boolean }): Promise<number> {
  const catalogue = file === undefined ? new Catalogue() : (await loadFile(file)).catalogue
  const all = (await catalogue.all()).map(({ kind, type, signals, stability, summary }) => ({ kind, type, signals, stability, summary }))
  const rows = all.map(({ kind, type, signals, stability, summary }) => [kind, type, signals.join(' '), stability, summary])
  const titles = ['kind', 'type', 'signals', 'stability', ''].map((title) => ({ title }))
  print(json ? `${JSON.stringify(all, null, 2)}\n` : `${textTable(titles, rows).join('\n')}\n`)
  return exitCodes.ok
}
