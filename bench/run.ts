/** `npm run -s bench -- <name> [--json] [--runs N]`: runs bench/<name>.ts and prints its figures; without a name, the names. */
import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Bench, type Figures, measure } from './measure/comparison.ts'
import { table } from './measure/table.ts'

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -'.ts'.length))

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, runs: { type: 'string', default: '5' } },
})
const [name] = positionals
const runs = Number(values.runs)
if (!Number.isInteger(runs) || runs < 1) stop(`--runs takes a whole number from 1, not ${values.runs}`)
if (name !== undefined && !names.includes(name)) stop(`there is no bench ${name}; there are: ${names.join(', ')}`)

const print = (text: string) => process.stdout.write(`${text}\n`)
if (name === undefined) print(names.join('\n'))
else {
  const { default: bench } = (await import(`./${name}.ts`)) as { default: Bench }
  const figures: Figures[] = []
  for await (const comparison of bench()) {
    const measured = await measure(name, comparison, runs)
    figures.push(measured)
    if (values.json) print(JSON.stringify(measured))
  }
  if (!values.json) print(table(figures))
}

function stop(message: string): never {
  process.stderr.write(`bench: ${message}\n`)
  process.exit(2)
}
