import { type LoadedConfig, loadText } from '../../src/agent/config/load.ts'

export interface Checked {
  /** Absent when it has errors. */
  readonly config?: LoadedConfig
  readonly problems: readonly string[]
}

/** Checks a configuration as it will be mounted: every variable is set, and of files there are only `files`, with stand-ins in them. */
export async function checkConfiguration(text: string, path: string, files: readonly string[]): Promise<Checked> {
  const readFile = (wanted: string) => {
    if (files.includes(wanted)) return 'a-value'
    throw Object.assign(new Error(`${wanted} is not mounted`), { code: 'ENOENT' })
  }
  try {
    const env = new Proxy({}, { get: () => 'a-value', has: () => true })
    return { config: await loadText(text, { path, lookup: { env, readFile } }), problems: [] }
  } catch (thrown) {
    return { problems: (thrown as Error).message.split('\n') }
  }
}
