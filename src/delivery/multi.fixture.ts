import { createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { MultiExporter, type MultiOptions } from './multi.ts'
import { type Answer, numbers, scripted } from './scripted.fixture.ts'

/** A multi over children named a, b, c …, each with its answers. */
export function multiOf(answers: readonly (readonly Answer[])[], options: MultiOptions<readonly number[]> = {}) {
  const clock = new ManualClock()
  const children = answers.map((script, index) => ({ ...scripted(...script), name: 'abcdef'[index]! }))
  const calls: string[] = []
  const exporters = children.map(
    ({ exporter, name }): EventExporter<readonly number[]> => ({
      name,
      export(time, data, context) {
        calls.push(name)
        return exporter.export(time, data, context)
      },
    }),
  )
  const multi = new MultiExporter(exporters, { records: numbers, ...options })
  const data = [1, 2]
  const run = (signal = new AbortController().signal) => multi.export(new Date(0), data, createContext({ clock, signal }))
  return { clock, calls, children, run }
}
