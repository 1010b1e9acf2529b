import { WaybillError } from './errors.ts'

/** Bytes, or a number with its unit: `'64KiB'`, `'100MB'`, `'1.5GiB'`. */
export type Size = number | string

const units: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
}

/** Whole bytes. Throws WaybillError `INVALID_SIZE` for a negative or infinite number and for any other text. */
export function parseSize(size: Size): number {
  const match = typeof size === 'string' ? /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(size.trim()) : undefined
  const unit = match ? units[match[2]!.toLowerCase()] : 1
  const bytes = typeof size === 'number' ? size : match && unit ? Number(match[1]) * unit : Number.NaN
  if (Number.isFinite(bytes) && bytes >= 0) return Math.round(bytes)
  throw new WaybillError('INVALID_SIZE', `${JSON.stringify(size)} is not a size`, {
    hint: "write bytes, or a number with its unit, such as '64KiB', '100MB' or '1GiB'",
  })
}

/** Three digits and a binary unit: `1.5 GiB`. */
export function formatSize(bytes: number): string {
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = bytes < 1 ? 0 : Math.min(names.length - 1, Math.floor(Math.log2(bytes) / 10))
  return `${Number((bytes / 2 ** (10 * power)).toPrecision(3))} ${names[power]}`
}
