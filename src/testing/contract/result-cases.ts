/** What an answer may look like. */
import assert from 'node:assert/strict'
import { type ExportResult, rejectedCount } from '../../core/result.ts'
import type { Case, Trial } from './trial.ts'

export const resultCases: readonly Case[] = [
  {
    name: 'has a name',
    async check({ setup: { exporter } }) {
      assert.equal(typeof exporter.name, 'string', 'the name is not a string')
      assert.notEqual(exporter.name.trim(), '', 'the name is empty')
    },
  },
  {
    name: 'answers with plain data and a known status',
    async check(trial) {
      for (const { result } of await answers(trial)) checkShape(result)
    },
  },
  {
    name: 'names records of a partial result by indexes in range, each once',
    async check(trial) {
      for (const { result, count } of await answers(trial)) checkIndexes(result, count)
    },
  },
]

/** Its answers in every situation that the setup can bring about. */
async function answers<Time, T>(trial: Trial<Time, T>): Promise<{ result: ExportResult; count: number }[]> {
  const { setup } = trial
  const seen: { result: ExportResult; count: number }[] = []
  const ask = async (tag: string, signal?: AbortSignal) => {
    const data = setup.batch(10, tag)
    seen.push({ result: await trial.export(data, signal && { signal }), count: setup.identify(data).length })
  }
  await trial.start()
  await ask('usual')
  await ask('aborted', AbortSignal.abort())
  await setup.refuseSome?.()
  await ask('refused')
  await setup.breakDestination?.()
  await ask('broken')
  await trial.stop()
  await ask('stopped')
  return seen
}

function checkShape(result: ExportResult): void {
  assert.ok(typeof result === 'object' && result !== null, `the answer is ${result}, not an object`)
  const prototype = Object.getPrototypeOf(result)
  assert.ok(prototype === Object.prototype || prototype === null, 'the answer is an instance of a class')
  switch (result.status) {
    case 'ok':
      break
    case 'retry':
      checkError(result.error)
      assert.ok(result.afterMs === undefined || (Number.isFinite(result.afterMs) && result.afterMs >= 0), `afterMs is ${result.afterMs}`)
      assert.ok([undefined, 'batch', 'destination'].includes(result.scope), `the scope is ${result.scope}`)
      break
    case 'reject':
    case 'too-large':
      checkError(result.error)
      break
    case 'partial':
      for (const rejection of result.rejected) checkError(rejection.error)
      break
    default:
      assert.fail(`there is no status ${(result as { status: unknown }).status}`)
  }
  for (const child of Object.values(result.children ?? {})) checkShape(child)
}

function checkError(error: unknown): void {
  assert.ok(Error.isError(error), `an error is ${String(error)}, not an Error`)
  assert.notEqual(error.message, '', 'an error has no message')
}

function checkIndexes(result: ExportResult, count: number): void {
  if (result.status !== 'partial') return
  const named = [...result.rejected.flatMap((rejection) => ('index' in rejection ? [rejection.index] : [])), ...result.retry]
  for (const index of named)
    assert.ok(Number.isInteger(index) && index >= 0 && index < count, `index ${index} is not in a batch of ${count} records`)
  assert.equal(new Set(named).size, named.length, `a record is named twice: ${named.join(', ')}`)
  const total = rejectedCount(result.rejected) + result.retry.length
  assert.ok(total <= count, `${total} records are spoken of in a batch of ${count}`)
}
