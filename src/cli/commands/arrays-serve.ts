import { extname, resolve } from 'node:path'
import { type LoadedConfig, loadFile, loadText, loadValue, readConfig } from '../../agent/config/load.ts'
import { readDelfinConf } from '../../arrays/delfin-conf.ts'
import { type RunOptions, runAgent } from './run.ts'
import { textIn } from './text-in.ts'

export interface ArraysServeOptions extends RunOptions {
  /** waybill.yaml, or a delfin.conf. */
  readonly config?: string
  readonly listen?: string
  readonly tokenFile?: string
}

type Settings = Readonly<Record<string, unknown>>

/** `waybill arrays serve`: the agent with storage arrays, until a signal. */
export async function serve({ config: path, listen, tokenFile, ...options }: ArraysServeOptions): Promise<number> {
  const given: Settings = {
    ...(listen !== undefined && { listen }),
    ...(tokenFile !== undefined && { token: textIn(tokenFile, '--token-file') }),
  }
  const config = await load(path, given, tellOnTerminal)
  return runAgent({ config, ...(path !== undefined && { load: () => load(path, given) }) }, options)
}

const tellOnTerminal = (note: string) => void process.stderr.write(`${note}\n`)

/** `given` is set in place of what the file says. */
async function load(path: string | undefined, given: Settings, tell?: (note: string) => void): Promise<LoadedConfig> {
  const amend = (value: unknown) => {
    const { arrays, ...rest } = value as { readonly arrays?: Settings | null }
    return { ...rest, arrays: { ...arrays, ...given } }
  }
  if (path === undefined) return loadText('arrays: {}', { path: 'the default configuration', amend })
  if (/^\.(ya?ml|json)$/i.test(extname(path))) return loadFile(path, { amend })
  const { arrays, plugins, notes } = readDelfinConf(readConfig(path), path)
  if (tell) for (const note of notes) tell(note)
  return loadValue({ plugins, arrays }, { path: resolve(path), amend })
}
