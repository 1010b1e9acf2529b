import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { targetOf } from './connection-string.ts'
import { booleanOf, integerOf, realOf, textOf, timeOfMs, timeOfNs } from './values.ts'

const firstMs = Date.UTC(2000, 0) - 2000 * 365.2425 * 86_400_000 + 2 * 86_400_000
const lastMs = Date.UTC(9999, 11, 31)

test('times sort as text as they do as numbers, and are exact', () => {
  const micros = fc.bigInt({ min: BigInt(firstMs) * 1000n, max: BigInt(lastMs) * 1000n })
  fc.assert(
    fc.property(micros, micros, (a, b) => {
      const [first, second] = [timeOfNs(a * 1000n), timeOfNs(b * 1000n)]
      assert.equal(first.length, 30)
      assert.equal(first < second, a < b)
      assert.equal(BigInt(Date.parse(first)) * 1000n + BigInt(first.slice(23, 26)), a)
    }),
  )
  const ms = fc.integer({ min: 0, max: lastMs })
  fc.assert(
    fc.property(ms, fc.nat(999), (ms, micros) => {
      // Up to the year 2109 a double tells microseconds apart.
      const whole = ms % 2 ** 42
      const text = timeOfMs(whole + micros / 1000)
      assert.equal(text, `${new Date(whole).toISOString().slice(0, 23)}${String(micros).padStart(3, '0')}Z`)
    }),
  )
})

test('what is no time in the years 0 to 9999 is refused', () => {
  for (const ms of [Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1, lastMs + 86_400_000, -62_167_219_200_001]) {
    assert.throws(() => timeOfMs(ms), RangeError, String(ms))
    if (Number.isFinite(ms)) assert.throws(() => timeOfNs(BigInt(ms) * 1_000_000n), RangeError, String(ms))
  }
  assert.equal(timeOfMs(-62_167_219_200_000), '0000-01-01T00:00:00.000000Z')
  assert.equal(timeOfNs(-1n), '1969-12-31T23:59:59.999999999Z')
})

test('values are of their kind or refused', () => {
  const kinds = {
    integer: { of: integerOf, good: [0, -5, 2n ** 63n - 1n, -(2n ** 63n)], bad: [0.5, 2 ** 53, 2n ** 63n, '1', true, {}] },
    real: { of: realOf, good: [0.5, -1e308, Number.POSITIVE_INFINITY], bad: ['1', true, {}] },
    text: { of: textOf, good: ['', 'a\0b'], bad: [1, true, {}] },
  }
  for (const [name, { of, good, bad }] of Object.entries(kinds)) {
    for (const value of good) assert.equal(of(value), value, name)
    for (const value of bad) assert.throws(() => of(value), /is no|neither/, `${name} ${String(value)}`)
  }
  assert.deepEqual([booleanOf(true), booleanOf(false), realOf(Number.NaN), realOf(3n)], [1, 0, null, 3])
  assert.throws(() => booleanOf(1), TypeError)
})

test('a connection string leads to a file or a server, or the reason never repeats it', () => {
  const sqlite = (path: string) => ({ dialect: 'sqlite', path })
  assert.deepEqual(targetOf('sqlite:a.db'), sqlite('a.db'))
  assert.deepEqual(targetOf('SQLite:/var/a.db'), sqlite('/var/a.db'))
  assert.deepEqual(targetOf('sqlite::memory:'), sqlite(':memory:'))
  const plain = { dialect: 'postgresql', host: 'localhost', port: 5432, database: 'monitoring', user: 'user', password: 'pass' }
  const silent = { tls: undefined, options: undefined }
  assert.deepEqual(targetOf('postgresql://user:pass@localhost/monitoring'), { ...plain, ...silent })
  assert.deepEqual(targetOf('postgres://u%40x:p%2F%20w@[::1]:6000/a%20b?sslmode=verify-full&options=-c%20search_path%3Dx'), {
    ...{ dialect: 'postgresql', host: '::1', port: 6000, database: 'a b', user: 'u@x', password: 'p/ w' },
    ...{ tls: true, options: '-c search_path=x' },
  })
  assert.deepEqual(targetOf('postgresql:///?host=/run/postgresql&sslmode=disable'), {
    ...{ dialect: 'postgresql', host: '/run/postgresql', port: 5432, database: 'postgres', user: 'postgres', password: undefined },
    ...{ tls: false, options: undefined },
  })
  const wrong = ['pw-a.db', '', 'mysql://me:pw@host/db', 'sqlite:', 'sqlite://pw/a.db', 'sqlite:pw\0']
  const wrongServer = ['postgresql://me:pw/@host:x/db', 'postgresql://h/d?sslmode=prefer', 'postgresql://h/d?pw=1', 'postgresql://h/%zzpw']
  for (const text of [...wrong, ...wrongServer]) {
    const problem = targetOf(text)
    assert.ok(typeof problem === 'string' && /supported|none of/.test(problem) && !/\bpw\b/.test(problem), text)
  }
})
