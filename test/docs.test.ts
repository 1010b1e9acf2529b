import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { generate, stale } from '../scripts/docs.ts'
import { Catalogue } from '../src/agent/catalogue.ts'
import { loadFile } from '../src/agent/config/load.ts'
import { fileSchema } from '../src/agent/config/schema.ts'
import { fileSchemaOf } from '../src/agent/docs/json-schema.ts'
import { undescribed } from '../src/agent/docs/options-table.ts'
import type { z } from '../src/sdk.ts'

const root = join(import.meta.dirname, '..')
const catalogue = new Catalogue()
const plugins = await catalogue.all()

test('the generated pages and the JSON Schema are fresh (npm run docs writes them)', async () => {
  assert.deepEqual(stale(await generate()), [])
})

test('every setting has a description', () => {
  assert.deepEqual(undescribed(fileSchemaOf(fileSchema)), [])
  for (const { type, config } of plugins) assert.deepEqual(config ? undescribed(fileSchemaOf(config as z.ZodType)) : [], [], type)
})

test('every exporter tells how it delivers', () => {
  for (const plugin of plugins) if (plugin.kind === 'exporter') assert.ok(plugin.traits, plugin.type)
})

test('every built-in plugin has the type of its folder, a page and an example without errors', async () => {
  const lookup = { env: new Proxy({}, { get: () => 'a-value', has: () => true }), readFile: () => 'a-value' }
  for (const plugin of plugins) {
    const folder = fileURLToPath(catalogue.folder(plugin)!)
    assert.ok(existsSync(join(folder, `${plugin.type}.ts`)), plugin.type)
    await loadFile(join(folder, 'example.yaml'), { lookup })
  }
})

test('links between the pages lead somewhere', () => {
  const pages = [
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join('docs', name)),
  ]
  const broken = pages.flatMap((page) => {
    const links = [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link]) => link!)
    return links.filter((link) => !/^\w+:/.test(link) && !existsSync(join(root, dirname(page), link))).map((link) => `${page}: ${link}`)
  })
  assert.deepEqual(broken, [])
})
