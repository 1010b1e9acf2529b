import { distance } from 'fastest-levenshtein'

/** `maxBytes` → `max_bytes` */
export const toSnake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** The candidate that `word` was probably meant to be: two or a third of its letters away at most, or the one it goes on from or stops short of. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(Math.min(2, word.length - 1), Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const away = distance(word.toLowerCase(), candidate.toLowerCase())
    if (away < least) [best, least] = [candidate, away]
  }
  return best ?? [...candidates].find((candidate) => word.startsWith(candidate) || (word.length > 2 && candidate.startsWith(word)))
}

/** What to do about a word that is not among `known`. */
export function suggest(word: string, known: readonly string[]): string {
  const meant = closest(word, known)
  if (meant) return `did you mean ${meant}?`
  return known.length > 0 ? `known are ${known.toSorted().join(', ')}` : 'nothing is known here'
}
