/** Needs no server, but half a minute. */
import { test } from 'node:test'
import { checkSpan } from '../system-span.fixture.ts'

test('002-37 an hour at 100 ms: no sample is lost, and nothing is kept of those before', (t) => checkSpan(t, 60))
