import { WaybillError } from '../../sdk.ts'

/** Contents of files, by the extension that says so. */
export type Extension = 'jsonl' | 'csv' | 'parquet'

/** What differs from one file of an exporter to the next. */
export interface FileFacts {
  readonly startedMs: number
  /** The signal; of rows, with their table. */
  readonly signal: string
  /** 1 for the first file since the exporter was made. */
  readonly sequence: number
}

/** What stays the same for all files of an exporter. */
export interface ExporterFacts {
  readonly name: string
  readonly hostname: string
  readonly pid: number
}

/** For each placeholder what it becomes, and a pattern of everything that it could have become. */
const placeholders: Readonly<Record<string, { text(all: ExporterFacts & FileFacts): string; pattern(facts: ExporterFacts): string }>> = {
  timestamp: { text: ({ startedMs }) => basicIso(startedMs), pattern: () => '\\d{8}T\\d{6}Z' },
  name: { text: ({ name }) => safe(name), pattern: ({ name }) => RegExp.escape(safe(name)) },
  hostname: { text: ({ hostname }) => safe(hostname), pattern: ({ hostname }) => RegExp.escape(safe(hostname)) },
  pid: { text: ({ pid }) => String(pid), pattern: () => '\\d+' },
  signal: { text: ({ signal }) => signalText(signal), pattern: () => '(?:metrics|traces|logs|alerts|rows-\\w*)' },
  sequence: { text: ({ sequence }) => String(sequence).padStart(4, '0'), pattern: () => '\\d{4,}' },
}

const placeholder = /\{([^{}]*)\}/g

/**
 * Names of files, made from a text with placeholders. A name never leaves its directory: values are reduced to letters,
 * digits, `.`, `_` and `-`, and the text itself may hold no separator. The extension is that of the content, in place of the
 * one the template ends in.
 */
export class FilenameTemplate {
  readonly #stem: string
  readonly #facts: ExporterFacts
  readonly #made: RegExp

  /** Throws WaybillError `INVALID_OPTION` for a separator or an unknown placeholder. */
  constructor(template: string, facts: ExporterFacts) {
    const problem = templateProblem(template)
    if (problem) throw new WaybillError('INVALID_OPTION', `the file name template ${JSON.stringify(template)} ${problem}`)
    this.#stem = template.replace(/(\.(jsonl|csv|parquet))?(\.gz)?$/, '')
    this.#facts = facts
    const parts = this.#stem.split(placeholder).map((part, i) => (i % 2 === 0 ? RegExp.escape(part) : placeholders[part]!.pattern(facts)))
    this.#made = new RegExp(`^${parts.join('')}(?:-\\d+)?\\.(?:jsonl|csv|parquet)(?:\\.gz)?$`)
  }

  /** The names to try, best first: the name itself, then with -1, -2 … before its extension. */
  *names(facts: FileFacts, extension: string): Generator<string, never> {
    const all = { ...this.#facts, ...facts }
    const stem = this.#stem.replace(placeholder, (_, key: string) => placeholders[key]!.text(all))
    yield `${stem}.${extension}`
    for (let n = 1; ; n++) yield `${stem}-${n}.${extension}`
  }

  /** Whether this template, for this exporter and host, could have made that name. */
  matches(fileName: string): boolean {
    return this.#made.test(fileName)
  }
}

/** What is wrong with a template, as the end of a sentence; undefined when it can be used. */
export function templateProblem(template: string): string | undefined {
  if (template === '') return 'is empty'
  if (/[/\\\x00-\x1f]/.test(template)) return 'holds a path separator or a control character; choose the folder with the output directory'
  const unknown = [...template.matchAll(placeholder)].find(([, key]) => !Object.hasOwn(placeholders, key!))
  if (unknown) return `has the unknown placeholder ${unknown[0]}; there are {${Object.keys(placeholders).join('}, {')}}`
  return undefined
}

/** `20260802T100000Z`: sorts by time, and has no colon, which Windows refuses. */
const basicIso = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '')

const longestValue = 80

const safe = (value: string): string => value.replace(/[^\w.-]/g, '_').slice(0, longestValue)

/** A table's name has neither `-` nor `.` left, so that retention cannot take another exporter's files for its own. */
const signalText = (signal: string): string =>
  signal.replace(/(?<=^rows-).*$/s, (table) => table.replace(/\W/g, '_').slice(0, longestValue))
