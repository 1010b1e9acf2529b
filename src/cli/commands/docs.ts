import { Catalogue } from '../../agent/catalogue.ts'
import { loadFile } from '../../agent/config/load.ts'
import { suggest } from '../../agent/config/names.ts'
import { pluginPage } from '../../agent/docs/plugin-page.ts'
import { WaybillError } from '../../core/errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { print } from '../print.ts'

/** `waybill docs`: the page of each plugin of that type, those of a configuration among them. */
export async function docs(wanted: string, file: string | undefined): Promise<number> {
  const catalogue = file === undefined ? new Catalogue() : (await loadFile(file)).catalogue
  const all = await catalogue.all()
  const found = all.filter(({ kind, type }) => type === wanted || `${kind}/${type}` === wanted)
  if (found.length === 0) {
    throw new WaybillError('PLUGIN_NOT_FOUND', `there is no plugin of type ${wanted}`, {
      hint: suggest(wanted, [...new Set(all.map(({ type }) => type))]),
    })
  }
  for (const plugin of found) print(`${await pluginPage(plugin, catalogue.folder(plugin))}\n`)
  return exitCodes.ok
}
