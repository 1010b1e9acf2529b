const shown = '[redacted]'

/** How much of a text is shown. */
const mostCharacters = 1024

/**
 * A text of somebody else for a message on one line: at most its first 1,024 characters, every one of `secrets` replaced by
 * `[redacted]`, in whatever spelling (as it is, in JSON, in a URL), control characters left out.
 */
export function redact(text: string, secrets: Iterable<string>): string {
  const spellings = spellingsOf(secrets)
  if (spellings.length === 0) return oneLine(text.slice(0, mostCharacters))
  const pattern = new RegExp(spellings.map((spelling) => RegExp.escape(spelling)).join('|'), 'g')
  // A secret that stands across the end is not cut, for half of it would tell too much.
  let end = mostCharacters
  for (const { 0: match, index } of text.matchAll(pattern)) if (index < end) end = Math.max(end, index + match.length)
  return oneLine(text.slice(0, end).replace(pattern, shown))
}

/** The longest first, so that none is taken for a shorter one within it. */
function spellingsOf(secrets: Iterable<string>): string[] {
  const spellings = new Set([...secrets].flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]))
  spellings.delete('')
  return [...spellings].sort((a, b) => b.length - a.length)
}

const oneLine = (text: string): string => text.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim()
