import { type Context, createContext } from '../core/context.ts'
import { formatDuration } from '../core/duration.ts'
import { WaybillError } from '../core/errors.ts'
import { toError } from '../core/result.ts'
import type { Diagnostic, DiagnosticDetails, DiagnosticResult, DiagnosticRunner } from './diagnostic.ts'
import { uuidV7 } from './uuid-v7.ts'

interface Registered extends Diagnostic {
  readonly runner: DiagnosticRunner
}

const atOnce = 5
const timeLimitMs = 5000

/**
 * Runs diagnostics, five at a time, each for at most five seconds: then its signal aborts and it is not waited for any longer.
 * A run always gives a result for each, with its error where it throws, hangs or finds what JSON cannot say.
 */
export class DiagnosticService {
  readonly #registered = new Map<string, Registered>()

  /** Throws WaybillError `DUPLICATE_NAME` when the category has one of that name. */
  register(name: string, description: string, category: string, runner: DiagnosticRunner): void {
    const key = keyOf(category, name)
    if (this.#registered.has(key))
      throw new WaybillError('DUPLICATE_NAME', `there is a diagnostic ${name} in the category ${category} already`, {
        hint: 'choose another name, or unregister it first',
      })
    this.#registered.set(key, { name, description, category, runner })
  }

  /** Whether it was there. */
  unregister(name: string, category: string): boolean {
    return this.#registered.delete(keyOf(category, name))
  }

  /** Those registered, in order. */
  diagnostics(): readonly Diagnostic[] {
    return [...this.#registered.values()].map(({ name, description, category }) => ({ name, description, category }))
  }

  /** How many are registered. */
  total(): number {
    return this.#registered.size
  }

  /** Runs all; results in the order in which they were registered. Never rejects. */
  run(context: Context = createContext()): Promise<readonly DiagnosticResult[]> {
    return runAll([...this.#registered.values()], context)
  }

  /** Runs those of a category. */
  runCategory(category: string, context: Context = createContext()): Promise<readonly DiagnosticResult[]> {
    return runAll(
      [...this.#registered.values()].filter((registered) => registered.category === category),
      context,
    )
  }

  /** Runs one; undefined when it is not registered. */
  async runDiagnostic(category: string, name: string, context: Context = createContext()): Promise<DiagnosticResult | undefined> {
    const registered = this.#registered.get(keyOf(category, name))
    return registered && runOne(registered, context)
  }
}

const keyOf = (category: string, name: string): string => JSON.stringify([category, name])

async function runAll(all: readonly Registered[], context: Context): Promise<readonly DiagnosticResult[]> {
  const results: DiagnosticResult[] = []
  const todo = all.entries()
  const work = async () => {
    for (const [index, registered] of todo) results[index] = await runOne(registered, context)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return results
}

async function runOne({ runner, name, description, category }: Registered, context: Context): Promise<DiagnosticResult> {
  const found = await attempt(runner, context)
  const nowMs = context.clock.now()
  return {
    id: uuidV7(nowMs, () => context.random()),
    name,
    description,
    category,
    timestamp: new Date(nowMs).toISOString(),
    ...found,
  }
}

async function attempt(runner: DiagnosticRunner, context: Context): Promise<Pick<DiagnosticResult, 'error' | 'details'>> {
  const limit = new AbortController()
  const done = new AbortController()
  void context.clock.sleep(timeLimitMs, done.signal).then(() => {
    if (!done.signal.aborted) limit.abort(new Error(`it did not answer within ${formatDuration(timeLimitMs)}`))
  })
  try {
    const details = asJson(await orAbortedError(runner, { ...context, signal: AbortSignal.any([context.signal, limit.signal]) }))
    return details && Object.keys(details).length > 0 ? { details } : {}
  } catch (thrown) {
    return { error: toError(thrown).message || 'it failed without saying why' }
  } finally {
    done.abort()
  }
}

/** What the runner gives; rejects with the reason when its signal aborts first. */
function orAbortedError(runner: DiagnosticRunner, context: Context): Promise<DiagnosticDetails | undefined> {
  const { signal } = context
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    Promise.resolve(runner(context)).then(resolve, reject)
  })
}

/** As it will be read: so that what is found later to be no JSON does not cost the whole report. */
const asJson = (details: DiagnosticDetails | undefined): DiagnosticDetails | undefined =>
  details && (JSON.parse(JSON.stringify(details)) as DiagnosticDetails)
