import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { alignWindow, type Window } from '../../sdk.ts'
import { ChainValidator } from './chain-validator.ts'
import type { ExportValidator } from './export-validator.ts'
import { SetValidator } from './set-validator.ts'

const date = (text: string) => new Date(text)
const hour = alignWindow(Date.UTC(2025, 4, 19, 22), 3_600_000)

test('000-11 a set has to be there, and its window to be one of the resolution', () => {
  const validator = new SetValidator<unknown>('1h')
  validator.validate(hour, [])
  const { start, end } = hour
  const objections: [Partial<Window>, unknown, RegExp][] = [
    [hour, undefined, /^invalid set: there is none$/],
    [hour, null, /^invalid set: there is none$/],
    [{ end }, [], /has no start$/],
    [{ start: date('never'), end }, [], /has no start$/],
    [{ start }, [], /has no end$/],
    [{ start, end: date('2025-05-19T22:30:00Z') }, [], /window is 1800 s long, not 1h$/],
    [
      { start: date('2025-05-19T22:10:00Z'), end: date('2025-05-19T23:10:00Z') },
      [],
      /no window of 1h starts at 2025-05-19T22:10:00\.000Z, .* starts at 2025-05-19T22:00:00\.000Z$/,
    ],
  ]
  for (const [window, data, message] of objections) assert.throws(() => validator.validate(window as Window, data), { message })
})

test('000-11 a week begins on a Sunday', () => {
  const validator = new SetValidator<unknown>('7d')
  const week = (text: string) => ({ start: date(text), end: new Date(date(text).getTime() + 7 * 86_400_000) })
  validator.validate(week('2025-05-18T00:00:00Z'), [])
  for (const monday of ['2025-05-19T00:00:00Z', '2025-05-15T00:00:00Z'])
    assert.throws(() => validator.validate(week(monday), []), /no window of 1w/)
})

test('000-11 every window that time is cut into is let through', () => {
  fc.assert(
    fc.property(
      fc.date({ noInvalidDate: true, min: date('1900-01-01'), max: date('2200-01-01') }),
      fc.integer({ min: 1, max: 20_000_000 }),
      (at, s) => {
        new SetValidator<unknown>(s * 1000).validate(alignWindow(at.getTime(), s * 1000), [])
      },
    ),
  )
})

test('000-12 a set with nothing in it replaces nothing', () => {
  const replaces = (data: unknown) => new SetValidator<unknown>('1h').isOverwrite(data)
  assert.deepEqual([[], new Map(), { isEmpty: () => true }, undefined, null].map(replaces), [false, false, false, false, false])
  assert.deepEqual([[1], new Set([1]), { isEmpty: () => false }, {}, 0].map(replaces), [true, true, true, true, true])
  assert.equal(new SetValidator<{ rows: unknown[] }>('1h', ({ rows }) => rows.length === 0).isOverwrite({ rows: [] }), false)
})

test('000-11 000-12 of a chain the first objection counts, and all must agree to a replacement', () => {
  const link = (objection: string | undefined, isOverwrite: boolean): ExportValidator<number> => ({
    validate: () => {
      if (objection) throw new Error(objection)
    },
    isOverwrite: () => isOverwrite,
  })
  const chain = (...links: ExportValidator<number>[]) => new ChainValidator(links)
  assert.throws(() => chain(link(undefined, true), link('second', true), link('third', true)).validate(hour, 1), /^Error: second$/)
  chain(link(undefined, false)).validate(hour, 1)
  chain().validate(hour, 1)
  assert.deepEqual(
    [chain(), chain(link(undefined, true)), chain(link(undefined, true), link(undefined, false))].map((validator) =>
      validator.isOverwrite(1),
    ),
    [true, true, false],
  )
})
