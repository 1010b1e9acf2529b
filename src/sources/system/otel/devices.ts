import { type MeasuredByName, type Measurement, perSecond, totalGrowth } from '../measure.ts'
import type { DiskCount, NetworkCount } from '../reading.ts'
import { remembered } from '../remembered.ts'
import type { AddPoints, Instrument, Instruments } from './instruments.ts'

interface Devices<Field extends string> {
  readonly of: (measurement: Measurement) => MeasuredByName<Field>
  /** The label that names the device. */
  readonly device: string
  readonly direction: string
  readonly metrics: readonly Metric<Field>[]
}

interface Metric<Field extends string> {
  readonly count: Instrument
  /** The same a second, of each device and of all together. */
  readonly rate?: Instrument
  readonly totalRate?: Instrument
  readonly directions: Readonly<Record<string, Field>>
}

/** Points of each disk, and the rates of all together. */
export const diskPoints = (make: Instruments): AddPoints =>
  devicePoints<DiskCount>(make, {
    of: ({ disks }) => disks,
    device: 'system.device',
    direction: 'disk.io.direction',
    metrics: [
      {
        count: { name: 'system.disk.io', unit: 'By', help: 'Bytes that went to and from the disk.' },
        rate: { name: 'system.disk.io.rate', unit: 'By/s', help: 'Bytes a second that went to and from the disk.' },
        totalRate: {
          name: 'system.disk.total.io.rate',
          unit: 'By/s',
          help: 'Bytes a second that went to and from all disks, each byte counted once.',
        },
        directions: { read: 'readBytes', write: 'writtenBytes' },
      },
      {
        count: { name: 'system.disk.operations', unit: '{operation}', help: 'Operations that the disk has completed.' },
        directions: { read: 'reads', write: 'writes' },
      },
    ],
  })

/** Points of each interface, and the rates of all but loopback together. */
export const networkPoints = (make: Instruments): AddPoints =>
  devicePoints<NetworkCount>(make, {
    of: ({ interfaces }) => interfaces,
    device: 'network.interface.name',
    direction: 'network.io.direction',
    metrics: [
      {
        count: { name: 'system.network.io', unit: 'By', help: 'Bytes that the interface has carried.' },
        rate: { name: 'system.network.io.rate', unit: 'By/s', help: 'Bytes a second that the interface carried.' },
        totalRate: {
          name: 'system.network.total.io.rate',
          unit: 'By/s',
          help: 'Bytes a second that all interfaces but loopback carried.',
        },
        directions: { receive: 'receivedBytes', transmit: 'transmittedBytes' },
      },
      {
        count: { name: 'system.network.errors', unit: '{error}', help: 'Errors that the interface has met.' },
        directions: { receive: 'receiveErrors', transmit: 'transmitErrors' },
      },
      {
        count: { name: 'system.network.packet.dropped', unit: '{packet}', help: 'Packets dropped though nothing was wrong with them.' },
        directions: { receive: 'receiveDropped', transmit: 'transmitDropped' },
      },
    ],
  })

function devicePoints<Field extends string>({ gauge, counter }: Instruments, devices: Devices<Field>): AddPoints {
  const { of, device, direction, metrics } = devices
  const rows = metrics.flatMap(({ directions, ...metric }) =>
    Object.entries(directions).map(([way, field]) => ({ ...metric, field, labels: { [direction]: way } })),
  )
  const seriesOf = remembered((name) =>
    rows.map(({ field, count, rate, labels }) => ({
      field,
      count: counter(count, { ...labels, [device]: name }),
      rate: rate && gauge(rate, { ...labels, [device]: name }),
    })),
  )
  const totals = rows.flatMap(({ field, totalRate, labels }) => (totalRate ? [{ field, series: gauge(totalRate, labels) }] : []))

  return (list, measurement) => {
    const { elapsedMs, apart } = measurement
    const measured = of(measurement)
    for (const [name, counts] of measured) {
      for (const { field, count, rate } of seriesOf(name)) {
        const counted = counts[field]
        if (!counted) continue
        list.add(count, counted.value, counted.startTimeMs)
        if (rate) list.add(rate, perSecond(counted.growth, elapsedMs))
      }
    }
    for (const { field, series } of totals) list.add(series, perSecond(totalGrowth(measured, field, apart), elapsedMs))
  }
}
