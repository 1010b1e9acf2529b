import { signals, z } from '../../sdk.ts'
import { name } from './name-schema.ts'

/** A list without the same twice. */
const names = () =>
  z.array(z.string()).superRefine((list, { addIssue }) => {
    for (const [index, name] of list.entries())
      if (list.indexOf(name) < index) addIssue({ code: 'custom', path: [index], message: `${name} stands here twice` })
  })

/** Checked when the file is resolved: the expression library is imported only when there is a condition. */
const condition = z.string().min(1).meta({ title: 'CEL condition' })

const route = z.object({
  when: condition.optional().describe('A CEL condition about the batch.'),
  where: condition.optional().describe('A CEL condition about each record: those for which it holds go there.'),
  to: names().min(1).describe('Exporters by name.'),
  description: z.string().optional().describe('What it is for, in the log; the names of its exporters when absent.'),
})

export const pipelineSchema = z.object({
  name: name.describe('What the books call it.'),
  from: names().min(1).describe('Sources and receivers by name.'),
  process: z.array(z.string()).default([]).describe('Processors by name, in order.'),
  signals: z
    .array(z.enum(signals))
    .optional()
    .describe('Only these signals; others are counted as unmatched. Default: all that its exporters take.'),
  when: condition
    .optional()
    .describe(
      'Only batches for which this holds, a CEL condition such as metrics["system.cpu.utilization"].max > 0.9; others are counted as unmatched.',
    ),
  to: names().default([]).describe('Exporters by name.'),
  routes: z
    .array(route)
    .default([])
    .describe('In place of `to`: exporters with conditions. Every route that matches gets the records; what no route wants is unmatched.'),
  strategy: z
    .enum(['parallel', 'sequential', 'failover'])
    .default('parallel')
    .describe(
      'parallel: every exporter gets everything, at once. sequential: one after the other. failover: the first, and the next when it fails.',
    ),
  require: z.enum(['any', 'all']).default('any').describe('Hold the source back when every exporter refuses (any) or when one does (all).'),
})

export type PipelineConfig = z.output<typeof pipelineSchema>

/** Every exporter that it goes to, by name. */
export const destinationsOf = ({ to, routes }: PipelineConfig): readonly string[] => [
  ...new Set([...to, ...routes.flatMap((route) => route.to)]),
]
