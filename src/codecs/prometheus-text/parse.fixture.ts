/** A small reader of both text formats, written from their grammars and not from the encoder. Throws an Error for what is not of them. */
export interface ReadFamily {
  type?: string
  help?: string
  unit?: string
  readonly samples: ReadSample[]
}

export interface ReadSample {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  readonly value: number
}

const suffixes = ['', '_total', '_bucket', '_count', '_sum', '_created']

export function parse(text: string, format: 'text' | 'openmetrics'): ReadonlyMap<string, ReadFamily> {
  const families = new Map<string, ReadFamily>()
  let current = ''
  if (text === '' && format === 'text') return families
  if (!text.endsWith('\n')) throw new Error('no line end at the end')
  const lines = text.slice(0, -1).split('\n')
  if (format === 'openmetrics' && lines.pop() !== '# EOF') throw new Error('no # EOF at the end')
  for (const line of lines) {
    const comment = /^# (HELP|TYPE|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/s.exec(line)
    if (comment) {
      const [, what, name = '', rest = ''] = comment
      if (name !== current && families.has(name)) throw new Error(`${name} comes twice`)
      current = name
      const family = families.get(name) ?? { samples: [] }
      families.set(name, family)
      const field = what === 'HELP' ? 'help' : what === 'TYPE' ? 'type' : 'unit'
      if (family[field] !== undefined) throw new Error(`${what} of ${name} comes twice`)
      family[field] = field === 'help' ? unescaped(rest, format === 'text' ? 'n\\' : 'n\\"') : rest
    } else {
      const sample = parseSample(line)
      if (!suffixes.some((suffix) => sample.name === current + suffix)) throw new Error(`${line} is not of ${current}`)
      families.get(current)!.samples.push(sample)
    }
  }
  return families
}

function parseSample(line: string): ReadSample {
  const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0] ?? ''
  const labels = new Map<string, string>()
  let at = name.length
  if (line[at] === '{') {
    at++
    for (; line[at] !== '}'; at += line[at] === ',' ? 1 : 0) {
      const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/y
      label.lastIndex = at
      const [all, key, value] = label.exec(line) ?? []
      if (all === undefined || labels.has(key!)) throw new Error(`labels at ${at} of ${line}`)
      labels.set(key!, unescaped(value!, 'n\\"'))
      at += all.length
    }
    at++
  }
  const [, value] = /^ (\S+)(?: # \{.*\} \S+(?: \S+)?)?$/s.exec(line.slice(at)) ?? []
  if (value === undefined || name === '') throw new Error(`no sample: ${line}`)
  return { name, labels, value: parseValue(value) }
}

function parseValue(text: string): number {
  if (text === 'NaN') return Number.NaN
  if (/^[+-]Inf$/.test(text)) return text === '+Inf' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text)) throw new Error(`no number: ${text}`)
  return Number(text)
}

const unescaped = (text: string, known: string): string =>
  text.replace(/\\(.)/gs, (_, character: string) => {
    if (!known.includes(character)) throw new Error(`unknown escape: \\${character}`)
    return character === 'n' ? '\n' : character
  })
