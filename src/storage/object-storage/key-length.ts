/** What S3, Azure and Google keep to: a key has at most so many bytes of UTF-8. */
const mostBytes = 1024

/** Why a key is too long for a bucket; undefined when it is not. */
export const keyLengthObjection = (key: string): string | undefined =>
  Buffer.byteLength(key) > mostBytes ? `it has more than ${mostBytes} bytes` : undefined
