import type { Batch } from '../../core/index.ts'
import { fieldsOf } from './fields.ts'

/** How a value from the data is written where it stands in a text; `undefined` when the record has none. */
export type Escape = (value: string | undefined, field: string) => string

const field = /\{([^{}]*)\}/g
const known = /^(?:signal|name|id|label\..+)$/

/** Why a text is no template; undefined when it is one. */
export function templateProblem(text: string): string | undefined {
  const unknown = [...text.matchAll(field)].find(([, name]) => !known.test(name!))
  if (unknown) return `${unknown[0]} is not known: use {signal}, {name}, {id} or {label.…}`
  return /[{}]/.test(text.replace(field, '')) ? 'a brace stands alone' : undefined
}

/** A text with `{signal}`, `{name}`, `{id}` and `{label.…}` in it, filled in from a record (see `RecordFields`). */
export class MessageTemplate {
  readonly #parts: readonly string[]
  readonly #escape: Escape

  constructor(text: string, write: Escape) {
    // Between texts, at every odd place, stand the names of fields.
    this.#parts = text.split(field)
    this.#escape = write
  }

  /** Whether each batch of one signal gives one text. */
  get constant(): boolean {
    return this.#parts.every((part, index) => index % 2 === 0 || part === 'signal')
  }

  fill(batch: Batch, index: number): string {
    if (this.#parts.length === 1) return this.#parts[0]!
    const fields = this.constant ? undefined : fieldsOf(batch, index)
    const given = (name: string): string | undefined => {
      if (name === 'signal') return batch.signal
      return name === 'name' || name === 'id' ? fields?.[name] : fields?.label(name.slice('label.'.length))
    }
    return this.#parts.map((part, at) => (at % 2 === 0 ? part : this.#escape(given(part), part))).join('')
  }
}
