import { duration, z } from '../../sdk.ts'

const positive = () => duration().refine((ms) => ms > 0, 'must be longer than 0')

/** What stands under `collection:` of `arrays:`. */
export const collectionSchema = z.strictObject({
  interval: positive().prefault('15m').describe('How often what an array measures is collected, where its metrics-config does not say.'),
  overlap: duration()
    .prefault('1m')
    .describe(
      'How far before the end of the last collection the next one begins, for samples that an array has late. None is handed on twice for it.',
    ),
  retryWindow: positive()
    .prefault('2h')
    .describe(
      'How old a span of time may become that could not be collected; older ones are given up, and counted. Never longer than the array keeps them.',
    ),
  timeout: positive().prefault('5m').describe('How long an array may take to answer.'),
  alertsInterval: positive()
    .nullable()
    .prefault('5m')
    .describe('How often every array is asked for all its alerts, first at the start; null: only when somebody asks for it.'),
  concurrency: z.int().min(1).default(4).describe('Of how many arrays is collected at once.'),
})

export type CollectionConfig = z.output<typeof collectionSchema>
