/**
 * `npm run test:crash [-- --kills N --runs N --array-kills N --seed N]`: the model of the disk buffer, tried 20,000 times; the agent, killed
 * 10 times under load; and the agent as it collects from 50 storage arrays, killed 3 times. Exit code 1 when a record is lost; the seed
 * that it prints makes the same choices again.
 */
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { killWithArrays } from './arrays.ts'
import { killAgain } from './kills.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '10' },
    runs: { type: 'string', default: '20000' },
    'array-kills': { type: 'string', default: '3' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
  },
})
const [kills, runs, arrayKills, seed] = [values.kills, values.runs, values['array-kills'], values.seed].map(Number)
const print = (line: string) => void process.stdout.write(`${line}\n`)
const model = fileURLToPath(new URL('../../src/delivery/disk/disk-queue.model.test.ts', import.meta.url))

print(`seed ${seed}`)
if (runs! > 0) {
  const args = ['--conditions=waybill-source', '--test', '--test-timeout=3600000', model]
  const { status } = spawnSync(process.execPath, args, { env: { ...process.env, WAYBILL_RUNS: String(runs) }, stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
if (kills! > 0) await killAgain({ kills: kills!, seed: seed!, print }).catch(failed)
if (arrayKills! > 0) await killWithArrays({ kills: arrayKills!, seed: seed!, arrays: 50, print }).catch(failed)

function failed(error: Error): void {
  print(`${error.stack}\nseed ${seed}`)
  process.exitCode = 1
}
