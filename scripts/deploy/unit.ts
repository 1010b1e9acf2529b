import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileSchema } from '../../src/agent/config/schema.ts'
import { parseDuration } from '../../src/core/duration.ts'
import { execute } from '../execute.ts'
import { root } from '../root.ts'

/** Those in use, by section; after systemd.unit(5), systemd.service(5), systemd.exec(5) and systemd.kill(5). */
const known: Readonly<Record<string, string>> = {
  Unit: 'Description After Wants StartLimitIntervalSec StartLimitBurst',
  Service: `ExecStart EnvironmentFile Environment Restart RestartSec RestartPreventExitStatus KillSignal TimeoutStopSec
    DynamicUser StateDirectory StateDirectoryMode CacheDirectory WorkingDirectory UMask ProtectSystem ProtectHome PrivateTmp PrivateDevices
    ProtectClock ProtectControlGroups ProtectHostname ProtectKernelLogs ProtectKernelModules ProtectKernelTunables ProtectProc
    NoNewPrivileges CapabilityBoundingSet LockPersonality RestrictAddressFamilies RestrictNamespaces RestrictRealtime RestrictSUIDSGID
    SystemCallArchitectures SystemCallFilter SystemCallErrorNumber`,
  Install: 'WantedBy',
}

/** What the agent relies on. */
const required = { DynamicUser: 'true', StateDirectory: 'waybill', ProtectSystem: 'strict', NoNewPrivileges: 'true', KillSignal: 'SIGTERM' }

/** What is wrong with the systemd unit at `path`. */
export async function unitProblems(path: string): Promise<readonly string[]> {
  const text = readFileSync(path, 'utf8')
  const problems: string[] = []
  const service = new Map<string, string>()
  let section = ''
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*([#;]|$)/.test(line)) continue
    const [, key = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? []
    const begins = /^\[(\w+)\]$/.exec(line)?.[1]
    if (begins !== undefined) section = begins
    else if (section === 'Service') service.set(key, value)
    const names = known[section]?.split(/\s+/)
    if (!names) problems.push(`${basename(path)}:${index + 1}: [${section}] is not a section`)
    else if (begins === undefined && !names.includes(key))
      problems.push(`${basename(path)}:${index + 1}: ${key || line} is not a setting of [${section}] that is known here`)
  }
  return [...problems, ...serviceProblems(service).map((problem) => `${basename(path)}: ${problem}`), ...(await verified(text))]
}

function serviceProblems(service: ReadonlyMap<string, string>): readonly string[] {
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { bin: Record<string, string> }
  const [binary = ''] = (service.get('ExecStart') ?? '').split(' ')
  const stopTimeoutMs = fileSchema.parse({}).stopTimeout
  return [
    ...Object.entries(required)
      .filter(([key, value]) => service.get(key) !== value)
      .map(([key, value]) => `${key} is not ${value}`),
    ...(binary.startsWith('/') && Object.hasOwn(bin, basename(binary)) ? [] : ['ExecStart does not run a command of this package']),
    ...(parseDuration(service.get('TimeoutStopSec') ?? '0s') > stopTimeoutMs ? [] : ['TimeoutStopSec is not more than stop_timeout']),
  ]
}

/** What systemd says of it, where there is a systemd. The command need not be installed here, so Node stands in for it. */
async function verified(text: string): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-unit-'))
  try {
    const copy = join(folder, 'waybill.service')
    writeFileSync(copy, text.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`))
    const { output } = await execute('systemd-analyze', ['verify', '--man=no', copy])
    // Without one there is a line about the command. Of a value that it cannot read systemd warns, and calls it a success.
    return output.split('\n').filter((line) => line.includes('waybill.service'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
