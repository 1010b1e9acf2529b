import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { packageLoader } from './package-loader.ts'

/** A working directory in which a package is installed. */
function installed(t: TestContext, name: string, version: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-packages-'))
  const place = join(folder, 'node_modules', name)
  mkdirSync(join(place, 'dist'), { recursive: true })
  writeFileSync(join(place, 'package.json'), JSON.stringify({ name, version, main: 'dist/index.js', type: 'module' }))
  // As packages of two kinds have it.
  writeFileSync(join(place, 'dist/package.json'), '{ "type": "module" }')
  writeFileSync(join(place, 'dist/index.js'), 'export const answer = 42')
  const before = process.cwd()
  process.chdir(folder)
  t.after(() => {
    process.chdir(before)
    rmSync(folder, { recursive: true })
  })
}

test('a package of the version that is needed, or any where none is known, is imported', async (t) => {
  installed(t, '@waybill-test/client', '3.7.1')
  for (const requires of [{ '@waybill-test/client': '^3.0.0' }, {}, undefined])
    assert.equal((await packageLoader(requires)<{ answer: number }>('@waybill-test/client')).answer, 42)
})

test('another version is told with both, and with the command that installs the right one', async (t) => {
  installed(t, '@waybill-test/client', '2.9.0')
  await assert.rejects(packageLoader({ '@waybill-test/client': '^3.0.0' })('@waybill-test/client'), {
    code: 'PACKAGE_VERSION',
    message: '@waybill-test/client ^3.0.0 is needed and 2.9.0 is installed',
    hint: 'run: npm install "@waybill-test/client@^3.0.0"',
  })
})

test('a package that is nowhere is told with the command that installs it', async () => {
  await assert.rejects(packageLoader({ '@waybill-test/client': '^3.0.0' })('@waybill-test/client'), {
    code: 'PACKAGE_MISSING',
    message: 'the package @waybill-test/client is not installed',
    hint: 'run: npm install "@waybill-test/client@^3.0.0"',
  })
  await assert.rejects(packageLoader()('@waybill-test/other'), { hint: 'run: npm install "@waybill-test/other"' })
})
