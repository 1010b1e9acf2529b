import { type Duration, parseDuration } from '../core/duration.ts'
import { WaybillError } from '../core/errors.ts'
import type { Secret } from '../core/secret.ts'
import { type Known, type Spelled, spelled } from '../delivery/spelled.ts'
import { wholeNumber } from '../delivery/whole-number.ts'
import { AuthConfig, type AuthSettings } from './auth-config.ts'
import { Environment, type EnvironmentOptions } from './environment.ts'
import { RetryConfig, type RetrySettings } from './retry-config.ts'

const compressions = ['none', 'gzip'] as const

export interface ExporterSettings {
  readonly name: string
  /** Address of the destination, without a user name or password: these belong into `auth`. */
  readonly endpoint?: string | undefined
  readonly auth?: AuthConfig | Spelled<AuthSettings> | undefined
  /** At most this many records an export. Default 100. */
  readonly batchSize?: number | undefined
  /** Default 30 s. */
  readonly flushInterval?: Duration | undefined
  readonly retryConfig?: RetryConfig | Spelled<RetrySettings> | undefined
  /** Default gzip. */
  readonly compression?: (typeof compressions)[number] | undefined
  /** Default json. */
  readonly format?: string | undefined
}

const known: Known<ExporterSettings> = {
  name: 'plain',
  endpoint: 'plain',
  auth: 'plain',
  batchSize: 'plain',
  flushInterval: 'duration',
  retryConfig: 'plain',
  compression: 'plain',
  format: 'plain',
}

export interface FromEnvOptions extends EnvironmentOptions {
  /** Fields whose variables must be set, such as `endpoint` and `api_key`. */
  readonly required?: readonly string[]
}

const usualPrefix = 'PROFILING_EXPORTER'

/** The settings that exporters of every kind have, checked and with their defaults. Printing it shows no secret. */
export class ExporterConfig {
  readonly name: string
  readonly endpoint: string | undefined
  readonly auth: AuthConfig
  readonly batchSize: number
  readonly flushIntervalMs: number
  readonly retryConfig: RetryConfig
  readonly compression: (typeof compressions)[number]
  readonly format: string

  /** The settings may be in snake_case. Throws WaybillError `INVALID_OPTION` or `INVALID_DURATION`. */
  constructor(given: Spelled<ExporterSettings>) {
    const settings = spelled<ExporterSettings>('an exporter', given, known)
    const { name, endpoint, auth, batchSize = 100, flushInterval = '30s', retryConfig, compression = 'gzip', format = 'json' } = settings
    if (!name) throw new WaybillError('INVALID_OPTION', 'an exporter needs a name')
    if (endpoint !== undefined) checkEndpoint(name, endpoint)
    if (!compressions.includes(compression))
      throw new WaybillError('INVALID_OPTION', `compression is ${compression}`, { hint: `write one of ${compressions.join(', ')}` })
    this.name = name
    this.endpoint = endpoint
    this.auth = auth instanceof AuthConfig ? auth : new AuthConfig(auth)
    this.batchSize = wholeNumber('batchSize', batchSize)
    this.flushIntervalMs = parseDuration(flushInterval)
    this.retryConfig = retryConfig instanceof RetryConfig ? retryConfig : new RetryConfig(retryConfig)
    this.compression = compression
    this.format = format
  }

