import { z } from '../../../sdk.ts'
import type { Machine } from './machine.ts'

/** What a disk tells of itself. */
export interface Smart {
  /** Whether it expects to go on. */
  readonly passed: boolean | undefined
  readonly model: string | undefined
  readonly serial: string | undefined
  readonly firmware: string | undefined
  readonly rotationsPerMinute: number | undefined
  /** How much of its life is left, in percent, where it counts that. */
  readonly healthScore: number | undefined
}

/** What is read of the JSON of smartctl 7, https://www.smartmontools.org/wiki/JSON_output. */
const outputSchema = z.object({
  smart_status: z.object({ passed: z.boolean() }).optional(),
  model_name: z.string().optional(),
  serial_number: z.string().optional(),
  firmware_version: z.string().optional(),
  rotation_rate: z.number().optional(),
  nvme_smart_health_information_log: z.object({ percentage_used: z.number() }).optional(),
})

/** Undefined where smartctl is not installed, or may not read that disk. */
export async function smartOf(machine: Machine, name: string): Promise<Smart | undefined> {
  const text = await machine.run('smartctl', '--json', '--info', '--health', '--attributes', `/dev/${name}`)
  const read = outputSchema.safeParse(parsed(text))
  if (!read.success) return undefined
  const { smart_status, model_name, serial_number, firmware_version, rotation_rate, nvme_smart_health_information_log: nvme } = read.data
  if (!smart_status && serial_number === undefined) return undefined
  return {
    passed: smart_status?.passed,
    model: model_name,
    serial: serial_number,
    firmware: firmware_version,
    rotationsPerMinute: rotation_rate || undefined,
    healthScore: nvme && Math.max(0, 100 - nvme.percentage_used),
  }
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown)
  } catch {
    return undefined
  }
}
