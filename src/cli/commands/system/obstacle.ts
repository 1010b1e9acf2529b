import type { Agent } from '../../../agent/agent.ts'
import { WaybillError } from '../../../core/errors.ts'

const hints: Readonly<Record<string, string>> = {
  csv: 'choose another --output-file',
  json: 'choose another --output-file',
  prometheus: 'choose another --prometheus-port or --prometheus-address',
  influxdb: 'check --influxdb-ca, --influxdb-cert and --influxdb-key',
}

/**
 * Why an output cannot even begin. An agent goes on then and tries again; a monitor has somebody waiting for it who can choose
 * another.
 */
export function obstacleOf(agent: Agent): WaybillError | undefined {
  for (const { kind, name, health } of agent.health()) {
    if (kind !== 'exporter' || health.state !== 'unhealthy') continue
    const hint = hints[name]
    return new WaybillError('DESTINATION_UNAVAILABLE', `${name}: ${health.reason}`, { ...(hint && { hint }) })
  }
  return undefined
}
