import { WaybillError } from '../../core/errors.ts'
import type { RunMetadata } from '../../opencost/tables.ts'

/** What a command line says of a run. */
export interface MetadataOptions {
  readonly runId?: string
  readonly scenarioName?: string
  /** `key=value` each. */
  readonly metadata: readonly string[]
}

/** The run's id and scenario first, then the metadata; of a key that comes twice the later value. Throws WaybillError `INVALID_OPTION`. */
export function metadataOf({ runId, scenarioName, metadata }: MetadataOptions): RunMetadata {
  const given = metadata.map((text) => {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
    if (key === undefined)
      throw new WaybillError('INVALID_OPTION', `${JSON.stringify(text)} is not a key and a value`, { hint: 'write --metadata key=value' })
    return [key, value!] as const
  })
  return {
    ...(runId !== undefined && { run_id: runId }),
    ...(scenarioName !== undefined && { scenario_name: scenarioName }),
    ...Object.fromEntries(given),
  }
}
