/**
 * Requests made from the OpenAPI document, fitting and not: none fails, none hangs, no answer has a secret in it. As many requests as
 * WAYBILL_FUZZ_REQUESTS says; `WAYBILL_FUZZ_REQUESTS=5000 node --conditions=waybill-source --test src/arrays/api/fuzz.test.ts` takes a minute or so.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { secretFields } from '../model/access.ts'
import { api, few, seed } from './api.fixture.ts'
import { arbitraryOf, type Schema } from './arbitrary.fixture.ts'

const requests = Number(process.env.WAYBILL_FUZZ_REQUESTS ?? 500)
const secret = 'ThisIsTheSecret'
const json = { 'content-type': 'application/json' }

interface Operation {
  readonly method: string
  readonly path: string
  readonly parameters: readonly { readonly name: string; readonly in: 'path' | 'query'; readonly schema: Schema }[]
  readonly body: Schema | undefined
}

interface Document {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<Record<string, Partial<Omit<Operation, 'body'>> & { requestBody?: { content: Record<string, { schema: Schema }> } }>>
    >
  >
}

const operationsOf = ({ paths }: Document): readonly Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      parameters,
      body: requestBody?.content['application/json']?.schema,
    })),
  )

/** The body with the secret in the place of every password that fits. */
const withSecrets = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (field, inner: unknown) =>
      secretFields.includes(field) && typeof inner === 'string' && inner ? secret : inner,
    ) ?? 'null',
  )

/** Mostly of a driver that there is. */
const bodyOf = (schema: Schema) =>
  fc.tuple(arbitraryOf(schema), fc.boolean()).map(([body, known]) => {
    const registers = known && typeof body === 'object' && body !== null && 'vendor' in body
    return withSecrets(registers ? { ...body, vendor: seed.vendor, model: seed.model, extra_attributes: few } : body)
  })

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed()

function requestOf({ method, path, parameters, body }: Operation, ids: readonly string[]) {
  const known = fc.constantFrom(...ids)
  const inPath = parameters.filter((parameter) => parameter.in === 'path')
  const inQuery = parameters.filter((parameter) => parameter.in === 'query')
  const id = fc.oneof({ weight: 4, arbitrary: known }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) })
  return fc.record({
    method: fc.oneof(
      { weight: 30, arbitrary: fc.constant(method) },
      { weight: 1, arbitrary: fc.constantFrom('GET', 'PUT', 'POST', 'PATCH') },
    ),
    path: fc
      .tuple(...inPath.map(() => id))
      .map((values) => inPath.reduce((url, { name }, n) => url.replace(`{${name}}`, encodeURIComponent(values[n]!.toWellFormed())), path)),
    query: fc
      .subarray([...inQuery], { maxLength: Math.min(3, inQuery.length) })
      .chain((some) => fc.record(Object.fromEntries(some.map(({ name, schema }) => [name, arbitraryOf(schema)])))),
    body: body ? fc.option(bodyOf(body), { freq: 20, nil: undefined }) : fc.constant(undefined),
  })
}

test(`004-25 ${requests} requests from the OpenAPI document: none fails, none hangs, no secret in any answer`, {
  timeout: 600_000,
}, async (t) => {
  const { request, register, registry, logged } = await api(t)
  const rest = { ...seed.rest, password: secret }
  const kept = await register({ rest, extra_attributes: few })
  const { body: document } = await request('GET', '/openapi.json')
  const operations = operationsOf(document)
  assert.ok(operations.length > 40)
  const ids = [kept, (await request('GET', '/volumes')).body.volumes[0].id, (await request('GET', '/disks')).body.disks[0].id, '101']
  const seen = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(
      // Half of them bring something.
      fc
        .oneof(fc.constantFrom(...operations), fc.constantFrom(...operations.filter(({ body }) => body)))
        .chain((operation) => requestOf(operation, ids)),
      async ({ method, path, query, body }) => {
        const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, textOf(value)]))
        // The array that the rest is about stays.
        if (method === 'DELETE' && path === `/v1/storages/${kept}`) return
        const url = `${path.replace(/^\/v1/, '')}${search.size > 0 ? `?${search}` : ''}`
        const { status, text } = await request(method, url, body === undefined ? undefined : JSON.stringify(body), json)
        assert.ok(status < 500, `${status} ${text}`)
        assert.ok(!text.includes(secret))
        seen.set(`${method} ${status}`, (seen.get(`${method} ${status}`) ?? 0) + 1)
      },
    ),
    { numRuns: requests },
  )
  t.diagnostic([...seen].map((each) => each.join(': ')).join(', '))
  await registry.syncs.settled()
  for (const outcome of ['GET 200', 'GET 404', 'POST 201', 'POST 400', 'PUT 400', 'DELETE 404'])
    assert.ok(seen.has(outcome), `${outcome} is not among ${[...seen.keys()]}`)
  for (const [message, fields] of logged)
    assert.ok(
      !`${message} ${Object.values(fields ?? {}).map((value) => (value instanceof Error ? value.stack : String(value)))}`.includes(secret),
    )
})
