import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nameMatcher } from './name-matcher.ts'

test('a name matches as a whole, * stands for any characters, and nothing else is special', () => {
  for (const [patterns, name, expected] of [
    [['system.cpu.*'], 'system.cpu.time', true],
    [['system.cpu.*'], 'system.cpu.', true],
    [['system.cpu.*'], 'systemXcpu.time', false],
    [['cpu'], 'my.cpu', false],
    [['*_total', 'up'], 'requests_total', true],
    [['*_total', 'up'], 'upper', false],
    [['a*c'], 'a\nb\nc', true],
    [['[ab]'], 'a', false],
    [['*'], '', true],
    [[], '', false],
  ] as const) {
    assert.equal(nameMatcher(patterns)(name), expected, `${patterns} ${name}`)
  }
})

test('a name without * matches itself only, and * in it what stands in its place', () => {
  const name = fc.string().filter((text) => !text.includes('*'))
  fc.assert(
    fc.property(name, name, name, (before, inside, after) => {
      assert.equal(nameMatcher([before])(before), true)
      assert.equal(nameMatcher([before])(before + after), after === '')
      assert.equal(nameMatcher([`${before}*${after}`])(before + inside + after), true)
    }),
  )
})
