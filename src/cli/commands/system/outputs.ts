import type { OutputName, SystemOptions } from './options.ts'
import { checkNeeds, flagOf, usage } from './usage.ts'

/** Where samples go. */
export interface Outputs {
  readonly names: ReadonlySet<OutputName>
  /** The paths of the outputs that are files. */
  readonly files: ReadonlyMap<OutputName, string>
  /** Whether CSV goes to standard output, in place of a file. */
  readonly stdout: boolean
}

const standardOutput = '-'

/** What was chosen or else is the default. Throws WaybillError `INVALID_OPTION` for a choice that makes no sense. */
export function outputsOf(options: SystemOptions, stdoutIsTerminal: boolean): Outputs {
  const names = chosen(options, stdoutIsTerminal)
  checkNeeds(options, names)
  if (options.outputFile && !options.output) throw usage('--output-file is for --output csv or json, which is not given')
  const files = filesOf(names, options)
  const stdout = files.get('csv') === standardOutput
  if (stdout) files.delete('csv')

  if (names.has('terminal') && !stdoutIsTerminal) throw usage('standard output is not a terminal', 'choose another --output')
  if (names.has('terminal') && stdout) throw usage('standard output cannot have the terminal view and CSV at once', 'give the CSV a file')
  if (stdout && options.csvFormat === 'wide')
    throw usage('--csv-format wide needs a file', 'columns come and go, and a header that is printed cannot change')
  if (stdout && options.appendOutput && files.size === 0) throw usage('--append-output needs a file')
  return { names, files, stdout }
}

function chosen({ csv, output, prometheusPort, httpPort }: SystemOptions, stdoutIsTerminal: boolean): ReadonlySet<OutputName> {
  if (csv) return new Set(['csv'])
  const asked = new Set<OutputName>(output)
  if (prometheusPort !== undefined) asked.add('prometheus')
  if (output) return asked
  if (stdoutIsTerminal) return asked.add('terminal')
  return asked.size > 0 || httpPort !== undefined ? asked : asked.add('csv')
}

/** Each file output takes its turn of `--output-file`, in the order of the outputs; without one it has the path of its own. */
function filesOf(names: ReadonlySet<OutputName>, { output, outputFile = [] }: SystemOptions): Map<OutputName, string> {
  const types = [...names].filter((name) => name === 'csv' || name === 'json')
  if (outputFile.length > types.length)
    throw usage(`${flagOf('outputFile')} is given more often than there are files: ${outputFile.join()}`)
  const files = new Map<OutputName, string>()
  for (const [index, type] of types.entries()) files.set(type, outputFile[index] ?? (output ? `cubestat.${type}` : standardOutput))
  const [first, second] = [...files.values()]
  if (files.get('json') === standardOutput) throw usage('JSON needs a file', 'standard output is for --output csv')
  if (first !== undefined && first === second) throw usage(`csv and json would both go to ${first}`, 'give each its own --output-file')
  if (outputFile.includes('')) throw usage(`${flagOf('outputFile')} is empty`)
  return files
}
