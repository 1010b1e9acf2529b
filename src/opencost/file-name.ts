/** A name for a file from what is in it: parts joined by `_`, only letters, digits and `.`, `-`, `_`, which every system takes. */
export const fileNameOf = (parts: readonly string[], extension: string): string =>
  `${parts
    .filter((part) => part !== '')
    .map((part) => part.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 80))
    .join('_')}.${extension}`

/** `20260131_140509`, UTC. */
export const fileTime = (ms: number): string => new Date(ms).toISOString().replace(/[-:]/g, '').replace('T', '_').slice(0, 15)
