/**
 * How a segment file begins, in 64 bytes, numbers with the lowest byte first:
 *
 *      0  WAYBILLQ
 *      8  version of the format, 2 bytes, then 2 of flags: 1 packed, 2 encrypted
 *     12  CRC-32 of what is before it: this much stays the same in every version
 *     16  number of the segment, 6 bytes
 *     22  the buffer's own 16 bytes, the same in all its segments
 *     38  the marker of its frames, 4 bytes
 *     42  how many records the buffer had accepted before its first, 6 bytes
 *     60  CRC-32 of what is before it
 */
import { crc32 } from 'node:zlib'

/** The newest version that is read; newer ones are refused. A segment without flags is of version 1, which has none. */
export const formatVersion = 2
export const headerBytes = 64

export interface SegmentHeader {
  readonly number: number
  /** 32 hex digits. */
  readonly buffer: string
  readonly marker: number
  /** The position of its first record: how many were accepted before. */
  readonly from: number
  /** Its entries are compressed. */
  readonly packed: boolean
  readonly encrypted: boolean
}

const flags = { packed: 1, encrypted: 2 } as const
const magic = Buffer.from('WAYBILLQ')

export function encodeHeader(
  { number, buffer, marker, from, packed, encrypted }: SegmentHeader,
  version = packed || encrypted ? 2 : 1,
): Buffer {
  const bytes = Buffer.alloc(headerBytes)
  magic.copy(bytes)
  bytes.writeUInt16LE(version, 8)
  bytes.writeUInt16LE((packed ? flags.packed : 0) | (encrypted ? flags.encrypted : 0), 10)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 12)), 12)
  bytes.writeUIntLE(number, 16, 6)
  bytes.write(buffer, 22, 'hex')
  bytes.writeUInt32LE(marker, 38)
  bytes.writeUIntLE(from, 42, 6)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 60)), 60)
  return bytes
}

/** The header, `newer` with the version where another program's is meant, or undefined where it is damaged or none. */
export function decodeHeader(bytes: Buffer): SegmentHeader | { readonly newer: number } | undefined {
  if (bytes.length < headerBytes || !hasMagic(bytes)) return undefined
  const version = bytes.readUInt16LE(8)
  if (crc32(bytes.subarray(0, 12)) !== bytes.readUInt32LE(12)) return undefined
  if (version > formatVersion) return { newer: version }
  if (crc32(bytes.subarray(0, 60)) !== bytes.readUInt32LE(60)) return undefined
  return {
    number: bytes.readUIntLE(16, 6),
    buffer: bytes.toString('hex', 22, 38),
    marker: bytes.readUInt32LE(38),
    from: bytes.readUIntLE(42, 6),
    packed: (bytes.readUInt16LE(10) & flags.packed) > 0,
    encrypted: (bytes.readUInt16LE(10) & flags.encrypted) > 0,
  }
}

export const hasMagic = (bytes: Buffer): boolean => bytes.subarray(0, magic.length).equals(magic)

/** The marker of a segment of which the header is damaged: what stands where its first frame begins. */
export const markerOf = (bytes: Buffer): number | undefined =>
  bytes.length >= headerBytes + 4 ? bytes.readUInt32LE(headerBytes) : undefined

/** The file name of a segment; ten digits sort as numbers do. */
export const segmentName = (number: number): string => `${String(number).padStart(10, '0')}.segment`

/** The number in a segment's file name; undefined for the name of anything else. */
export const segmentNumber = (name: string): number | undefined => (/^\d{10}\.segment$/.test(name) ? Number.parseInt(name, 10) : undefined)
