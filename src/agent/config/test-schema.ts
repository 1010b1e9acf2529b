import { z } from '../../sdk.ts'

const labels = z.record(z.string(), z.string())

/** A record as it is written in a test: a point, a log record or an alert. */
export const testRecordSchema = z.union([
  z.object({
    name: z.string().describe('Of a point: the name of its metric.'),
    value: z.number().describe('Of a point: its value.'),
    labels: labels.default({}).describe('Labels of a point or an alert.'),
    kind: z.enum(['gauge', 'counter']).default('gauge').describe('Kind of a point’s metric.'),
    unit: z.string().optional().describe('Unit of a point’s metric.'),
  }),
  z.object({
    body: z.string().describe('Of a log record: its text.'),
    severity: z.string().optional().describe('Of a log record, as text, or an alert.'),
    attributes: labels.default({}).describe('Attributes of a log record.'),
  }),
  z.object({
    alert: z.string().describe('Of an alert: its name.'),
    severity: z
      .enum(['critical', 'major', 'minor', 'warning', 'info'])
      .default('warning')
      .describe('Of a log record, as text, or an alert.'),
    status: z.enum(['firing', 'resolved']).default('firing').describe('Of an alert.'),
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
