/** Reads decimals out of bytes. */
export class DecimalReader {
  /** The place behind the one that was read last. */
  at = 0

  /**
   * The decimal that begins at `start`, such as `-12.5e-3`; undefined where there is none. What stands behind it is the caller's
   * to look at.
   */
  read(bytes: Buffer, start: number): number | undefined {
    const negative = bytes[start] === minus
    let at = negative ? start + 1 : start
    let digits = 0
    let count = 0
    let point = -1
    for (; ; at++) {
      const byte = bytes[at]!
      if (byte >= zero && byte <= nine) {
        digits = digits * 10 + byte - zero
        count++
      } else if (byte === dot && point < 0) point = at
      else break
    }
    if (count === 0) return undefined
    let power = point < 0 ? 0 : point + 1 - at
    if ((bytes[at]! | lowerCase) === letterE) {
      const less = bytes[at + 1] === minus
      at += less || bytes[at + 1] === plus ? 2 : 1
      const first = at
      let exponent = 0
      for (; bytes[at]! >= zero && bytes[at]! <= nine && at - first < 4; at++) exponent = exponent * 10 + bytes[at]! - zero
      if (at === first) return undefined
      power += less ? -exponent : exponent
    }
    this.at = at
    // Up to 15 digits, and powers up to 10²², are doubles without error, so that these come to one rounding.
    if (count > 15 || power < -22 || power > 22) return Number(bytes.toString('latin1', start, at))
    const size = power < 0 ? digits / powersOfTen[-power]! : digits * powersOfTen[power]!
    return negative ? -size : size
  }

  /** The whole number that begins at `start`; undefined where there is none, or one of more than 15 digits. */
  readWhole(bytes: Buffer, start: number): number | undefined {
    const negative = bytes[start] === minus
    const first = negative ? start + 1 : start
    let at = first
    let digits = 0
    for (; bytes[at]! >= zero && bytes[at]! <= nine; at++) digits = digits * 10 + bytes[at]! - zero
    this.at = at
    if (at === first || at - first > 15) return undefined
    return negative ? -digits : digits
  }
}

const [plus, minus, dot, zero, nine, letterE, lowerCase] = [0x2b, 0x2d, 0x2e, 0x30, 0x39, 0x65, 0x20]
const powersOfTen = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`))
