import type { Resource } from '../../../sdk.ts'
import { type Naming, PointList } from '../naming.ts'
import { cpuPoints } from './cpu.ts'
import { diskPoints, networkPoints } from './devices.ts'
import { gpuPoints } from './gpu.ts'
import { type AddPoints, type Instruments, instruments } from './instruments.ts'
import { memoryPoints, swapPoints } from './memory.ts'

/**
 * The names, labels and units of OpenTelemetry's semantic conventions 1.44 for systems and hardware. The README says which
 * names are not from there.
 */
export function otel(resource: Resource): Naming {
  const make = instruments(resource)
  const areas = [cpuPoints, memoryPoints, swapPoints, diskPoints, networkPoints, gpuPoints, loadPoints, uptimePoints].map((area) =>
    area(make),
  )
  return (measurement) => {
    const list = new PointList(measurement.timeMs)
    for (const add of areas) add(list, measurement)
    return list.points
  }
}

function loadPoints({ gauge }: Instruments): AddPoints {
  const series = [1, 5, 15].map((minutes) =>
    gauge({
      name: `system.cpu.load_average.${minutes}m`,
      unit: '{thread}',
      help: `Tasks that ran or waited, on average over ${minutes} minutes.`,
    }),
  )
  return (list, { load }) => {
    for (const [index, made] of series.entries()) list.add(made, load?.[index])
  }
}

function uptimePoints({ gauge }: Instruments): AddPoints {
  const series = gauge({ name: 'system.uptime', unit: 's', help: 'Time since the machine was started.' })
  return (list, { uptimeSeconds }) => list.add(series, uptimeSeconds)
}
