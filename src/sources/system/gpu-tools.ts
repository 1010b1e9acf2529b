import { amount } from './columns.ts'
import type { Gpu } from './reading.ts'

/** A command that tells of the GPUs of one vendor. */
export interface GpuToolFormat {
  readonly arguments: readonly string[]
  /** The GPUs in what it prints; none where that is not what was expected. */
  parse(output: string): readonly Gpu[]
}

const mebibyte = 1024 * 1024

/** nvidia-smi: a line for each GPU, memory in MiB; `[N/A]` and other words stand for what a GPU does not tell. */
export const nvidiaSmi: GpuToolFormat = {
  arguments: ['--query-gpu=index,utilization.gpu,memory.used,memory.total', '--format=csv,noheader,nounits'],
  parse: (output) =>
    output.split('\n').flatMap((line): Gpu[] => {
      const [index, utilization, used, total] = line.split(',').map((value) => value.trim())
      if (amount(index) === undefined) return []
      return [
        {
          vendor: 'nvidia',
          index: index!,
          utilizationPercent: amount(utilization),
          memoryUsedBytes: bytes(used),
          memoryTotalBytes: bytes(total),
        },
      ]
    }),
}

/** rocm-smi: a JSON object with an object of texts for each card, after warnings that are not JSON. */
export const rocmSmi: GpuToolFormat = {
  arguments: ['--showuse', '--showmeminfo', 'vram', '--json'],
  parse: (output) =>
    Object.entries(objectIn(output)).flatMap(([card, values]): Gpu[] => {
      const index = card.startsWith('card') ? card.slice('card'.length) : ''
      if (amount(index) === undefined || typeof values !== 'object' || values === null) return []
      const told = values as Readonly<Record<string, unknown>>
      return [
        {
          vendor: 'amd',
          index,
          utilizationPercent: amount(String(told['GPU use (%)'])),
          memoryUsedBytes: amount(String(told['VRAM Total Used Memory (B)'])),
          memoryTotalBytes: amount(String(told['VRAM Total Memory (B)'])),
        },
      ]
    }),
}

function bytes(mebibytes: string | undefined): number | undefined {
  const value = amount(mebibytes)
  return value === undefined ? undefined : value * mebibyte
}

function objectIn(output: string): object {
  try {
    const value: unknown = JSON.parse(output.slice(output.indexOf('{')))
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
