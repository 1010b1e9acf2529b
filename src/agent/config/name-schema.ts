import { z } from '../../sdk.ts'

/** The name of a component. */
export const name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/,
    'a name has 1 to 63 letters, digits, dots, dashes or underscores, and begins with a letter or digit',
  )
