import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acceptsGzip, negotiateFormat } from './negotiate.ts'

test('OpenMetrics is for those who ask for it, and prefer it', () => {
  const told: [string | undefined, string][] = [
    [undefined, 'text'],
    ['*/*', 'text'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text'],
    ['image/png', 'text'],
    ['', 'text'],
    ['application/openmetrics-text', 'openmetrics'],
    ['Application/OpenMetrics-Text ; Version="1.0.0" ; charset=utf-8', 'openmetrics'],
    ['application/openmetrics-text;version=0.0.1', 'text'],
    ['application/openmetrics-text;version=1.0.0;q=0', 'text'],
    ['application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4', 'openmetrics'],
    ['application/openmetrics-text;q=0.5,text/plain;q=0.4', 'openmetrics'],
    ['application/openmetrics-text;q=0.4,text/plain;q=0.5', 'text'],
    ['application/openmetrics-text;q=0.4,text/*;q=0.5', 'text'],
    ['application/openmetrics-text;q=0.5,text/plain;version=1.0.0;q=0.9,*/*;q=0.1', 'openmetrics'],
    ['application/openmetrics-text;q=nonsense,text/plain;q=0.1', 'text'],
    // As Prometheus 2.42 and 3 ask.
    [
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      'openmetrics',
    ],
    [
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      'openmetrics',
    ],
  ]
  for (const [accept, format] of told) assert.equal(negotiateFormat(accept), format, String(accept))
})

test('gzip is for those who take it', () => {
  for (const yes of ['gzip', 'deflate, GZIP;q=0.5', '*', 'br, *;q=0.1']) assert.ok(acceptsGzip(yes), yes)
  for (const no of [undefined, '', 'br', 'gzip;q=0', '*, gzip;q=0', 'identity']) assert.ok(!acceptsGzip(no), String(no))
})
