/** What storages say where the client of their service is missing or of another version: in a copy of Waybill with packages of its own. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { temporaryFolder } from '../../files/temporary-folder.fixture.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** What reading from each address says, where of its packages only those are installed. */
async function toldOf(
  folder: string,
  addresses: readonly string[],
  installed: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  symlinkSync(join(root, 'src'), join(folder, 'src'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  for (const name of ['undici', 'yaml', 'zod']) {
    mkdirSync(join(folder, 'node_modules'), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  }
  for (const [name, version] of Object.entries(installed)) {
    mkdirSync(join(folder, 'node_modules', name), { recursive: true })
    writeFileSync(join(folder, 'node_modules', name, 'package.json'), JSON.stringify({ name, version, main: 'index.js' }))
    writeFileSync(join(folder, 'node_modules', name, 'index.js'), '')
  }
  writeFileSync(
    join(folder, 'read.ts'),
    `import { openStorage } from './src/storage/open-storage/open-storage.ts'
     const env = { AZURE_STORAGE_ACCOUNT: 'a' }
     const told = (url) => openStorage(url, { env }).read('f').catch((error) => \`\${error.code} \${error.explain()}\`)
     console.log(JSON.stringify(await Promise.all(process.argv.slice(2).map(told))))`,
  )
  const args = ['--preserve-symlinks', '--preserve-symlinks-main', join(folder, 'read.ts'), ...addresses]
  return JSON.parse((await promisify(execFile)(process.execPath, args, { cwd: folder })).stdout)
}

const addresses = ['s3://lake?region=eu-west-1', 'az://lake', 'gs://lake']

test('000-18 the client of a service is missing: each storage tells the command that installs it', async (t) => {
  assert.deepEqual(await toldOf(temporaryFolder(t), addresses, {}), [
    'PACKAGE_MISSING the package @aws-sdk/client-s3 is not installed; run: npm install "@aws-sdk/client-s3@^3.0.0"',
    'PACKAGE_MISSING the package @azure/storage-blob is not installed; run: npm install "@azure/storage-blob@^12.0.0"',
    'PACKAGE_MISSING the package @google-cloud/storage is not installed; run: npm install "@google-cloud/storage@^8.0.0"',
  ])
})

test('000-18 the client of a service is of another version: each storage tells both', async (t) => {
  const installed = { '@aws-sdk/client-s3': '2.1.0', '@azure/storage-blob': '11.0.0', '@google-cloud/storage': '7.16.0' }
  assert.deepEqual(await toldOf(temporaryFolder(t), addresses, installed), [
    'PACKAGE_VERSION @aws-sdk/client-s3 ^3.0.0 is needed and 2.1.0 is installed; run: npm install "@aws-sdk/client-s3@^3.0.0"',
    'PACKAGE_VERSION @azure/storage-blob ^12.0.0 is needed and 11.0.0 is installed; run: npm install "@azure/storage-blob@^12.0.0"',
    'PACKAGE_VERSION @google-cloud/storage ^8.0.0 is needed and 7.16.0 is installed; run: npm install "@google-cloud/storage@^8.0.0"',
  ])
})
