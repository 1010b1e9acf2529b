import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

/** What a command prints in this process; it has to succeed. The test runner's own messages are no strings, and pass. */
export async function printed(t: TestContext, command: () => Promise<number>): Promise<string> {
  let text = ''
  const original = process.stdout.write.bind(process.stdout)
  const mock = t.mock.method(process.stdout, 'write', (part: string | Uint8Array) => {
    if (typeof part !== 'string') return original(part)
    text += part
    return true
  })
  try {
    assert.equal(await command(), 0)
  } finally {
    mock.mock.restore()
  }
  return text
}
