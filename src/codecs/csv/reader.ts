/**
 * Reads CSV after RFC 4180 as its text comes in. A line may also end in a line feed or a carriage return alone; empty lines
 * are passed over. What no grammar allows, such as text behind a closing quote, is kept as text.
 */
export class CsvReader {
  #state: 'field' | 'plain' | 'quoted' | 'quote' | 'return' = 'field'
  #field = ''
  #quotedField = false
  #record: string[] = []

  /** The records that `text` completes. */
  push(text: string): string[][] {
    const records: string[][] = []
    for (let at = 0; at < text.length; ) at = this.#step(text, at, records)
    return records
  }

  /** Whether the text so far ends at the end of a line. */
  get isComplete(): boolean {
    return this.#record.length === 0 && (this.#state === 'field' || this.#state === 'return')
  }

  /** The last record, where it has no line end; undefined when there is nothing left. */
  end(): string[] | undefined {
    const records: string[][] = []
    if (!this.isComplete) this.#endRecord(records)
    return records[0]
  }

  /** Reads on from `at`, and answers where it came to. */
  #step(text: string, at: number, records: string[][]): number {
    switch (this.#state) {
      case 'return':
        this.#state = 'field'
        return text[at] === '\n' ? at + 1 : at
      case 'field':
        this.#quotedField = text[at] === '"'
        this.#state = this.#quotedField ? 'quoted' : 'plain'
        return this.#quotedField ? at + 1 : at
      case 'quote':
        this.#state = text[at] === '"' ? 'quoted' : 'plain'
        if (this.#state === 'plain') return at
        this.#field += '"'
        return at + 1
      case 'quoted': {
        const quote = indexOr(text.length, text.indexOf('"', at))
        this.#field += text.slice(at, quote)
        if (quote < text.length) this.#state = 'quote'
        return quote + 1
      }
      case 'plain':
        return this.#plain(text, at, records)
    }
  }

  #plain(text: string, at: number, records: string[][]): number {
    fieldEnd.lastIndex = at
    const end = fieldEnd.exec(text)?.index ?? text.length
    this.#field += text.slice(at, end)
    if (text[end] === ',') this.#endField()
    else if (end < text.length) this.#endRecord(records)
    if (text[end] === '\r') this.#state = 'return'
    return end + 1
  }

  #endField(): void {
    this.#record.push(this.#field)
    this.#field = ''
    this.#state = 'field'
  }

  #endRecord(records: string[][]): void {
    const isEmptyLine = this.#record.length === 0 && this.#field === '' && !this.#quotedField
    this.#endField()
    if (!isEmptyLine) records.push(this.#record)
    this.#record = []
    this.#quotedField = false
  }
}

const fieldEnd = /[,\r\n]/g

const indexOr = (otherwise: number, index: number): number => (index < 0 ? otherwise : index)
