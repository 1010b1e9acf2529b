import { queries } from '../../kusto/queries.ts'
import { exitCodes } from '../exit-codes.ts'
import { print } from '../print.ts'

/** `waybill kusto queries`: each with its title as a comment. */
export function kustoQueries(): number {
  print(queries.map(({ title, kql }) => `// ${title}\n${kql}\n`).join('\n'))
  return exitCodes.ok
}
