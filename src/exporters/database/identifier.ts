/** Names of tables and columns: checked when a person wrote them, mended when they come with the data, always quoted. */

/** The shortest limit among the databases in use (PostgreSQL's), so that a configuration fits any of them. */
const maxBytes = 63

/** What a database keeps for itself. */
const reserved = /^sqlite_/i

const control = /\p{Cc}/gu

/** Why a name from a configuration cannot be used; undefined when it can. */
export function identifierProblem(name: string): string | undefined {
  if (name === '') return 'a name must not be empty'
  if (name.search(control) >= 0 || !name.isWellFormed()) return 'a name must not contain control characters or half characters'
  if (Buffer.byteLength(name) > maxBytes) return `a name must not be longer than ${maxBytes} bytes`
  return reserved.test(name) ? 'names that begin with sqlite_ belong to the database' : undefined
}

/** The name nearest to `name`, which came with the data, that can be used. Different names may become the same. */
export function identifierOf(name: string): string {
  let usable = name.slice(0, maxBytes).toWellFormed().replace(control, '_').replace(reserved, '_$&')
  while (Buffer.byteLength(usable) > maxBytes) usable = [...usable].slice(0, -1).join('')
  return usable || '_'
}

/** The name as SQL has it: between double quotes, those inside doubled. Throws for a NUL, where C would end the statement. */
export function quoted(name: string): string {
  if (name.includes('\0')) throw new TypeError('a name must not contain a NUL')
  return `"${name.replaceAll('"', '""')}"`
}

/** The name as it is compared: databases do not tell the case of A to Z apart. */
export const folded = (name: string): string => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** The first of `names` that is the same as one before it. */
export function firstRepeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(folded(name))) return name
    seen.add(folded(name))
  }
  return undefined
}
