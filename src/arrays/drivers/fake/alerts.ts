import type { AlertData } from '../../third-party/alert-data.ts'
import { chance } from './chance.ts'

type Told = Pick<AlertData, 'alert_name' | 'severity' | 'type' | 'location' | 'description' | 'recovery_advice'> & {
  readonly sequence_number: number
}

const told: readonly Told[] = [
  {
    sequence_number: 100,
    alert_name: 'SNMP connect failed',
    severity: 'Major',
    type: 'OperationalViolation',
    location: 'NetworkEntity=entity1',
    description: 'The array cannot be reached by SNMP, so its traps are not received.',
    recovery_advice: 'Look at the network, and at the alert source of the array.',
  },
  {
    sequence_number: 101,
    alert_name: 'Link state down',
    severity: 'Critical',
    type: 'CommunicationsAlarm',
    location: 'NetworkEntity=entity2',
    description: 'A backend link has gone down.',
    recovery_advice: 'Look at the cable and at the port at its other end.',
  },
  {
    sequence_number: 102,
    alert_name: 'Power failure',
    severity: 'Fatal',
    type: 'OperationalViolation',
    location: 'NetworkEntity=entity3',
    description: 'A power supply has failed.',
    recovery_advice: 'Look at the power supply, and replace it.',
  },
  {
    sequence_number: 103,
    alert_name: 'Communication failure',
    severity: 'Critical',
    type: 'CommunicationsAlarm',
    location: 'NetworkEntity=entity4',
    description: 'A component does not answer.',
    recovery_advice: 'Look at the network between the components.',
  },
]

/** The four alerts that a made-up array always has. */
export const fakeAlerts = (sinceMs: number, seed: number): readonly AlertData[] =>
  told.map((alert) => ({
    ...alert,
    alert_id: String(1_000_000 + Math.floor(9_000_000 * chance(seed, alert.sequence_number))),
    category: 'Fault',
    resource_type: 'Storage',
    occur_time: sinceMs,
  }))
