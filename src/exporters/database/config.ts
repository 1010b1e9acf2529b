import { httpOptions } from '../../http/options.ts'
import { duration, Secret, z } from '../../sdk.ts'
import { targetOf } from './connection-string.ts'
import { identifierProblem } from './identifier.ts'
import { layoutProblem } from './layout-problem.ts'

/** Text with which something may be wrong. */
const checked = (problemOf: (value: string) => string | undefined) =>
  z.string().superRefine((value, context) => {
    const message = problemOf(value)
    if (message) context.addIssue({ code: 'custom', message })
  })

/** What stands under `config:`. */
export const config = z
  .strictObject({
    connectionString: checked((value) => {
      const target = targetOf(value)
      return typeof target === 'string' ? target : undefined
    })
      .transform((value) => new Secret(value))
      .meta({ title: 'secret' })
      .prefault('sqlite:waybill.db')
      .describe('Which database: `sqlite:` and a path, from the data directory, or `postgresql://user:password@host:5432/database`.'),
    tableName: checked(identifierProblem)
      .optional()
      .describe('Table for everything that comes. Default: `metrics`, `spans`, `logs`, `alerts`, and rows in the table they name.'),
    columnMapping: z
      .record(z.string().min(1), checked(identifierProblem))
      .optional()
      .describe('Columns of metrics by their names, and by `timestamp`: with it, a row for each time. Metrics not named are left out.'),
    labelColumns: z
      .array(checked(identifierProblem))
      .default([])
      .describe('Labels of metrics to show as columns; with column_mapping they also tell the rows of one time apart.'),
    retention: z
      .strictObject({
        maxAge: duration()
          .refine((ms) => ms > 0, 'must be longer than 0')
          .describe('Points, spans, logs and alerts whose time is longer ago are deleted, within an hour.'),
      })
      .optional()
      .describe('What to delete; nothing by default. Tables that are named in the data keep their rows.'),
    poolSize: z.int().min(1).default(5).describe('PostgreSQL: connections that are kept open.'),
    maxOverflow: z.int().min(0).default(10).describe('PostgreSQL: connections beyond those, closed when nobody needs them.'),
    connectTimeout: duration().prefault('10s').describe('PostgreSQL: a connection that is not made in this time has failed.'),
    tls: httpOptions.tls.unwrap().optional().describe('PostgreSQL: speak TLS, and how the server proves who it is. See also `sslmode`.'),
    synchronous: z
      .enum(['normal', 'full'])
      .default('normal')
      .describe('SQLite. `full`: a batch is on the device when it is acknowledged. `normal`: a loss of power may take the last ones.'),
    busyTimeout: duration()
      .refine((ms) => ms <= 60_000, 'must not be longer than a minute')
      .prefault('100ms')
      .describe(
        'SQLite: how long to wait while another process writes, with the whole agent waiting, before the batch is tried again later.',
      ),
  })
  .superRefine((layout, context) => {
    const message = layoutProblem(layout)
    if (message) context.addIssue({ code: 'custom', path: [layout.columnMapping ? 'columnMapping' : 'labelColumns'], message })
  })
