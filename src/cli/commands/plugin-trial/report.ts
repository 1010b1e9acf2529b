import { version } from '../../../version.ts'
import type { CaseOutcome } from './trial.ts'

/** A plugin with what its cases came to. */
export interface PluginOutcome {
  readonly type: string
  readonly outcomes: readonly CaseOutcome[]
}

const words: Readonly<Record<CaseOutcome['status'], string>> = { passed: 'passed', failed: '**failed**', unseen: 'not looked at' }

/** The outcomes as a page in Markdown, to be added to a pull request. */
export function report(file: string, plugins: readonly PluginOutcome[], at: Date): string {
  const facts = [`- of ${file}`, `- on ${at.toISOString()}`, `- by Waybill ${version}, Node ${process.version}, ${process.platform}`]
  return `${['# Test report', '', ...facts, ...plugins.flatMap(section)].join('\n')}\n`
}

/** `20 passed, 1 failed, 2 not looked at` */
export function summary(outcomes: readonly CaseOutcome[]): string {
  const count = (status: CaseOutcome['status']) => outcomes.filter((outcome) => outcome.status === status).length
  const unseen = count('unseen')
  return `${count('passed')} passed, ${count('failed')} failed${unseen > 0 ? `, ${unseen} not looked at` : ''}`
}

function section({ type, outcomes }: PluginOutcome): readonly string[] {
  const failed = outcomes.filter(({ error }) => error)
  const unseen = outcomes.some(({ status }) => status === 'unseen')
  return [
    '',
    `## ${type}`,
    '',
    `The contract of exporters: ${summary(outcomes)}.`,
    '',
    '| An exporter | | ms |',
    '| --- | --- | ---: |',
    ...outcomes.map(({ name, status, ms }) => `| ${name} | ${words[status]} | ${Math.round(ms)} |`),
    '',
    'What asks for a destination to be broken, to stall or to refuse passes where the file exports no `contractSetup` that can make it.',
    ...(unseen ? ['', 'What was not looked at needs one that tells what has arrived.'] : []),
    ...failed.flatMap(({ name, error }) => ['', `### ${name}`, '', '```', error!.message, '```']),
  ]
}
