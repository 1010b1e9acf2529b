import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createContext } from '../../core/context.ts'
import { Ledger } from '../../core/ledger.ts'
import type { RecordType } from '../../core/record-type.ts'
import { type ExportResult, ok, partial, reject, retry } from '../../core/result.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { BufferedExporter, type DiskBufferOptions } from '../buffered.ts'
import { numbers } from '../scripted.fixture.ts'
import { type Crash, FaultyFiles } from './faulty-files.fixture.ts'

/** Random seeds come from the property; how often it is tried can be raised with WAYBILL_RUNS. */
const runs = Number(process.env.WAYBILL_RUNS ?? 2000)

const records: RecordType<readonly number[]> = {
  ...numbers,
  encode: (data) => Buffer.from(data.map((n) => `${n} `.repeat(12)).join(',')),
  decode: (bytes) =>
    Buffer.from(bytes)
      .toString()
      .split(',')
      .map((text) => Number(text.split(' ')[0])),
}

type Protection = Pick<DiskBufferOptions<Date, unknown>, 'compress' | 'encryptionKey'>
type Answer = 'ok' | 'retry' | 'reject' | 'split'
type Step =
  | { readonly put: readonly number[] }
  | { readonly advanceMs: number }
  | { readonly crashIn: number; readonly crash: Crash }
  | { readonly space: number }
  | { readonly stop: true }
  | { readonly refuseLetters: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ put: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }) }) },
  { weight: 4, arbitrary: fc.record({ advanceMs: fc.constantFrom(0, 100, 1500) }) },
  { weight: 2, arbitrary: fc.record({ crashIn: fc.nat(25), crash: fc.constantFrom<Crash>('kill', 'power') }) },
  { weight: 1, arbitrary: fc.record({ space: fc.constantFrom(197_500, 199_500, 1e9) }) },
  { weight: 1, arbitrary: fc.constant({ stop: true as const }) },
  { weight: 1, arbitrary: fc.record({ refuseLetters: fc.integer({ min: 1, max: 40 }) }) },
)
const encryptionKey = 'ab'.repeat(32)
const answers = fc.array(fc.constantFrom<Answer>('ok', 'ok', 'retry', 'reject', 'split'), { maxLength: 20 })

interface Setting {
  readonly answers: readonly Answer[]
  readonly batchSize: number
  readonly concurrency: number
  readonly dropping: boolean
  readonly protection: Protection
  readonly seed: number
}

/** What happened to every record, over all the processes of a run. */
class World {
  files: FaultyFiles
  readonly acknowledged = new Set<number>()
  readonly refused = new Set<number>()
  readonly offered = new Set<number>()
  readonly delivered: number[] = []
  readonly letters: number[] = []
  /** What was handed over when a process was killed, at most. */
  duplicatesAllowed = 0
  powerCut = false
  readonly answers: Answer[]
  readonly batchSize: number
  readonly concurrency: number
  readonly dropping: boolean
  readonly protection: Protection
  /** So many dead letters are not taken. */
  refuseLetters = 0
  session!: ReturnType<World['begin']>
  #serial = 0

  constructor({ answers, batchSize, concurrency, dropping, protection, seed }: Setting) {
    this.files = new FaultyFiles(randomFrom(seed))
    this.answers = [...answers]
    this.batchSize = batchSize
    this.concurrency = concurrency
    this.dropping = dropping
    this.protection = protection
    this.session = this.begin()
  }

  begin() {
    const { files } = this
    const clock = new ManualClock()
    const account = new Ledger({ strict: true }).account('out')
    const context = createContext({ clock })
    const world = this
    const exporter = {
      name: 'out',
      async export(_time: Date, data: readonly number[]): Promise<ExportResult> {
        await undefined
        if (files.crashed) return retry(new Error('crashed'))
        return world.#answer(data)
      },
    }
    const deadLetter = {
      name: 'letters',
      async export(_time: Date, data: readonly number[]) {
        if (files.crashed || world.refuseLetters-- > 0) return retry(new Error('no room for letters'))
        world.letters.push(...data)
        return ok
      },
    }
    const { batchSize, concurrency } = this
    const bound = this.dropping ? ({ maxBytes: 2500, overflow: 'drop_oldest' } as const) : { maxBytes: 1e9 }
    const options = { type: 'disk', directory: '/b', files, records, account, deadLetter, pace: () => 100, batchSize, concurrency } as const
    const buffer = new BufferedExporter<Date, readonly number[]>(exporter, { ...options, ...bound, ...this.protection, segmentBytes: 700 })
    return { buffer, clock, context, account }
  }

