import { Catalogue } from '../../agent/catalogue.ts'
import { suggest } from '../../agent/config/names.ts'
import { pluginPage } from '../../agent/docs/plugin-page.ts'
import { WaybillError } from '../../core/errors.ts'
import { exitCodes } from '../exit-codes.ts'

/** `waybill docs`: the page of each plugin of that type. */
export async function docs(wanted: string): Promise<number> {
  const catalogue = new Catalogue()
  const all = await catalogue.all()
  const found = all.filter(({ kind, type }) => type === wanted || `${kind}/${type}` === wanted)
  if (found.length === 0) {
    throw new WaybillError('PLUGIN_NOT_FOUND', `there is no plugin of type ${wanted}`, {
      hint: suggest(wanted, [...new Set(all.map(({ type }) => type))]),
    })
  }
  for (const plugin of found) process.stdout.write(`${await pluginPage(plugin, catalogue.folder(plugin))}\n`)
  return exitCodes.ok
}
