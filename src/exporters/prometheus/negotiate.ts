import type { PrometheusFormat } from '../../codecs/prometheus-text/prometheus-text.ts'

/** One of the ranges in a header such as Accept. */
interface Range {
  /** In lower case. */
  readonly name: string
  readonly version: string | undefined
  readonly quality: number
}

/**
 * The format that an Accept header prefers (RFC 9110, 12.5.1). OpenMetrics has to be asked for by name: the older format is what
 * everything reads, so it answers wildcards, and clients that would take neither.
 */
export function negotiateFormat(accept: string | undefined): PrometheusFormat {
  const ranges = rangesOf(accept ?? '*/*')
  const openMetrics = best(ranges, ['application/openmetrics-text', 'application/*', '*/*'], '1.0.0')
  const text = best(ranges, ['text/plain', 'text/*', '*/*'], '0.0.4')
  if (openMetrics.quality === 0) return 'text'
  if (openMetrics.quality !== text.quality) return openMetrics.quality > text.quality ? 'openmetrics' : 'text'
  return openMetrics.name === 'application/openmetrics-text' ? 'openmetrics' : 'text'
}

/** Whether an Accept-Encoding header takes gzip (RFC 9110, 12.5.3). */
export const acceptsGzip = (acceptEncoding: string | undefined): boolean =>
  best(rangesOf(acceptEncoding ?? ''), ['gzip', '*'], undefined).quality > 0

/** The range that tells of a thing by the first of its `names`, the most particular one; of another version it does not tell. */
function best(ranges: readonly Range[], names: readonly string[], version: string | undefined): Range {
  for (const name of names) {
    const found = ranges.filter((range) => range.name === name && (range.version === undefined || range.version === version))
    if (found.length > 0) return found.reduce((a, b) => (b.quality > a.quality ? b : a))
  }
  return { name: '', version: undefined, quality: 0 }
}

function rangesOf(header: string): readonly Range[] {
  return header.split(',').map((part) => {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
    const parameter = (wanted: string) => parameters.find((piece) => piece.startsWith(`${wanted}=`))?.slice(wanted.length + 1)
    const quality = Number(parameter('q') ?? 1)
    return { name, version: parameter('version')?.replaceAll('"', ''), quality: quality >= 0 && quality <= 1 ? quality : 0 }
  })
}
