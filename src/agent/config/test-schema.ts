import { z } from '../../sdk.ts'

const labels = z.record(z.string(), z.string())

/** A record as it is written in a test: a point, a log record or an alert. */
export const testRecordSchema = z.union([
  z.object({
    name: z.string().describe('Of a metric.'),
    value: z.number().describe('Its value.'),
    labels: labels.default({}).describe('Its labels.'),
    kind: z.enum(['gauge', 'counter']).default('gauge').describe('Its kind.'),
    unit: z.string().optional().describe('Its unit.'),
  }),
  z.object({
    body: z.string().describe('Of a log record.'),
    severity: z.string().optional().describe('Its severity as text.'),
    attributes: labels.default({}).describe('Its attributes.'),
  }),
  z.object({
    alert: z.string().describe('Name of an alert.'),
    severity: z.enum(['critical', 'major', 'minor', 'warning', 'info']).default('warning').describe('Its severity.'),
    status: z.enum(['firing', 'resolved']).default('firing').describe('Whether it fires.'),
    labels: labels.default({}).describe('Its labels.'),
  }),
])

/** What `waybill test` checks. */
export const testSchema = z.object({
  name: z.string().describe('What it shows.'),
  input: z.string().describe('The source or receiver that hands the records over.'),
  records: z
    .array(testRecordSchema)
    .min(1)
    .describe('What it hands over: points, log records or alerts, a batch for each run of one signal.'),
  expect: z
    .record(z.string(), z.array(z.looseObject({})))
    .describe(
      'By exporter, the records that arrive there, in order, as `type: file` writes them; fields that are left out may be anything.',
    ),
})

export type TestConfig = z.output<typeof testSchema>
export type TestRecord = z.output<typeof testRecordSchema>
