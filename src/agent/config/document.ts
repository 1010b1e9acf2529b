import { isMap, isNode, isScalar, LineCounter, type Node, parseDocument, Scalar, visit } from 'yaml'
import { expand, type Lookup } from './expand.ts'
import type { Path, Problem } from './problems.ts'

/** A YAML file read into plain values, with `${…}` expanded, that still knows where everything stands. */
export interface ConfigDocument {
  readonly value: unknown
  readonly problems: readonly Problem[]
  /** The problem with its line and column: of the value at its path, of the key, or of the nearest thing around it. */
  locate(problem: Problem): Problem
}

/** Reads `text`. Problems are syntax errors and variables that cannot be expanded; the value at such a variable is `undefined`. */
export function readDocument(text: string, lookup: Lookup): ConfigDocument {
  const lines = new LineCounter()
  const doc = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const problems: Problem[] = doc.errors.map((error) => ({ code: 'CONFIG_SYNTAX', path: [], message: error.message, ...at(error.pos[0]) }))
  if (problems.length > 0) return { value: undefined, problems, locate: (problem) => problem }

  visit(doc, {
    Scalar: (key, node) => {
      if (key === 'key' || typeof node.value !== 'string' || !node.value.includes('${')) return
      const { value, errors } = expand(node.value, lookup)
      problems.push(...errors.map((error) => ({ ...error, path: [], ...at(node.range?.[0] ?? 0) })))
      const plain = node.type === Scalar.PLAIN && /^\$\{[^}]*\}$/.test(node.value)
      node.value = errors.length > 0 ? undefined : plain ? typed(value) : value
    },
  })

  const locate = (problem: Problem): Problem =>
    problem.line === undefined ? { ...problem, ...at(offsetOf(doc.contents, problem)) } : problem
  return { value: doc.toJS(), problems, locate }
}

/** What an unquoted scalar means in YAML: `8080` is a number, `true` a boolean. */
function typed(text: string): unknown {
  const doc = parseDocument(text)
  return doc.errors.length === 0 && isScalar(doc.contents) && typeof doc.contents.value !== 'string' && doc.contents.value !== null
    ? doc.contents.value
    : text
}

function offsetOf(root: Node | null, { path, ofKey }: { path: Path; ofKey?: boolean }): number {
  let node: unknown = root
  let offset = 0
  for (const [depth, part] of path.entries()) {
    const last = depth === path.length - 1
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === part)
      if (!pair) break
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset
      if (last && ofKey) return offset
      node = pair.value
    } else node = isNode(node) && 'get' in node ? (node as { get(key: unknown, keep: boolean): unknown }).get(part, true) : undefined
    if (isNode(node)) offset = node.range?.[0] ?? offset
  }
  return offset
}
