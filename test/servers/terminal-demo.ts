/**
 * Shows a recording in the terminal view: `node terminal-demo.ts RECORDING [SPEED]`, the speed of Infinity if none is given. A third
 * argument `throw` has it throw an exception that nobody catches, at the key `!`.
 */
import { Dashboard } from '../../src/dashboard/dashboard.ts'
import { readRecording } from '../../src/dashboard/recording/recording.ts'
import { replay } from '../../src/dashboard/replay.ts'

const [recording = '', speed = 'Infinity', atKey] = process.argv.slice(2)
if (atKey === 'throw') {
  process.stdin.on('data', (key) => {
    if (String(key) === '!') throw new Error('thrown by the demo')
  })
}
const over = new AbortController()
const dashboard = new Dashboard()
const shown = dashboard.run(over.signal)
for await (const { timeMs, values } of replay(readRecording(recording), { speed: Number(speed), signal: over.signal }))
  dashboard.update(values, timeMs)
const exports = ['csv', 'prometheus'].map((name) => ({ name, delivered: 3200, pending: 0, deadLettered: 0 }))
dashboard.status({ exports, balanced: true })
await shown
