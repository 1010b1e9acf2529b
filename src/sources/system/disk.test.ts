import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDiskstats } from './disk.ts'

const line = (name: string) => `   8       0 ${name} 1 2 3 4 5 6 7 8 0 0 0\n`
const disksAmong = (...names: string[]) => [...parseDiskstats(names.map(line).join('')).keys()]

test('sectors are 512 bytes', () => {
  assert.deepEqual([...parseDiskstats(line('sda'))], [['sda', { readBytes: 1536, writtenBytes: 3584, reads: 1, writes: 5 }]])
})

test('partitions are told from disks by the names of both', () => {
  assert.deepEqual(disksAmong('sda', 'sda1', 'sda15', 'sdaa', 'sdb'), ['sda', 'sdaa', 'sdb'])
  assert.deepEqual(disksAmong('nvme0n1', 'nvme0n1p1', 'nvme0n1p12', 'nvme0n10'), ['nvme0n1', 'nvme0n10'])
  assert.deepEqual(disksAmong('mmcblk0', 'mmcblk0p1', 'mmcblk0boot0'), ['mmcblk0', 'mmcblk0boot0'])
  assert.deepEqual(disksAmong('dm-1', 'dm-10', 'md0', 'md0p1', 'cciss/c0d0', 'cciss/c0d0p1'), ['dm-1', 'dm-10', 'md0', 'cciss/c0d0'])
  assert.deepEqual(disksAmong('xvda1'), ['xvda1'], 'a disk whose name looks like a partition, as some clouds have it')
})

test('malformed and short lines are left out', () => {
  const text = `8 0 sda 1 2 x 4 5 6 7 8\n8 0\n\n8 1 sdb 1 2 3 4\n${line('sdc')}`
  assert.deepEqual([...parseDiskstats(text).keys()], ['sdc'])
})
