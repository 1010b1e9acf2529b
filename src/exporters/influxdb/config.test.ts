import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { config, versionOf } from './config.ts'
import { InfluxDBExporter, type InfluxDBExporterOptions } from './influxdb.ts'

const password = 'secret-value'
const token = 'secret-value'

test('002-10: the address has a default, the database has none', () => {
  const { url, version, compression, timeout } = config.parse({ database: 'cubestat' })
  assert.deepEqual([url, version, compression, timeout], ['http://localhost:8086', undefined, 'gzip', 30_000])
  assert.throws(() => new InfluxDBExporter({}), { code: 'INVALID_OPTION', message: /is required for InfluxDB 1\s+→ at database/ })
})

test('what is given tells the version, unless it is said', () => {
  for (const [given, version] of [
    [{ database: 'a' }, 1],
    [{ database: 'a', username: 'me', password }, 1],
    [{ org: 'o', bucket: 'b', token }, 2],
    [{ database: 'a', token }, 3],
    [{ database: 'a', version: 3 }, 3],
  ] as const)
    assert.equal(versionOf(config.parse(given)), version)
})

test('I8: options that make no sense are refused, with what is wrong and without a secret', () => {
  const refused: [options: Record<string, unknown>, told: RegExp][] = [
    [{ database: 'a', username: 'me' }, /is required with a user name\s+→ at password/],
    [{ database: 'a', password }, /is required with a password\s+→ at username/],
    [{ database: 'a', username: 'a:b', password }, /no colon/],
    [{ bucket: 'b', token }, /is required for InfluxDB 2\s+→ at org/],
    [{ org: 'o', bucket: 'b' }, /is required for InfluxDB 2\s+→ at token/],
    [{ org: 'o', bucket: 'b', token, database: 'a' }, /is no option of InfluxDB 2\s+→ at database/],
    [{ database: 'a', token, retentionPolicy: 'week' }, /is no option of InfluxDB 3\s+→ at retentionPolicy/],
    [{ database: 'a', token, createDatabase: true }, /is no option of InfluxDB 3\s+→ at createDatabase/],
    [{ database: 'a', org: 'o' }, /is no option of InfluxDB 1\s+→ at org/],
    [{ database: 'a', url: 'http://me:secret-value@example.com' }, /give them as username and password/],
    [{ database: 'a', url: 'http://example.com/?db=a' }, /sets the query/],
    [{ database: 'a', url: 'localhost:8086' }, /not an address that begins with http/],
    [{ database: 'a', username: 'me', password, headers: { authorization: password } }, /is set by auth/],
    [{ database: 'a', token: 'secret-välue\u2713' }, /character that no header can/],
    [{ database: 'a', version: 4 }, /version/],
    [{ database: 'a', compression: 'zstd' }, /compression/],
    [{ database: 'a', measurment: 'b' }, /measurment/],
  ]
  for (const [options, told] of refused)
    assert.throws(
      () => new InfluxDBExporter(options as InfluxDBExporterOptions),
      (error: Error) => {
        assert.equal((error as Error & { code: string }).code, 'INVALID_OPTION')
        assert.match(error.message, told)
        assert.doesNotMatch(inspect(error), /secret-v/)
        return true
      },
      JSON.stringify(options),
    )
})
