// An application that profiles itself with the library. The variables PROFILING_… say where the profile goes.
import { setTimeout as pause } from 'node:timers/promises'
import { waitForSignal } from 'waybill'
import { startProfiling } from 'waybill/application'

const profiling = await startProfiling()
const ending = waitForSignal()
let ended = false
void ending.then(() => {
  ended = true
})

/** What this application does all day. */
async function work() {
  await pause(10 + Math.random() * 90)
}

while (!ended) {
  const begun = process.hrtime.bigint()
  await (profiling?.profiler.trace('work', work) ?? work())
  profiling?.profiler.recordMessage({ durationNs: process.hrtime.bigint() - begun })
}
await profiling?.stop()
