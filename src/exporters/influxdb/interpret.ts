import { type Answer, redact } from '../../http/index.ts'
import { type ExportResult, retry } from '../../sdk.ts'

/** Answers of InfluxDB 1 whose status does not say that there is something to mend: a query that failed is answered 200. */
export function interpret({ status, body }: Answer, usual: ExportResult): ExportResult {
  if (status === 500 && 'error' in usual && body.includes('retention policy not found'))
    return retry(new Error(`${usual.error.message}; create it, or check retention_policy`), { scope: 'destination' })
  if (status === 200 && body.includes('"error":'))
    return retry(new Error(`the database cannot be created: ${redact(body.toString(), [])}`), { scope: 'destination' })
  return usual
}
