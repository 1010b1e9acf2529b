import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nvidiaSmi, rocmSmi } from './gpu-tools.ts'

const unknown = { utilizationPercent: undefined, memoryUsedBytes: undefined, memoryTotalBytes: undefined }

test('nvidia-smi tells a GPU a line, in percent and MiB', () => {
  const gpus = nvidiaSmi.parse('0, 37, 1024, 24576\n1, [N/A], [N/A], [Not Supported]\nNo devices were found\n\n')
  assert.deepEqual(gpus, [
    { vendor: 'nvidia', index: '0', utilizationPercent: 37, memoryUsedBytes: 1_073_741_824, memoryTotalBytes: 25_769_803_776 },
    { vendor: 'nvidia', index: '1', ...unknown },
  ])
})

test('rocm-smi tells an object of cards, in percent and bytes', () => {
  const gpus = rocmSmi.parse(`WARNING: AMD GPU device(s) is/are in a low-power state.
    {"card0": {"GPU use (%)": "12", "VRAM Total Memory (B)": "17163091968", "VRAM Total Used Memory (B)": "17453056"},
     "card1": {"GPU use (%)": "N/A"}, "card2": null, "system": {"Driver version": "6.7.0"}}`)
  assert.deepEqual(gpus, [
    { vendor: 'amd', index: '0', utilizationPercent: 12, memoryUsedBytes: 17_453_056, memoryTotalBytes: 17_163_091_968 },
    { vendor: 'amd', index: '1', ...unknown },
  ])
})

test('whatever else a tool prints is no GPU', () => {
  for (const output of ['', '{', '{}', '[]', 'null', '{"card0": 3}', 'error: {"card0"']) assert.deepEqual(rocmSmi.parse(output), [])
  const output = fc.oneof(fc.string(), fc.json())
  fc.assert(fc.property(output, (text) => Array.isArray(nvidiaSmi.parse(text)) && Array.isArray(rocmSmi.parse(text))))
})
