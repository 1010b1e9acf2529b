/** What it costs an application to profile itself, beside a call of a function that does nothing. README.md tells how it is measured. */
import { createContext } from '../src/core/index.ts'
import { type MessageRecord, Profiler } from '../src/profiling/profiler.ts'
import type { Comparison } from './measure/comparison.ts'

const count = 1_000_000

/** Random for the sampler and the ids, and the same in every run. */
function repeatable(): () => number {
  let state = 1
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** A microsecond to a second. */
const messages: readonly MessageRecord[] = Array.from({ length: 1000 }, (_, n) => ({
  durationNs: Math.round(1000 * 1_000_000 ** (n / 1000)),
  hasEmoji: n % 4 === 0,
  fields: n % 8,
  error: n % 50 === 0,
}))

const nothing = (_message?: MessageRecord): void => {}

export default function* (): Generator<Comparison> {
  yield recording('recordMessage', {})
  yield recording('recordMessage, window of 5 min', { window: '5m' })
  for (const sampleRate of [0, 0.01, 1]) yield tracing(sampleRate)
}

function recording(name: string, options: { readonly window?: string }): Comparison {
  const profiler = new Profiler(options)
  return {
    case: name,
    alternative: 'empty function',
    unit: 'calls',
    count,
    ours: () => {
      for (let call = 0; call < count; call++) profiler.recordMessage(messages[call % messages.length]!)
    },
    theirs: () => {
      for (let call = 0; call < count; call++) nothing(messages[call % messages.length])
    },
  }
}

/** There is room for all spans, so that none is cheap by being dropped. */
function tracing(sampleRate: number): Comparison {
  const traced = sampleRate < 1 ? count : count / 20
  const profiler = new Profiler({ sampleRate, maxSpans: count, context: createContext({ random: repeatable() }) })
  return {
    case: `trace, ${100 * sampleRate} % sampled`,
    alternative: 'empty function',
    unit: 'calls',
    count: traced,
    prepare: () => void profiler.takeSpans(),
    ours: () => {
      for (let call = 0; call < traced; call++) profiler.trace('nothing', nothing)
    },
    theirs: () => {
      for (let call = 0; call < traced; call++) nothing()
    },
  }
}
