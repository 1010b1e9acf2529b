import { formatAddress, type ListenAddress } from '../../../core/listen-address.ts'
import { keyValues } from '../key-values.ts'
import { wholeNumber } from '../whole-number.ts'
import type { OutputName, SystemOptions } from './options.ts'
import type { Outputs } from './outputs.ts'
import { readSecret } from './usage.ts'

/** An exporter in the form of waybill.yaml; its name is that of the output. */
export interface ExporterEntry {
  readonly name: OutputName
  readonly type: string
  readonly config: Readonly<Record<string, unknown>>
  readonly [delivery: string]: unknown
}

/** The exporters of the outputs that are not of this process. Throws WaybillError `INVALID_OPTION`. */
export function exportersOf({ names, files }: Outputs, options: SystemOptions, refreshMs: number): readonly ExporterEntry[] {
  const { appendOutput: append = false, csvFormat: format = 'wide' } = options
  const [csv, json] = [files.get('csv'), files.get('json')]
  return [
    ...(csv === undefined ? [] : [{ name: 'csv', type: 'csv', config: { filename: csv, append, format } } as const]),
    ...(json === undefined ? [] : [{ name: 'json', type: 'json', config: { filename: json, append, pretty: true } } as const]),
    ...(names.has('influxdb') ? [influxdb(options)] : []),
    ...(names.has('prometheus') ? [prometheus(options, refreshMs)] : []),
  ]
}

/** How long a metric that is no longer measured is exposed: GPUs are measured every 5 s. */
const exposedForMs = 15_000

function prometheus(options: SystemOptions, refreshMs: number): ExporterEntry {
  const { prometheusPort = '9090', prometheusAddress: host, prometheusTokenFile: tokenFile, naming } = options
  return {
    name: 'prometheus',
    type: 'prometheus',
    config: {
      listen: formatAddress(listenAddress('--prometheus-port', host, prometheusPort)),
      stale_after: `${Math.max(exposedForMs, 5 * refreshMs)}ms`,
      ...(tokenFile !== undefined && { token: readSecret('prometheusTokenFile', tokenFile) }),
      ...(naming === 'cubestat' && { prefix: 'cubestat' }),
    },
  }
}

export const listenAddress = (flag: string, host: string, port: string): ListenAddress => ({
  host,
  port: wholeNumber(flag, port, 0, 65_535),
})

/**
 * Its version is the one given; else 2 with an organization or a bucket, 3 with a token, and 1. What the environment has is used
 * where that version needs it.
 */
function influxdb(options: SystemOptions): ExporterEntry {
  const { given, influxdbUser: username, influxdbOrg: org, influxdbTag = [] } = options
  const bucket = options.influxdbBucket ?? (org === undefined ? undefined : 'cubestat')
  const token = secretOf(options, 'influxdbToken', 'influxdbTokenFile')
  const tokenGiven = given.has('influxdbToken') || given.has('influxdbTokenFile')
  const version = Number(options.influxdbVersion ?? (bucket !== undefined ? 2 : tokenGiven ? 3 : 1))
  const passwordGiven = given.has('influxdbPass') || given.has('influxdbPassFile')
  const password = passwordGiven || username !== undefined ? secretOf(options, 'influxdbPass', 'influxdbPassFile') : undefined
  const { influxdbCa: ca, influxdbCert: cert, influxdbKey: key } = options
  return {
    name: 'influxdb',
    type: 'influxdb',
    config: {
      url: options.influxdbUrl,
      version,
      measurement: options.influxdbMeasurement,
      tags: keyValues('--influxdb-tag', 'a tag', influxdbTag),
      ...(version === 2 ? { bucket: bucket ?? 'cubestat' } : { database: options.influxdbDb }),
      ...(org !== undefined && { org }),
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(token !== undefined && (tokenGiven || version > 1) && { token }),
      tls: { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) },
    },
    // What comes within a second, or while the server is slow, goes in one request.
    buffer: { batch_size: 5000, flush_interval: '1s' },
  }
}

function secretOf(options: SystemOptions, name: 'influxdbPass' | 'influxdbToken', fileName: `${typeof name}File`): string | undefined {
  const path = options[fileName]
  return path === undefined ? options[name] : readSecret(fileName, path)
}
