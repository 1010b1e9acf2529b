import type { ByteWriter } from '../../core/index.ts'

/** The lowest 32 bits of an integer. */
export function writeInt32(writer: ByteWriter, value: number): void {
  writer.byte(value & 0xff)
  writer.byte((value >>> 8) & 0xff)
  writer.byte((value >>> 16) & 0xff)
  writer.byte(value >>> 24)
}

/** An integer of 64 bits with a sign, which a number is too if it is in that range. */
export function writeInt64(writer: ByteWriter, value: number | bigint): void {
  if (typeof value === 'bigint') {
    writeInt32(writer, Number(BigInt.asIntN(32, value)))
    writeInt32(writer, Number(value >> 32n))
  } else {
    writeInt32(writer, value | 0)
    writeInt32(writer, Math.floor(value / 2 ** 32))
  }
}
