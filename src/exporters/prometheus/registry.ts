/** The part of a registry of prom-client that is needed to expose its metrics too. */
export interface Registry {
  /** Of what `metrics` gives: the text format, or OpenMetrics. */
  readonly contentType: string
  metrics(): Promise<string>
}

const end = '# EOF\n'

/**
 * One exposition out of ours and that of a registry, in the same format. No family may come twice: of the registry those are left out
 * that stand in ours.
 */
export async function withRegistry(ours: Uint8Array, registry: Registry): Promise<Uint8Array> {
  const text = Buffer.from(ours).toString()
  const names = new Set(Array.from(text.matchAll(/^# TYPE (\S+)/gm), ([, name]) => name))
  const theirs = familiesOf(await registry.metrics()).filter(({ name }) => !names.has(name))
  const whole = text.endsWith(end)
  return Buffer.from(`${whole ? text.slice(0, -end.length) : text}${theirs.map(({ lines }) => lines).join('')}${whole ? end : ''}`)
}

/** Each family with its lines. A family begins with the first comment that has its name. */
function familiesOf(text: string): readonly { readonly name: string; readonly lines: string }[] {
  const families: { name: string; lines: string }[] = []
  for (const line of text.split('\n')) {
    if (line === '' || line === '# EOF') continue
    const name = /^# (?:HELP|TYPE|UNIT) (\S+)/.exec(line)?.[1]
    const last = families.at(-1)
    if (!last || (name !== undefined && name !== last.name)) families.push({ name: name ?? '', lines: `${line}\n` })
    else last.lines += `${line}\n`
  }
  return families
}
