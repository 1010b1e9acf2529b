/** `waybill arrays serve` as a process, and the commands of a page against it. */
import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const waybill = fileURLToPath(new URL('../bin/waybill', import.meta.url))
const startsWithinMs = 20_000

/** A point or an alert in a file of JSON lines. */
export interface WrittenLine {
  readonly time: string
  readonly name: string
  readonly value: number
  readonly labels: Readonly<Record<string, string>>
}

/** Arrays that are served from a folder with a waybill.yaml, at a free port. */
export class ServedArrays {
  readonly url: string
  readonly #child: ChildProcess
  readonly #folder: string
  readonly #output: { text: string }

  private constructor(child: ChildProcess, folder: string, url: string, output: { text: string }) {
    this.#child = child
    this.#folder = folder
    this.url = url
    this.#output = output
  }

  /** `waybill` is found in the folder from then on. Rejects with what it said when it does not listen. */
  static async start(folder: string): Promise<ServedArrays> {
    const inPath = join(folder, 'waybill')
    writeFileSync(inPath, `#!/bin/sh\nexec "${process.execPath}" --conditions=waybill-source "${waybill}" "$@"\n`, { mode: 0o755 })
    const config = readFileSync(join(folder, 'waybill.yaml'), 'utf8')
    writeFileSync(join(folder, 'served.yaml'), `${config}api: { listen: "127.0.0.1:0" }\n`)
    const args = ['arrays', 'serve', '--config', 'served.yaml', '--data-dir', 'data', '--listen', '127.0.0.1:0']
    const child = spawn(inPath, args, { cwd: folder, env: environmentOf(folder) })
    const output = { text: '' }
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output.text += text))
    for (let waitedMs = 0; waitedMs < startsWithinMs && child.exitCode === null; waitedMs += 50) {
      const [, url] = /arrays are registered at url=(\S+)\/v1\/storages/.exec(output.text) ?? []
      if (url !== undefined) return new ServedArrays(child, folder, url, output)
      await pause(50)
    }
    child.kill('SIGKILL')
    throw new Error(`it does not listen: ${output.text}`)
  }

  /** What it has said. */
  get said(): string {
    return this.#output.text
  }

  /** Runs shell commands of a page in the folder; gives what they print. Rejects when one fails. */
  async run(commands: string): Promise<string> {
    const here = commands.replaceAll('http://127.0.0.1:8190', this.url).replaceAll(/waybill arrays \w+/g, `$& --api ${this.url}`)
    const { stdout } = await promisify(execFile)('bash', ['-e', '-o', 'pipefail', '-c', here], {
      cwd: this.#folder,
      env: environmentOf(this.#folder),
    })
    return stdout
  }

  /** Resolves when it holds; rejects with what was said when it does not in that time. */
  async until(holds: () => boolean, withinMs = 20_000): Promise<void> {
    for (let waitedMs = 0; !holds(); waitedMs += 50) {
      assert.ok(waitedMs < withinMs, `it has not happened in ${withinMs} ms; the server said: ${this.said}`)
      await pause(50)
    }
  }

  /** What the file exporter has written to `archive` in the folder. */
  written(signal: 'metrics' | 'alerts'): readonly WrittenLine[] {
    return globSync(join(this.#folder, 'archive', `*-${signal}-*.jsonl`)).flatMap((name) =>
      readFileSync(name, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as WrittenLine),
    )
  }

  async kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.kill(signal)
    await ended
  }
}

const environmentOf = (folder: string) => ({
  ...process.env,
  NO_COLOR: '1',
  PATH: `${folder}${delimiter}${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
  NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'),
})
