import fc from 'fast-check'

const surrogates = { first: 0xd800, count: 0x800 }

/**
 * Any character of Unicode, as a unit of `fc.string`: what fast-check calls `binary`, without its table of all 1.1 million, which
 * takes a second and stays in memory. Strings of it are those that programs stumble over too, such as `__proto__`.
 */
export const character: fc.Arbitrary<string> = fc.nat({ max: 0x10ffff - surrogates.count }).map(
  (n) => String.fromCodePoint(n < surrogates.first ? n : n + surrogates.count),
  (text) => {
    const code = typeof text === 'string' && [...text].length === 1 ? text.codePointAt(0)! : Number.NaN
    if (!(code < surrogates.first || code >= surrogates.first + surrogates.count)) throw new TypeError('not one whole character')
    return code < surrogates.first ? code : code - surrogates.count
  },
)
