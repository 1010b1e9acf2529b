/** Reads what source files import, and compares it with the floors. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { type Floor, floors, pureNodeModules, testsSee } from './floors.ts'

/** One import that is not allowed. */
export interface Breach {
  /** Below src, like everything here. */
  readonly file: string
  /** As written; `(computed)` where it is not a literal. */
  readonly specifier: string
  readonly reason: string
}

export interface Packages {
  readonly dependencies: readonly string[]
  readonly devDependencies: readonly string[]
}

/** Every breach in a source tree, by file. */
export function breachesIn(src: string, packages: Packages): Breach[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .flatMap((file) => breachesOf(file.replaceAll('\\', '/'), readFileSync(join(src, file), 'utf8'), packages))
}

/** The breaches of one file. */
export function breachesOf(file: string, text: string, packages: Packages): Breach[] {
  const place = placeOf(file)
  if (!place) return [{ file, specifier: '', reason: 'it stands on no floor: add its folder to test/floors.ts' }]
  return importsOf(text).flatMap((specifier) => {
    const reason = objection({ file, specifier, ...place, packages, isTest: /\.(test|fixture)\.ts$|\/fixtures\//.test(file) })
    return reason ? [{ file, specifier, reason }] : []
  })
}

/**
 * The specifiers of all static imports, re-exports and `import()` calls and types, in the order of their kinds. Static ones are
 * found by beginning a line, as the formatter leaves them.
 */
export function importsOf(text: string): string[] {
  const code = text.replace(/^[ \t]*(\/\/.*$|\/\*[\s\S]*?\*\/)/gm, '')
  const found = (pattern: RegExp) => [...code.matchAll(pattern)].map((match) => match[2] ?? '(computed)')
  return [
    ...found(/^import\s+(?:[\w$*{},\s]+?\s+from\s+)?(['"])(.+?)\1/gm),
    ...found(/^export\s+(?:type\s+)?(?:\*(?:\s+as\s+[\w$]+)?|\{[^}]*\})\s*from\s+(['"])(.+?)\1/gm),
    ...found(/\bimport\(\s*(?:(['"])([^'"]+)\1\s*[,)])?/gm),
  ]
}

interface Question {
  readonly file: string
  readonly specifier: string
  readonly floor: Floor
  /** The folder or file that `file` may import from freely. */
  readonly home: string
  readonly packages: Packages
  readonly isTest: boolean
}

/** Why the import is not allowed; undefined when it is. */
function objection({ file, specifier, floor, home, packages, isTest }: Question): string | undefined {
  if (specifier === '(computed)') return floor.computed || isTest ? undefined : `${home} imports no module by a name worked out at run time`
  if (specifier.startsWith('node:')) {
    const allowed = isTest || floor.node === 'any' || (floor.node === 'pure' && pureNodeModules.includes(specifier))
    return allowed ? undefined : `${home} may import ${floor.node === 'pure' ? `only ${pureNodeModules.join(', ')}` : 'no node: modules'}`
  }
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file), specifier)
    const seen = [home, ...floor.sees, ...(isTest ? testsSee : [])]
    return seen.some((path) => isWithin(target, path)) ? undefined : `${home} sees ${floor.sees.join(', ') || 'nothing'} and itself`
  }
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  const allowed = floor.packages === 'dependencies' ? packages.dependencies : floor.packages
  if (allowed.includes(name) || (isTest && [...packages.dependencies, ...packages.devDependencies].includes(name))) return undefined
  return `${home} may import ${floor.packages === 'dependencies' ? 'packages only from dependencies' : `the packages [${floor.packages.join(', ')}]`}`
}

/** The floor of a file, and the folder or file there that it belongs to. */
function placeOf(file: string): { floor: Floor; home: string } | undefined {
  for (const floor of floors) {
    for (const pattern of floor.of) {
      const depth = pattern.split('/').length
      const home = file.split('/', depth).join('/')
      if (isWithin(file, home) && posix.matchesGlob(home, pattern)) return { floor, home }
    }
  }
  return undefined
}

const isWithin = (file: string, path: string): boolean => file === path || file.startsWith(`${path}/`)
