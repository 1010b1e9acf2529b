import assert from 'node:assert/strict'
import { Account } from '../core/account.ts'
import { createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import type { RecordType } from '../core/record-type.ts'
import { type ExportResult, ok, partial, reject, retry } from '../core/result.ts'
import type { ContractCase } from './exporter-contract.ts'

/** Records of a buffer under examination: text, a record each, that can be written as bytes. */
export const words: RecordType<readonly string[]> = {
  count: (data) => data.length,
  slice: (data, indexes) => indexes.map((index) => data[index]!),
  bytes: (data) => data.length * 16,
  compatible: () => true,
  concat: (parts) => parts.flat(),
  encode: (data) => Buffer.from(JSON.stringify(data)),
  decode: (bytes) => JSON.parse(Buffer.from(bytes).toString()) as string[],
}

/** What a buffer is made with. */
export interface BufferSetup {
  readonly destination: EventExporter<readonly string[]>
  readonly deadLetter: EventExporter<readonly string[]>
  readonly account: Account
  readonly records: RecordType<readonly string[]>
  /** At so many records it is full. */
  readonly maxRecords?: number
  readonly batchSize?: number
}

/** Makes a buffer that waits only some milliseconds between two tries. Each has nothing in it. */
export type CreateBuffer = (setup: BufferSetup) => EventExporter<readonly string[]>

type Answer = (data: readonly string[]) => ExportResult

class Trial {
  readonly account = new Account('buffer', { strict: true })
  readonly seen: (readonly string[])[] = []
  readonly letters: (readonly string[])[] = []
  readonly answers: Answer[] = []
  /** Until then the destination takes nothing. */
  up = true
  readonly buffer: EventExporter<readonly string[]>
  readonly context = createContext()

  constructor(create: CreateBuffer, limits: Pick<BufferSetup, 'maxRecords' | 'batchSize'> = {}) {
    const { account, seen, letters, answers } = this
    const destination = exporter('destination', (data) => {
      if (!this.up) return down()
      seen.push(data)
      return answers.shift()?.(data) ?? ok
    })
    const deadLetter = exporter('letters', (data) => {
      letters.push(data)
      return ok
    })
    this.buffer = create({ destination, deadLetter, account, records: words, ...limits })
  }

  put(...data: string[]): Promise<ExportResult> {
    return this.buffer.export(new Date(0), data, this.context)
  }

  async flush(): Promise<void> {
    await this.buffer.flush?.({ ...this.context, signal: AbortSignal.timeout(10_000) })
  }
}

const exporter = (name: string, take: (data: readonly string[]) => ExportResult): EventExporter<readonly string[]> => ({
  name,
  export: async (_time, data) => take(data),
})

const down = () => retry(new Error('down'))

interface Case {
  readonly name: string
  readonly limits?: Pick<BufferSetup, 'maxRecords' | 'batchSize'>
  check(trial: Trial): Promise<void>
}

const cases: readonly Case[] = [
  {
    name: 'delivers in order what it answered ok',
    async check(trial) {
      for (const word of ['a', 'b', 'c', 'd']) assert.equal((await trial.put(word)).status, 'ok')
      await trial.flush()
      assert.deepEqual(trial.seen.flat(), ['a', 'b', 'c', 'd'])
      assert.equal(trial.account.figures().delivered, 4)
    },
  },
  {
    name: 'takes data from many at once, each once',
    async check(trial) {
      const all = Array.from({ length: 50 }, (_, n) => `word ${n}`)
      await Promise.all(all.map((word) => trial.put(word)))
      await trial.flush()
      assert.deepEqual(trial.seen.flat().toSorted(), all.toSorted())
    },
  },
  {
    name: 'keeps what gets retry, counts it as pending, and delivers it before what came later',
    async check(trial) {
      trial.answers.push(down, down)
      await trial.put('a')
      await trial.put('b')
      await trial.flush()
      assert.deepEqual(trial.seen.flat(), ['a', 'a', 'a', 'b'])
      assert.equal(trial.account.pending(), 0)
    },
  },
  {
    name: 'puts together what waits, up to the size of a batch',
    limits: { batchSize: 3 },
    async check(trial) {
      trial.up = false
      for (const word of ['a', 'b', 'c', 'd', 'e']) await trial.put(word)
      trial.up = true
      await trial.flush()
      assert.ok(trial.seen.every(({ length }) => length <= 3))
      assert.deepEqual(trial.seen.flat(), ['a', 'b', 'c', 'd', 'e'])
      assert.ok(trial.seen.some(({ length }) => length > 1))
    },
  },
  {
    name: 'of a partial result dead-letters the rejected and sends only the rest again',
    async check(trial) {
      trial.answers.push(() => partial([{ index: 0, error: new Error('no') }], [2]))
      await trial.put('a', 'b', 'c')
      await trial.flush()
      assert.deepEqual([trial.seen, trial.letters], [[['a', 'b', 'c'], ['c']], [['a']]])
      const { delivered, deadLettered } = trial.account.figures()
      assert.deepEqual([delivered, deadLettered], [2, 1])
    },
  },
  {
    name: 'dead-letters what is rejected, and goes on',
    async check(trial) {
      trial.answers.push(() => reject(new Error('no')))
      await trial.put('a')
      await trial.put('b')
      await trial.flush()
      assert.deepEqual([trial.letters, trial.account.figures().delivered], [[['a']], 1])
    },
  },
  {
    name: 'refuses when it is full, counts that, and takes more once there is room',
    limits: { maxRecords: 2 },
    async check(trial) {
      trial.up = false
      await trial.put('a', 'b')
      assert.equal((await trial.put('c')).status, 'retry')
      trial.up = true
      await trial.flush()
      assert.equal((await trial.put('d')).status, 'ok')
      await trial.flush()
      const { accepted, delivered, refused } = trial.account.figures()
      assert.deepEqual([accepted, delivered, refused], [3, 3, 1])
    },
  },
  {
    name: 'delivers what it holds when it is stopped, and takes nothing more',
    async check(trial) {
      for (const word of ['a', 'b', 'c']) await trial.put(word)
      await trial.buffer.stop?.(trial.context)
      assert.deepEqual(trial.seen.flat(), ['a', 'b', 'c'])
      assert.equal((await trial.put('d')).status, 'retry')
      await trial.buffer.stop?.(trial.context)
    },
  },
  {
    name: 'is ok with nothing, which reaches nobody',
    async check(trial) {
      assert.equal((await trial.put()).status, 'ok')
      await trial.flush()
      assert.deepEqual(trial.seen, [])
    },
  },
]

/** What every buffer must keep to, wherever it keeps what waits: `for (const c of bufferContract(create)) test(c.name, c.run)`. */
export function bufferContract(create: CreateBuffer): readonly ContractCase[] {
  return cases.map(({ name, limits, check }) => ({
    name,
    async run() {
      const trial = new Trial(create, limits)
      await trial.buffer.start?.(trial.context)
      try {
        await check(trial)
        trial.account.check()
      } finally {
        await trial.buffer.stop?.({ ...trial.context, signal: AbortSignal.timeout(1000) })
      }
    },
  }))
}
