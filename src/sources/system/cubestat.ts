import { type Resource, series } from '../../sdk.ts'
import { mean, share, used } from './arithmetic.ts'
import { busyShare, perSecond, totalGrowth } from './measure.ts'
import { type Naming, PointList } from './naming.ts'
import { remembered } from './remembered.ts'

/** The names of cubestat, all of them gauges with the unit in the name and nowhere else, without its mock metric; it has none for load and uptime. */
export function cubestat(resource: Resource): Naming {
  const gauge = (name: string, help: string) => series(name, {}, { help, resource })

  const core = remembered((number) => gauge(`cpu.cpu.0.core.${number}.utilization.percent`, 'How busy the CPU was.'))
  const allCores = gauge('cpu.cpu.0.total.utilization.percent', 'How busy the CPUs were, on average.')
  const coreCount = gauge('cpu.total.count', 'Logical CPUs that are online.')
  const memoryPercent = gauge('memory.system.total.used.percent', 'Memory in use.')
  const memoryBytes = gauge('memory.system.total.used.bytes', 'Memory in use.')
  const mappedBytes = gauge('memory.system.mapped.bytes', 'Memory that holds files mapped into programs.')
  const swapBytes = gauge('swap.total.used.bytes', 'Swap space in use.')
  const diskRead = gauge('disk.total.read.bytes_per_sec', 'Read from all disks.')
  const diskWrite = gauge('disk.total.write.bytes_per_sec', 'Written to all disks.')
  const networkReceive = gauge('network.total.rx.bytes_per_sec', 'Received by all interfaces but loopback.')
  const networkTransmit = gauge('network.total.tx.bytes_per_sec', 'Sent by all interfaces but loopback.')
  const gpu = remembered((id) => gauge(`gpu.${id}.utilization.percent`, 'How busy the GPU was.'))
  const gpuMemory = remembered((id) => gauge(`gpu.${id}.memory.used.percent`, 'Memory of the GPU in use.'))
  const gpuCount = gauge('gpu.total.count', 'GPUs that nvidia-smi and rocm-smi name.')
  const allGpus = gauge('gpu.total.utilization.percent', 'How busy the GPUs were, on average.')

  return ({ timeMs, elapsedMs, cpus, memory, swap, disks, interfaces, apart, gpus }) => {
    const list = new PointList(timeMs)
    if (cpus.size > 0) {
      const percents = []
      for (const [number, cpu] of cpus) {
        const percent = oneDecimal(busyShare(cpu, 100))
        percents.push(percent)
        list.add(core(number), percent)
      }
      list.add(allCores, mean(percents))
      list.add(coreCount, cpus.size)
    }

    const usedBytes = used(memory?.total, memory?.available)
    list.add(memoryPercent, share(usedBytes, memory?.total, 100))
    list.add(memoryBytes, usedBytes)
    list.add(mappedBytes, memory?.mapped)
    list.add(swapBytes, used(swap?.total, swap?.free))

    list.add(diskRead, perSecond(totalGrowth(disks, 'readBytes', apart), elapsedMs))
    list.add(diskWrite, perSecond(totalGrowth(disks, 'writtenBytes', apart), elapsedMs))
    list.add(networkReceive, perSecond(totalGrowth(interfaces, 'receivedBytes', apart), elapsedMs))
    list.add(networkTransmit, perSecond(totalGrowth(interfaces, 'transmittedBytes', apart), elapsedMs))

    if (gpus) {
      for (const { vendor, index, utilizationPercent, memoryUsedBytes, memoryTotalBytes } of gpus.measured) {
        const id = `${vendor}.${index}`
        list.add(gpu(id), utilizationPercent)
        list.add(gpuMemory(id), memoryTotalBytes === 0 ? 0 : share(memoryUsedBytes, memoryTotalBytes, 100))
      }
      list.add(gpuCount, gpus.count)
      list.add(allGpus, mean(gpus.measured.map((one) => one.utilizationPercent)))
    }
    return list.points
  }
}

/** To one decimal as Python rounds, where of two that are equally near the even one is taken: 12.25 is 12.2, 12.75 is 12.8. */
export const oneDecimal = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : Number(value % 1 === 0.25 ? `${Math.floor(value)}.2` : value.toFixed(1))