  #answer(data: readonly number[]): ExportResult {
    const answer = this.answers.shift() ?? 'ok'
    if (answer === 'retry') return retry(new Error('down'))
    if (answer === 'reject') return reject(new Error('no'))
    if (answer === 'split' && data.length > 2) {
      this.delivered.push(...data.slice(1, -1))
      return partial([{ index: 0, error: new Error('no') }], [data.length - 1])
    }
    this.delivered.push(...data)
    return ok
  }

  async put(sizes: readonly number[]): Promise<void> {
    const { buffer, context } = this.session
    const { files } = this
    await Promise.all(
      sizes.map(async (size) => {
        const data = Array.from({ length: size }, () => this.#serial++)
        for (const n of data) this.offered.add(n)
        const result = await buffer.export(new Date(0), data, context)
        if (files.crashed) return
        for (const n of data) (result.status === 'ok' ? this.acknowledged : this.refused).add(n)
      }),
    )
  }

  /** The process ends here, and the next one starts on what it finds. */
  async crash(crash: Crash): Promise<void> {
    this.duplicatesAllowed += this.concurrency * (this.batchSize + 4)
    if (crash === 'power') this.powerCut = true
    this.files = this.files.after(crash)
    await this.restart()
  }

  async restart(): Promise<void> {
    this.session = this.begin()
    await this.session.buffer.start(this.session.context)
    this.session.account.check()
  }
}

test(`what is acknowledged is delivered or dead-lettered, whatever crashes, ${runs} times`, async () => {
  const protection = fc.constantFrom<Protection>({}, { compress: true }, { encryptionKey }, { compress: true, encryptionKey })
  const concurrency = fc.constantFrom(1, 4)
  const setting = fc.record({
    answers,
    batchSize: fc.constantFrom(1, 5, 20),
    concurrency,
    dropping: fc.boolean(),
    protection,
    seed: fc.nat(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), setting, async (steps, setting) => {
      const world = new World(setting)
      await world.restart()
      let crash: Crash | undefined
      for (const step of steps) {
        const { clock, context, buffer } = world.session
        if ('put' in step) await world.put(step.put)
        else if ('advanceMs' in step) await advance(clock, step.advanceMs)
        else if ('crashIn' in step) {
          crash = step.crash
          world.files.crashIn = step.crashIn
        } else if ('space' in step) world.files.space = step.space
        else if ('refuseLetters' in step) world.refuseLetters = step.refuseLetters
        else if (!world.files.crashed) {
          await Promise.all([buffer.stop({ ...context, signal: AbortSignal.abort() }), advance(clock, 2000)])
          if (!world.files.crashed) {
            // An entry of which a dead letter is still to be written is delivered again.
            if (world.session.account.pending() > 0) world.duplicatesAllowed += setting.concurrency * (setting.batchSize + 4)
            const { space } = world.files
            world.files = world.files.after('kill')
            world.files.space = Math.max(space, 205_000)
            await world.restart()
          }
        }
        if (world.files.crashed && crash) await world.crash(crash)
        if (!world.files.crashed) world.session.account.check()
      }
      world.files.crashIn = Number.POSITIVE_INFINITY
      world.files.space = Number.POSITIVE_INFINITY
      world.refuseLetters = 0
      const { buffer, clock, context, account } = world.session
      const flushed = buffer.flush(context)
      await advance(clock, 5000)
      await flushed
      const fates = [...world.delivered, ...world.letters]
      const seen = new Set(fates)
      const { pending, accepted, dropped } = account.figures()
      const lost = [...world.acknowledged].filter((n) => !seen.has(n))
      if (world.dropping) assert.ok(lost.length <= (dropped.overflow ?? 0), `${lost.length} lost, ${dropped.overflow} dropped`)
      else assert.deepEqual(lost, [], 'acknowledged and lost')
      const unanswered = world.offered.size - world.acknowledged.size - world.refused.size
      assert.ok((dropped.corrupted ?? 0) <= unanswered, `${dropped.corrupted} corrupted, ${unanswered} unanswered`)
      assert.deepEqual(
        [...seen].filter((n) => !world.offered.has(n)),
        [],
        'never offered',
      )
      const crashes = world.duplicatesAllowed > 0
      if (!crashes)
        assert.deepEqual(
          fates.filter((n) => world.refused.has(n)),
          [],
          'refused and delivered',
        )
      if (!world.powerCut) assert.ok(fates.length - seen.size <= world.duplicatesAllowed, `${fates.length - seen.size} duplicates`)
      account.check()
      assert.equal(pending, 0)
      assert.ok(accepted >= world.acknowledged.size)
    }),
    { numRuns: runs, timeout: 5000 },
  )
})

/** Moves time, and lets what needs several turns of the loop come to rest. */
async function advance(clock: ManualClock, ms: number): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await clock.advance(0)
  for (let left = ms; left > 0; left -= 100) await clock.advance(100)
}

/** Mulberry32: the same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