  /**
   * From variables named `PREFIX_FIELD`: NAME, ENDPOINT, BATCH_SIZE, FLUSH_INTERVAL_SECONDS, COMPRESSION, FORMAT; of `auth`
   * AUTH_TYPE, API_KEY, API_KEY_HEADER, TOKEN, USERNAME, PASSWORD, HEADERS; of `retryConfig` MAX_RETRIES,
   * INITIAL_DELAY_SECONDS, BACKOFF_MULTIPLIER, MAX_BACKOFF_SECONDS, BACKOFF_STRATEGY, JITTER, RETRY_ON_STATUS_CODES. The
   * value `file:///path` stands for what that file holds. Without a name it is the prefix in small letters. Throws
   * WaybillError `CONFIG_UNDEFINED_VARIABLE`, `CONFIG_UNREADABLE_SECRET`, and what the constructor throws.
   */
  static fromEnv(prefix = usualPrefix, { required = [], ...options }: FromEnvOptions = {}): ExporterConfig {
    const env = new Environment([prefix], options)
    for (const field of required) env.required(field)
    return new ExporterConfig({
      name: env.text('name') ?? prefix.toLowerCase(),
      endpoint: env.text('endpoint'),
      batchSize: env.number('batch_size'),
      flushInterval: env.duration('flush_interval'),
      compression: env.text('compression'),
      format: env.text('format'),
      auth: {
        type: env.text('auth_type'),
        apiKey: env.text('api_key'),
        apiKeyHeader: env.text('api_key_header'),
        token: env.text('token'),
        username: env.text('username'),
        password: env.text('password'),
        headers: env.dictionary('headers'),
      },
      retryConfig: {
        maxRetries: env.number('max_retries'),
        initialDelay: env.duration('initial_delay'),
        backoffMultiplier: env.number('backoff_multiplier'),
        maxBackoff: env.duration('max_backoff'),
        backoffStrategy: env.text('backoff_strategy'),
        jitter: env.boolean('jitter'),
        retryOnStatusCodes: env.list('retry_on_status_codes')?.map(Number),
      },
    })
  }

  /**
   * The variables that `fromEnv` reads it from, the secrets among them only with `reveal`. Throws WaybillError
   * `INVALID_OPTION` for headers that a list cannot hold.
   */
  toEnv(prefix = usualPrefix, { reveal = false } = {}): Record<string, string> {
    const { auth, retryConfig: retry } = this
    const fields = {
      NAME: this.name,
      ENDPOINT: this.endpoint,
      BATCH_SIZE: this.batchSize,
      FLUSH_INTERVAL_SECONDS: this.flushIntervalMs / 1000,
      COMPRESSION: this.compression,
      FORMAT: this.format,
      AUTH_TYPE: auth.type,
      API_KEY_HEADER: auth.apiKeyHeader,
      USERNAME: auth.username,
      ...(reveal && {
        API_KEY: auth.apiKey?.reveal(),
        TOKEN: auth.token?.reveal(),
        PASSWORD: auth.password?.reveal(),
        HEADERS: listed(auth.headers),
      }),
      MAX_RETRIES: retry.maxRetries,
      INITIAL_DELAY_SECONDS: retry.initialDelayMs / 1000,
      BACKOFF_MULTIPLIER: retry.backoffMultiplier,
      MAX_BACKOFF_SECONDS: retry.maxBackoffMs / 1000,
      BACKOFF_STRATEGY: retry.backoffStrategy,
      JITTER: retry.jitter,
      RETRY_ON_STATUS_CODES: retry.retryOnStatusCodes.join(','),
    }
    const set = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')
    return Object.fromEntries(set.map(([field, value]) => [`${prefix}_${field}`, String(value)]))
  }

  /** All that must not be shown. */
  secrets(): readonly Secret[] {
    return this.auth.secrets()
  }
}

function checkEndpoint(name: string, endpoint: string): void {
  const url = URL.parse(endpoint)
  if (!url)
    throw new WaybillError('INVALID_OPTION', `the endpoint of ${name} is no address`, { hint: 'write it with its scheme: https://…' })
  if (url.username || url.password)
    throw new WaybillError('INVALID_OPTION', `the endpoint of ${name} holds a user name or password`, { hint: 'move them into auth' })
}

function listed(headers: Readonly<Record<string, Secret>>): string {
  const parts = Object.entries(headers).map(([name, value]) => `${name}=${value.reveal()}`)
  if (parts.some((part) => part.includes(',')))
    throw new WaybillError('INVALID_OPTION', 'a header with a comma cannot stand in an environment variable')
  return parts.join(',')
}
