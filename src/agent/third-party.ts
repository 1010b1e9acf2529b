import { existsSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { extname, isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ArrayDriver } from '../arrays/driver.ts'
import { driversOf } from '../arrays/registry/drivers.ts'
import { WaybillError } from '../core/errors.ts'
import type { AnyPlugin } from '../core/plugin.ts'
import { toError } from '../core/result.ts'
import { pluginsIn, pluginsOf } from './catalogue.ts'

const extension = extname(import.meta.url)
const doors: Readonly<Record<string, string>> = {
  waybill: `../index${extension}`,
  'waybill/arrays': `../arrays/index${extension}`,
  'waybill/sdk': `../sdk${extension}`,
  'waybill/testing': `../testing/index${extension}`,
}

let hooked = false

/** Lets a plugin file anywhere import `waybill/sdk`, and gives every plugin the agent's own copy. */
function shareSdk(): void {
  if (hooked) return
  hooked = true
  registerHooks({
    resolve: (specifier, context, next) => {
      const door = doors[specifier]
      return door ? { url: new URL(door, import.meta.url).href, shortCircuit: true } : next(specifier, context)
    },
  })
}

/** What somebody else has made for the agent. */
export interface ThirdParty {
  readonly plugins: readonly AnyPlugin[]
  /** Of storage arrays. */
  readonly drivers: readonly ArrayDriver[]
}

/**
 * What a file (a path, relative to `folder`) or a package (looked for from `folder`) exports for the agent.
 * Throws WaybillError `PLUGIN_NOT_FOUND` or `PLUGIN_INVALID`.
 */
export async function loadThirdParty(reference: string, folder: string): Promise<ThirdParty> {
  const module = await importThirdParty(reference, folder)
  const drivers = driversOf(module)
  return { drivers, plugins: drivers.length > 0 ? pluginsIn(module, reference) : pluginsOf(module, reference) }
}

/** The module itself, whatever it exports. Throws the same. */
export async function importThirdParty(reference: string, folder: string): Promise<Readonly<Record<string, unknown>>> {
  shareSdk()
  const url = locate(reference, folder)
  try {
    return (await import(url)) as Readonly<Record<string, unknown>>
  } catch (thrown) {
    throw new WaybillError('PLUGIN_INVALID', `${reference} cannot be loaded: ${toError(thrown).message}`, {
      cause: thrown,
      hint: 'mend the file; it must run under this version of Node',
    })
  }
}

function locate(reference: string, folder: string): string {
  if (reference.startsWith('.') || isAbsolute(reference)) {
    const path = resolve(folder, reference)
    if (existsSync(path)) return pathToFileURL(path).href
    throw new WaybillError('PLUGIN_NOT_FOUND', `the plugin file ${path} does not exist`, {
      hint: 'paths in plugins: are relative to the configuration file',
    })
  }
  try {
    return pathToFileURL(createRequire(resolve(folder, 'package.json')).resolve(reference)).href
  } catch (thrown) {
    throw new WaybillError('PLUGIN_NOT_FOUND', `the package ${reference} is not installed`, {
      cause: thrown,
      hint: `run: npm install ${reference} (or write ./${reference} for a file)`,
    })
  }
}
