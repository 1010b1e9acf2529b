import { mean, share } from '../arithmetic.ts'
import type { Gpu } from '../reading.ts'
import { remembered } from '../remembered.ts'
import type { AddPoints, Instruments } from './instruments.ts'

const utilization = { name: 'hw.gpu.utilization', unit: '1', help: 'Part of the time that the GPU was busy.' }
const memoryUsage = { name: 'hw.gpu.memory.usage', unit: 'By', help: 'Memory of the GPU in use.' }
const memoryLimit = { name: 'hw.gpu.memory.limit', unit: 'By', help: 'All memory of the GPU.' }
const memoryUtilization = { name: 'hw.gpu.memory.utilization', unit: '1', help: 'Part of the memory of the GPU in use.' }
const count = { name: 'system.gpu.count', unit: '{gpu}', help: 'GPUs that nvidia-smi and rocm-smi name.' }
const meanUtilization = { name: 'system.gpu.utilization', unit: '1', help: 'Part of the time that the GPUs were busy, on average.' }

const vendors = { nvidia: 'NVIDIA', amd: 'AMD' } as const

/** Points of each GPU that was measured since the last ones, how many there are, and their mean utilization. */
export function gpuPoints({ gauge, upDownCounter }: Instruments): AddPoints {
  const seriesOf = (vendor: Gpu['vendor']) =>
    remembered((index) => {
      const labels = { 'hw.id': `${vendor}-${index}`, 'hw.vendor': vendors[vendor] }
      return {
        utilization: gauge(utilization, { ...labels, 'hw.gpu.task': 'general' }),
        memoryUsage: upDownCounter(memoryUsage, labels),
        memoryLimit: upDownCounter(memoryLimit, labels),
        memoryUtilization: gauge(memoryUtilization, labels),
      }
    })
  const byVendor = { nvidia: seriesOf('nvidia'), amd: seriesOf('amd') }
  const all = upDownCounter(count)
  const ofAll = gauge(meanUtilization)

  return (list, { gpus, bootTimeMs }) => {
    if (!gpus) return
    for (const { vendor, index, utilizationPercent, memoryUsedBytes, memoryTotalBytes } of gpus.measured) {
      const made = byVendor[vendor](index)
      list.add(made.utilization, share(utilizationPercent, 100))
      list.add(made.memoryUsage, memoryUsedBytes, bootTimeMs)
      list.add(made.memoryLimit, memoryTotalBytes, bootTimeMs)
      list.add(made.memoryUtilization, share(memoryUsedBytes, memoryTotalBytes))
    }
    list.add(all, gpus.count, bootTimeMs)
    list.add(ofAll, share(mean(gpus.measured.map((gpu) => gpu.utilizationPercent)), 100))
  }
}
