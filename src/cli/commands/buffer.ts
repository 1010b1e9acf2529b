import { readFile } from 'node:fs/promises'
import { batchRecords } from '../../core/batch-records.ts'
import { formatDuration } from '../../core/duration.ts'
import { WaybillError } from '../../core/errors.ts'
import { formatSize } from '../../core/size.ts'
import { type Amount, type Examination, examine } from '../../delivery/disk/examine.ts'
import { Keyring } from '../../delivery/disk/keyring.ts'
import { exitCodes } from '../exit-codes.ts'
import { print } from '../print.ts'
import { textTable } from '../text-table.ts'

export interface BufferCommandOptions {
  readonly how: 'look' | 'verify' | 'repair'
  readonly keyFile?: readonly string[]
  readonly json?: boolean
}

/** `waybill buffer inspect`, `verify` and `repair`. */
export async function buffer(folder: string, { how, keyFile = [], json }: BufferCommandOptions): Promise<number> {
  const keys = await Promise.all(keyFile.map(keyIn))
  const found = await examine({ folder, records: batchRecords, keys: new Keyring(undefined, keys), how })
  print(json ? `${JSON.stringify(found, null, 2)}\n` : `${linesOf(found, Date.now()).join('\n')}\n`)
  const isDamaged = (found.damage?.length ?? 0) > 0 || (found.lost ?? 0) > 0
  return how === 'verify' && isDamaged ? exitCodes.damaged : exitCodes.ok
}

async function keyIn(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new WaybillError('FILE_UNREADABLE', 'the file with the key cannot be read', { at: path, cause })
  }
}

function linesOf(found: Examination, nowMs: number): string[] {
  const { segments, told, damage } = found
  const facts = factsOf(found, nowMs).map(([name, value]) => `${name.padEnd(10)}  ${value}`)
  return [
    ...facts,
    ...(segments.length > 0 ? ['', ...segmentTable(found)] : []),
    ...(told.length > 0 ? ['', 'Starting it would tell:', ...told.map((it) => `  ${sentence(it)}`)] : []),
    ...(damage && damage.length > 0 ? ['', 'Damaged:', ...damage.map((it) => `  ${it.file} at ${it.offset}: ${it.why}`)] : []),
    ...(damage ? ['', verdictOf(found)] : []),
  ]
}

function factsOf(found: Examination, nowMs: number): (readonly [string, string])[] {
  const { buffer, version, pid, accepted, done, pending, oldestMs, segments, spares, quarantined } = found
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0)
  const seconds = Math.round((nowMs - (oldestMs ?? nowMs)) / 1000)
  const age = seconds > 0 ? `, ${formatDuration(seconds * 1000)} ago` : ''
  return [
    ['buffer', buffer],
    ['format', version === undefined ? 'no segments' : `version ${version}`],
    ['in use', pid === undefined ? 'by nobody' : `by process ${pid}: the figures are those of a moment`],
    ['records', `${count(pending)} wait; ${count(accepted)} were accepted, the first ${count(done)} are settled`],
    ['oldest', oldestMs === undefined ? '-' : `accepted at ${new Date(oldestMs).toISOString()}${age}`],
    [
      'on disk',
      `${formatSize(bytes)} in ${count(segments.length)} segments${spares.files > 0 ? `, ${amount(spares)} to be written over` : ''}`,
    ],
    ['quarantine', quarantined.files === 0 ? 'empty' : amount(quarantined)],
  ]
}

function segmentTable({ segments, done }: Examination): string[] {
  const right = (title: string) => ({ title, align: 'right' as const })
  const columns = [{ title: 'segment' }, right('records'), right('first'), right('size'), { title: '' }]
  return textTable(
    columns,
    segments.map(({ file, from, until, bytes, packed, encrypted }) => {
      const notes = [from <= done && done < until && 'is delivered from', packed && 'compressed', encrypted && 'encrypted']
      return [file, count(until - from), count(from), formatSize(bytes), notes.filter(Boolean).join(', ')]
    }),
  )
}

const count = (value: number): string => value.toLocaleString('en-US')

const amount = ({ files, bytes }: Amount): string => `${formatSize(bytes)} in ${count(files)} ${files === 1 ? 'file' : 'files'}`

/** The message with its fields: `an empty segment is removed (file: /b/0000000001.segment)`. */
function sentence({ message, ...fields }: Examination['told'][number]): string {
  const rest = Object.entries(fields).map(([name, value]) => `${name}: ${value instanceof Error ? value.message : String(value)}`)
  return rest.length > 0 ? `${message} (${rest.join(', ')})` : message
}

function verdictOf({ damage, lost, pending }: Examination): string {
  if (lost)
    return `${count(lost)} of ${count(pending)} records cannot be read. They will be counted as dropped, corrupted; all others are delivered.`
  if (damage && damage.length > 0) return 'There is damage, and no record is lost by it.'
  return 'Everything that waits can be read.'
}
