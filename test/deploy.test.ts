/** The check of deploy/ finds nothing there, and finds what is broken in a copy. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { examine } from '../scripts/deploy/examine.ts'

const deploy = join(import.meta.dirname, '../deploy')
const systemd = spawnSync('systemd-analyze', ['--version']).error === undefined

interface Mistake {
  readonly title: string
  readonly file: string
  readonly from: string
  readonly to: string
  /** What the check has to say, and nothing else. */
  readonly says: readonly RegExp[]
  readonly skip?: boolean
}

const mistakes: readonly Mistake[] = [
  {
    title: 'a probe of a path that the API does not have',
    file: 'kubernetes/deployment.yaml',
    from: 'path: /readyz',
    to: 'path: /ready',
    says: [/a probe asks for \/ready, which the API does not have/],
  },
  {
    title: 'a probe of a port that the configuration does not listen on',
    file: 'kubernetes/deployment.yaml',
    from: 'path: /readyz, port: api',
    to: 'path: /readyz, port: metrics',
    says: [/a probe asks port metrics, and the API listens on 9465/],
  },
  {
    title: 'a secret that is not there',
    file: 'kubernetes/secret.yaml',
    from: '  name: waybill\n',
    to: '  name: elsewhere\n',
    says: [/api-token \(ENOENT\)/, /scrape-token \(ENOENT\)/, /so a token is needed/, /the volume tokens needs the Secret waybill/],
  },
  {
    title: 'a key of the secret that the configuration wants and nobody gives',
    file: 'kubernetes/secret.yaml',
    from: 'scrape-token:',
    to: 'scraping-token:',
    says: [/cannot read the file \/run\/secrets\/waybill\/scrape-token/, /so a token is needed/],
  },
  {
    title: 'a misspelt key in the configuration',
    file: 'kubernetes/configmap.yaml',
    from: 'compression: gzip',
    to: 'compresion: gzip',
    says: [/waybill\.yaml:15:\d+: exporters\[1\]\.config\.compresion: .*compression/],
  },
  {
    title: 'a misspelt key in a manifest',
    file: 'kubernetes/deployment.yaml',
    from: 'readOnlyRootFilesystem',
    to: 'readOnlyRootFileSystem',
    says: [/securityContext\.readOnlyRootFilesystem: /, /Unrecognized key: "readOnlyRootFileSystem"/],
  },
  {
    title: 'an API that no probe reaches',
    file: 'kubernetes/configmap.yaml',
    from: 'listen: ":9465"',
    to: 'listen: "127.0.0.1:9465"',
    says: [/the API listens on loopback/],
  },
  {
    title: 'a service that finds no pods',
    file: 'kubernetes/service.yaml',
    from: 'selector: { app.kubernetes.io/name: waybill }',
    to: 'selector: { app.kubernetes.io/name: waybil }',
    says: [/its selector matches no pods/],
  },
  {
    title: 'an image that runs as root',
    file: 'Dockerfile',
    from: 'USER 1000:1000',
    to: 'USER root',
    says: [/runs as root/],
  },
  {
    title: 'a file to copy that is not there',
    file: 'Dockerfile',
    from: 'COPY src src',
    to: 'COPY source src',
    says: [/Dockerfile:\d+: there is no source/],
  },
  {
    title: 'a file to copy that .dockerignore leaves out',
    file: 'Dockerfile',
    from: 'COPY src src',
    to: 'COPY docs src',
    says: [/\.dockerignore leaves docs out/],
  },
  {
    title: 'a command that needs a shell',
    file: 'Dockerfile',
    from: 'ENTRYPOINT ["node", "/opt/waybill/bin/waybill"]',
    to: 'ENTRYPOINT node /opt/waybill/bin/waybill',
    says: [/ENTRYPOINT needs a shell/],
  },
  {
    title: 'a secret that a service of compose is not given',
    file: 'docker-compose.yaml',
    from: '    secrets: [waybill-token]\n    ports: ["127.0.0.1:9090:9090"]',
    to: '    ports: ["127.0.0.1:9090:9090"]',
    says: [/waybill-token is not among the secrets/],
  },
  {
    title: 'a stop that compose cuts short',
    file: 'docker-compose.yaml',
    from: 'stop_grace_period: 30s',
    to: 'stop_grace_period: 10s',
    says: [/stop_grace_period is not more than stop_timeout/],
  },
  {
    title: 'a target of Prometheus that is no service',
    file: 'compose/prometheus.yaml',
    from: 'waybill:9464',
    to: 'agent:9464',
    says: [/the target agent:9464 is no service/],
  },
  {
    title: '003-54 a variable for profiling that there is not',
    file: 'docker-compose.yaml',
    from: 'PROFILING_OTEL_ENDPOINT',
    to: 'PROFILING_OTLP_ENDPOINT',
    says: [/services\.application: there is no variable PROFILING_OTLP_ENDPOINT/],
  },
  {
    title: '003-54 a destination of a profile that is no service',
    file: 'docker-compose.yaml',
    from: 'http://jaeger:14268',
    to: 'http://jager:14268',
    says: [/services\.application: there is no service jager/],
  },
  {
    title: 'a setting that systemd does not know',
    file: 'systemd/waybill.service',
    from: 'NoNewPrivileges=',
    to: 'NoNewPriviliges=',
    says: [/waybill\.service:\d+: .*NoNewPriviliges/, /NoNewPrivileges is not true/],
  },
  {
    title: 'a value that systemd cannot read',
    file: 'systemd/waybill.service',
    from: 'RestartSec=5s',
    to: 'RestartSec=soon',
    says: [/waybill\.service:\d+: Failed to parse.* soon/],
    skip: !systemd,
  },
  {
    title: 'a unit that runs another command',
    file: 'systemd/waybill.service',
    from: '/usr/local/bin/waybill run',
    to: '/usr/local/bin/waybil run',
    says: [/ExecStart does not run a command of this package/],
  },
]

test('deploy/ is in order', async () => {
  assert.deepEqual(await examine(deploy), [])
})

for (const { title, file, from, to, says, skip = false } of mistakes) {
  test(title, { skip }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'waybill-deploy-'))
    try {
      cpSync(deploy, join(folder, 'deploy'), { recursive: true })
      const path = join(folder, 'deploy', file)
      const text = readFileSync(path, 'utf8')
      assert.ok(text.includes(from), `${file} has no ${from}`)
      writeFileSync(path, text.replace(from, to))
      const problems = await examine(join(folder, 'deploy'))
      assert.deepEqual(
        says.filter((said) => !problems.some((problem) => said.test(problem))),
        [],
        problems.join('\n'),
      )
      assert.deepEqual(
        problems.filter((problem) => !says.some((said) => said.test(problem))),
        [],
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
}
