import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

/** What a command says in this process, and its exit code. The test runner's own messages are no strings, and pass. */
export async function told(t: TestContext, command: () => Promise<number>) {
  const text = { stdout: '', stderr: '' }
  const mocks = (['stdout', 'stderr'] as const).map((name) => {
    const original = process[name].write.bind(process[name])
    return t.mock.method(process[name], 'write', (part: string | Uint8Array) => {
      if (typeof part !== 'string') return original(part)
      text[name] += part
      return true
    })
  })
  try {
    const code = await command()
    return { code, ...text }
  } finally {
    for (const { mock } of mocks) mock.restore()
  }
}

/** What a command prints in this process; it has to succeed. */
export async function printed(t: TestContext, command: () => Promise<number>): Promise<string> {
  const { code, stdout } = await told(t, command)
  assert.equal(code, 0)
  return stdout
}
