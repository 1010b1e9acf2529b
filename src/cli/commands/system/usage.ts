import { readFileSync } from 'node:fs'
import { WaybillError } from '../../../core/errors.ts'
import { toError } from '../../../core/result.ts'
import type { OutputName, SystemOptions } from './options.ts'

/** A mistake in what was given on the command line. */
export const usage = (message: string, hint?: string): WaybillError =>
  new WaybillError('INVALID_OPTION', message, { ...(hint && { hint }) })

/** `influxdbUrl` is `--influxdb-url`. */
export const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

/** What excludes what. */
const apart: Readonly<Record<string, readonly string[]>> = {
  csv: ['httpPort', 'prometheusPort', 'output', 'replay'],
  replay: ['output', 'httpPort'],
  influxdbPass: ['influxdbPassFile'],
  influxdbToken: ['influxdbTokenFile'],
}

/** Throws WaybillError `INVALID_OPTION` for options that cannot be used together. */
export function checkApart({ given }: SystemOptions): void {
  for (const [name, others] of Object.entries(apart)) {
    const other = given.has(name) && others.find((other) => given.has(other))
    if (other) throw usage(`${flagOf(name)} and ${flagOf(other)} cannot be used together`)
  }
}

/** What is of use only beside something else. */
const needs: readonly { readonly options: RegExp; readonly one: readonly OutputName[] }[] = [
  { options: /^influxdb/, one: ['influxdb'] },
  { options: /^prometheus/, one: ['prometheus'] },
  { options: /^(outputFile|appendOutput)$/, one: ['csv', 'json'] },
  { options: /^csvFormat$/, one: ['csv'] },
]

/** Throws WaybillError `INVALID_OPTION` for an option of an output that is not there: it would go unheard. */
export function checkNeeds({ given }: SystemOptions, outputs: ReadonlySet<OutputName>): void {
  for (const { options, one } of needs) {
    const unheard = [...given].find((name) => options.test(name))
    if (unheard === undefined || one.some((output) => outputs.has(output))) continue
    throw usage(`${flagOf(unheard)} is for --output ${one.join(' or ')}, which is not given`)
  }
  for (const [name, other] of [
    ['httpHost', 'httpPort'],
    ['speed', 'replay'],
  ] as const)
    if (given.has(name) && !given.has(other)) throw usage(`${flagOf(name)} is for ${flagOf(other)}, which is not given`)
}

/** What a file with a secret holds, without the end of its line. Throws WaybillError `INVALID_OPTION`. */
export function readSecret(name: string, path: string): string {
  const mistake = (what: string) => usage(`${flagOf(name)}: ${path} ${what}`)
  let text: string
  try {
    text = readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (thrown) {
    throw mistake(`cannot be read (${(toError(thrown) as NodeJS.ErrnoException).code})`)
  }
  if (text === '') throw mistake('is empty')
  return text
}
