import { mean } from '../arithmetic.ts'
import { busyShare } from '../measure.ts'
import { cpuModes } from '../reading.ts'
import { remembered } from '../remembered.ts'
import type { AddPoints, Instruments } from './instruments.ts'

const utilization = { name: 'system.cpu.utilization', unit: '1', help: 'Part of the time that the CPU was busy.' }
const time = { name: 'system.cpu.time', unit: 's', help: 'Time that the CPU has spent in each mode.' }
const count = { name: 'system.cpu.logical.count', unit: '{cpu}', help: 'Logical CPUs that are online.' }

/** Points of each CPU, and the utilization of all: the mean, without a number. */
export function cpuPoints({ gauge, counter, upDownCounter }: Instruments): AddPoints {
  const seriesOf = remembered((number) => {
    const labels = { 'cpu.logical_number': number }
    return {
      utilization: gauge(utilization, labels),
      times: cpuModes.map((mode) => ({ mode, series: counter(time, { ...labels, 'cpu.mode': mode }) })),
    }
  })
  const all = gauge(utilization)
  const logicalCount = upDownCounter(count)

  return (list, { cpus, bootTimeMs }) => {
    if (cpus.size === 0) return
    const fractions = []
    for (const [number, cpu] of cpus) {
      const made = seriesOf(number)
      const busy = busyShare(cpu)
      fractions.push(busy)
      list.add(made.utilization, busy)
      for (const { mode, series } of made.times) {
        const spent = cpu[mode]
        if (spent) list.add(series, spent.value / 1000, spent.startTimeMs)
      }
    }
    list.add(all, mean(fractions))
    list.add(logicalCount, cpus.size, bootTimeMs)
  }
}
