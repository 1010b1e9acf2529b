/** `npm run check`: every check in scripts/checks, one after the other and all of them. Exit code 1 when one fails. */
import { readdirSync } from 'node:fs'

/** One check: the default export of a file in scripts/checks, which nothing else has to know of. */
export interface Check {
  readonly name: string
  run(): Promise<Outcome>
}

export interface Outcome {
  readonly ok: boolean
  /** One line. */
  readonly summary: string
  /** What to mend, as many lines as it takes. */
  readonly details?: string
}

if (import.meta.main) {
  const folder = new URL('checks/', import.meta.url)
  let failed = 0
  for (const file of readdirSync(folder).sort()) {
    const { default: check } = (await import(new URL(file, folder).href)) as { default: Check }
    const startMs = performance.now()
    const { ok, summary, details } = await check
      .run()
      .catch((thrown): Outcome => ({ ok: false, summary: 'threw', details: String(thrown?.stack) }))
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1)
    process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${check.name.padEnd(8)} ${seconds.padStart(5)} s  ${summary}\n`)
    if (details) process.stdout.write(`${details.replace(/^/gm, '       ')}\n`)
    if (!ok) failed++
  }
  process.exitCode = failed > 0 ? 1 : 0
}
