/** A server of this machine that takes alerts as Alertmanager does, and what it has been given. */
import type { ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { type ServerOptions, startServer, type TestServer } from '../../http/server.fixture.ts'
import type { Alert, AlertsBatch } from '../../sdk.ts'
import type { PostedAlert } from './posted-alert.ts'

export interface AlertmanagerServer extends TestServer {
  /** Every alert that was taken, in order. */
  readonly taken: readonly PostedAlert[]
  /** Whether an alert is refused. */
  refuse: (alert: PostedAlert) => boolean
  /** In place of the usual answer, when it answers true. */
  answerInstead: (response: ServerResponse) => boolean
}

const known = new Set(['labels', 'annotations', 'startsAt', 'endsAt', 'generatorURL'])
const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

/** Ends with the test. Like Alertmanager it takes the valid alerts of a request and answers 400 when there are others. */
export async function startAlertmanager(t: Pick<TestContext, 'after'>, options: ServerOptions = {}): Promise<AlertmanagerServer> {
  const taken: PostedAlert[] = []
  const server = await startServer(
    t,
    (_request, response) => {
      if (alertmanager.answerInstead(response)) return
      const { method, url, headers, body } = server.requests.at(-1)!
      if (new URL(url, server.url).pathname !== '/api/v2/alerts') return void response.writeHead(404).end('404 page not found')
      if (method !== 'POST' || headers['content-type'] !== 'application/json') return void response.writeHead(415).end()
      const alerts = JSON.parse(body.toString()) as readonly PostedAlert[]
      const problems = alerts.flatMap((alert) => {
        const problem = alertmanager.refuse(alert) ? 'refused' : problemOf(alert)
        if (problem === undefined) taken.push(alert)
        return problem === undefined ? [] : [problem]
      })
      if (problems.length === 0) response.writeHead(200).end()
      else response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(problems.join('; ')))
    },
    options,
  )
  const alertmanager: AlertmanagerServer = Object.assign(server, { taken, refuse: () => false, answerInstead: () => false })
  return alertmanager
}

/** By https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml and what Alertmanager checks beyond it. */
function problemOf({ labels, annotations = {}, startsAt, endsAt, generatorURL, ...rest }: PostedAlert): string | undefined {
  if (Object.keys(rest).some((key) => !known.has(key))) return `unknown ${Object.keys(rest)}`
  if (Object.values(labels).every((value) => value === '')) return 'at least one label pair required'
  if ([...Object.keys(labels), ...Object.keys(annotations)].some((name) => !labelName.test(name))) return 'invalid label set'
  if (![startsAt, endsAt].every((time) => dateTime.test(time))) return 'no date-time'
  if (endsAt < startsAt) return 'start time must be before end time'
  if (generatorURL !== undefined && !URL.canParse(generatorURL)) return 'no URI'
  return undefined
}

export const startsAtMs = Date.UTC(2026, 7, 2, 10)

export const alert = (id: string, more: Partial<Alert> = {}): Alert => ({
  id,
  name: 'DiskFull',
  severity: 'major',
  status: 'firing',
  startsAtMs,
  labels: { host: 'web-1' },
  ...more,
})

export const alerts = (...given: readonly Alert[]): AlertsBatch => ({ signal: 'alerts', alerts: given })
