import { existsSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { extname, isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { WaybillError } from '../core/errors.ts'
import type { AnyPlugin } from '../core/plugin.ts'
import { toError } from '../core/result.ts'
import { pluginsOf } from './catalogue.ts'

const extension = extname(import.meta.url)
const doors: Readonly<Record<string, string>> = {
  waybill: `../index${extension}`,
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

/**
 * The plugins of a file (a path, relative to `folder`) or of a package (looked for from `folder`).
 * Throws WaybillError `PLUGIN_NOT_FOUND` or `PLUGIN_INVALID`.
 */
export async function loadThirdParty(reference: string, folder: string): Promise<AnyPlugin[]> {
  shareSdk()
  const url = locate(reference, folder)
  try {
    return pluginsOf((await import(url)) as Record<string, unknown>, reference)
  } catch (thrown) {
    if (thrown instanceof WaybillError) throw thrown
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
