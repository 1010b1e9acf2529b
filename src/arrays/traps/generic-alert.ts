import type { AlertData } from '../third-party/alert-data.ts'
import type { Trap } from './trap.ts'

/** The notifications of RFC 3418 and RFC 2863 that every device knows, by OID. */
const known: Readonly<Record<string, Pick<AlertData, 'alert_name' | 'category' | 'severity' | 'type' | 'description'>>> = {
  '1.3.6.1.6.3.1.1.5.1': {
    alert_name: 'coldStart',
    category: 'Event',
    severity: 'Informational',
    type: 'OperationalViolation',
    description: 'The device has started, and its configuration may have changed.',
  },
  '1.3.6.1.6.3.1.1.5.2': {
    alert_name: 'warmStart',
    category: 'Event',
    severity: 'Informational',
    type: 'OperationalViolation',
    description: 'The device has started again with its configuration unchanged.',
  },
  '1.3.6.1.6.3.1.1.5.3': {
    alert_name: 'linkDown',
    category: 'Fault',
    severity: 'Major',
    type: 'CommunicationsAlarm',
    description: 'A link is down.',
  },
  '1.3.6.1.6.3.1.1.5.4': {
    alert_name: 'linkDown',
    category: 'Recovery',
    severity: 'Major',
    type: 'CommunicationsAlarm',
    description: 'The link is up again.',
  },
  '1.3.6.1.6.3.1.1.5.5': {
    alert_name: 'authenticationFailure',
    category: 'Event',
    severity: 'Warning',
    type: 'SecurityServiceOrMechanismViolation',
    description: 'Somebody asked the device without showing who he is.',
  },
}

/** The index of an interface, below ifEntry of RFC 2863, which tells one link from another. */
const ifIndex = '1.3.6.1.2.1.2.2.1.1.'

/** The alert that a trap tells of when only the general standards say what it means. One that they do not name is an event under its OID. */
export function genericAlert({ oid, values }: Trap, nowMs: number): AlertData {
  const index = Object.entries(values).find(([name]) => name.startsWith(ifIndex))?.[1]
  const named = known[oid]
  const linked = index !== undefined && named?.alert_name === 'linkDown'
  return {
    alert_id: oid,
    alert_name: oid,
    category: 'Event',
    severity: 'NotSpecified',
    type: 'NotSpecified',
    description: Object.entries(values)
      .map(([name, value]) => `${name} = ${value}`)
      .join('; '),
    ...named,
    occur_time: nowMs,
    ...(linked && { location: `interface ${index}` }),
  }
}
