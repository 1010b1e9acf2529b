import { share, used } from '../arithmetic.ts'
import type { AddPoints, Instruments } from './instruments.ts'

const usage = { name: 'system.memory.usage', unit: 'By', help: 'Memory in each state.' }
const utilization = { name: 'system.memory.utilization', unit: '1', help: 'Part of the memory in each state.' }
const limit = { name: 'system.memory.limit', unit: 'By', help: 'All memory of the machine.' }
const mapped = { name: 'system.memory.linux.mapped', unit: 'By', help: 'Memory that holds files mapped into programs.' }
const swapUsage = { name: 'system.paging.usage', unit: 'By', help: 'Swap space in each state.' }
const swapUtilization = { name: 'system.paging.utilization', unit: '1', help: 'Part of the swap space in each state.' }

/** Points of the memory. */
export function memoryPoints({ gauge, upDownCounter }: Instruments): AddPoints {
  const states = (['used', 'free', 'buffers', 'cached'] as const).map((state) => {
    const labels = { 'system.memory.state': state }
    return { state, usage: upDownCounter(usage, labels), part: gauge(utilization, labels) }
  })
  const whole = upDownCounter(limit)
  const ofFiles = upDownCounter(mapped)

  return (list, { memory, bootTimeMs }) => {
    if (!memory) return
    const bytes = { ...memory, used: used(memory.total, memory.available) }
    for (const { state, usage, part } of states) {
      list.add(usage, bytes[state], bootTimeMs)
      list.add(part, share(bytes[state], memory.total))
    }
    list.add(whole, memory.total, bootTimeMs)
    list.add(ofFiles, memory.mapped, bootTimeMs)
  }
}

/** Points of the swap space. Where there is none it is 0 bytes, and no part of it is in use or free. */
export function swapPoints({ gauge, upDownCounter }: Instruments): AddPoints {
  const states = (['used', 'free'] as const).map((state) => {
    const labels = { 'system.paging.state': state }
    return { state, usage: upDownCounter(swapUsage, labels), part: gauge(swapUtilization, labels) }
  })

  return (list, { swap, bootTimeMs }) => {
    if (!swap) return
    const bytes = { free: swap.free, used: used(swap.total, swap.free) }
    for (const { state, usage, part } of states) {
      list.add(usage, bytes[state], bootTimeMs)
      list.add(part, share(bytes[state], swap.total))
    }
  }
}
