import { duration, listenProblem, z } from '../../sdk.ts'

/** What stands under `traps:` of `arrays:`. */
export const trapsSchema = z.strictObject({
  enabled: z.boolean().default(true).describe('Whether to listen for SNMP traps.'),
  listen: z
    .string()
    .default('127.0.0.1:1162')
    .superRefine((listen, context) => {
      // Each trap shows who sends it: its address is known, and it has the community or the key of that array.
      const problem = listenProblem(listen, true)
      if (problem) context.addIssue({ code: 'custom', message: problem })
    })
    .describe('UDP address for traps, host:port; `0.0.0.0:162` for every address and the usual port, which takes a privilege.'),
  repeatAfter: duration()
    .prefault('1h')
    .describe('The same alert told again is handed on again after so long; before that it is counted only.'),
})

export type TrapsConfig = z.output<typeof trapsSchema>
