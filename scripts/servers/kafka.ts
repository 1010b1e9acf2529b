/** One broker of Apache Kafka that is its own controller (KRaft), on the machine's Java, from what install.sh has put into .servers/kafka. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort, ServerProcess } from './server-process.ts'

const run = promisify(execFile)
const libraries = fileURLToPath(new URL('../../.servers/kafka', import.meta.url))
/** Any sixteen bytes will do. */
const clusterId = 'MkU3OEVBNTcwNTJENDM2Qg'

export interface KafkaOptions {
  /** For its configuration and data; one that held those of another goes on with them. */
  readonly directory: string
  /** Default: any that is free. */
  readonly port?: number
  /** Lets nobody in but this user, by SASL PLAIN. */
  readonly user?: { readonly username: string; readonly password: string }
  /** A file of PEM with the key and the certificate, which it then speaks TLS with. */
  readonly tls?: string
  /** More of its settings. */
  readonly settings?: Readonly<Record<string, string | number>>
}

export interface Kafka {
  readonly port: number
  readonly broker: string
  /** Ends it as it should be, or by force. */
  stop(): Promise<void>
}

/** Why there can be none here; false where there can. */
export const noKafka: string | false = existsSync(libraries) ? false : 'Kafka is not installed; run as root: scripts/servers/install.sh'

/** Rejects with the end of its output when it does not come up. */
export async function startKafka(options: KafkaOptions): Promise<Kafka> {
  if (noKafka) throw new Error(noKafka)
  const { directory, port = await freePort() } = options
  const file = join(directory, 'server.properties')
  const data = join(directory, 'kafka-data')
  const java = ['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', join(libraries, '*')]
  await mkdir(data, { recursive: true })
  await writeFile(file, propertiesOf({ ...options, port, data, controllerPort: await freePort() }))
  if (!existsSync(join(data, 'meta.properties')))
    await run('java', [...java, 'kafka.tools.StorageTool', 'format', '--cluster-id', clusterId, '--config', file])
  const broker = `127.0.0.1:${port}`
  const server = await ServerProcess.start({
    program: 'java',
    args: [...java, 'kafka.Kafka', file],
    // It listens only once it is in the cluster.
    ready: () => accepts(port),
    readyWithinMs: 60_000,
  })
  return { port, broker, stop: () => server.stop() }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } finally {
    socket.destroy()
  }
}

function propertiesOf({
  port,
  controllerPort,
  data,
  user,
  tls,
  settings,
}: KafkaOptions & { controllerPort: number; data: string }): string {
  const protocol = `${user ? 'SASL_' : ''}${tls === undefined ? 'PLAINTEXT' : 'SSL'}`
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `CLIENT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `CLIENT://127.0.0.1:${port}`,
    'listener.security.protocol.map': `CLIENT:${protocol},CONTROLLER:PLAINTEXT,BROKER:PLAINTEXT`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'CLIENT',
    'log.dirs': data,
    'num.partitions': 3,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    ...(user && {
      'sasl.enabled.mechanisms': 'PLAIN',
      'sasl.mechanism.inter.broker.protocol': 'PLAIN',
      'listener.name.client.plain.sasl.jaas.config': jaas(user),
    }),
    ...(tls !== undefined && {
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': tls,
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': tls,
    }),
    ...settings,
  }
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

const jaas = ({ username, password }: { username: string; password: string }): string =>
  `org.apache.kafka.common.security.plain.PlainLoginModule required username="${username}" password="${password}" user_${username}="${password}";`
