import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { apiPaths } from './api-paths.ts'

/** Those in use; after https://docs.docker.com/reference/dockerfile/. */
const known = ['FROM', 'WORKDIR', 'COPY', 'RUN', 'ENV', 'USER', 'VOLUME', 'EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD']

interface Instruction {
  readonly line: number
  readonly name: string
  readonly rest: string
}

/** What is wrong with the Dockerfile at `path`, whose context is `context`. */
export function dockerfileProblems(path: string, context: string): readonly string[] {
  const instructions = read(readFileSync(path, 'utf8'))
  const allowed = readFileSync(join(context, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1))
  const found: (readonly [line: number, problem: string])[] = []
  const stages: string[] = []
  for (const instruction of instructions) {
    const add = (problem: string) => found.push([instruction.line, problem])
    if (!known.includes(instruction.name)) add(`${instruction.name} is not an instruction that is known here`)
    if (instruction.name === 'FROM') stages.push(/\bAS (\S+)$/.exec(instruction.rest)?.[1] ?? '')
    if (instruction.name === 'COPY') copyProblems(instruction.rest, { context, allowed, stages }).forEach(add)
    if (['ENTRYPOINT', 'CMD', 'HEALTHCHECK'].includes(instruction.name) && !isExec(instruction.rest))
      add(`${instruction.name} needs a shell: write it as a JSON array`)
  }
  return [...found.map(([line, problem]) => `Dockerfile:${line}: ${problem}`), ...imageProblems(instructions)]
}

/** One for each instruction, with its continuation lines; comments and blank lines are left out. */
function read(text: string): readonly Instruction[] {
  const instructions: Instruction[] = []
  let begun: Instruction | undefined
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(line)) continue
    const [, name = line, words = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? []
    begun = begun ? { ...begun, rest: `${begun.rest} ${line.trim()}` } : { line: index + 1, name, rest: words }
    if (begun.rest.endsWith('\\')) {
      begun = { ...begun, rest: begun.rest.slice(0, -1).trim() }
      continue
    }
    instructions.push(begun)
    begun = undefined
  }
  return begun ? [...instructions, begun] : instructions
}

interface Place {
  readonly context: string
  /** What .dockerignore lets through. */
  readonly allowed: readonly string[]
  readonly stages: readonly string[]
}

function copyProblems(rest: string, { context, allowed, stages }: Place): readonly string[] {
  const words = rest.split(/\s+/)
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length)
  if (from !== undefined) return stages.includes(from) ? [] : [`there is no stage ${from}`]
  const sources = words.filter((word) => !word.startsWith('--')).slice(0, -1)
  return sources.flatMap((source) => {
    if (!existsSync(join(context, source))) return [`there is no ${source}`]
    return allowed.includes(source) ? [] : [`.dockerignore leaves ${source} out`]
  })
}

/** Of the image itself, so of the last stage. */
function imageProblems(instructions: readonly Instruction[]): readonly string[] {
  const begin = instructions.findLastIndex(({ name }) => name === 'FROM')
  const last = (wanted: string) => instructions.slice(begin).findLast(({ name }) => name === wanted)?.rest
  const user = last('USER')
  const asked = /http:\/\/127\.0\.0\.1:\d+([^\s'"]*)/.exec(last('HEALTHCHECK') ?? '')?.[1]
  return [
    ...(user !== undefined && !/^(root|0)(:|$)/.test(user) ? [] : ['Dockerfile: the image runs as root: set USER']),
    ...(last('ENTRYPOINT') ? [] : ['Dockerfile: there is no ENTRYPOINT']),
    ...(apiPaths.includes(asked ?? '') ? [] : [`Dockerfile: the health check asks for ${asked}, which the API does not have`]),
  ]
}

/** Whether the command is a JSON array, after options and, for a health check, `CMD`. */
function isExec(rest: string): boolean {
  try {
    return Array.isArray(JSON.parse(rest.replace(/^(--\S+\s+)*(CMD\s+)?/, '')))
  } catch {
    return false
  }
}
