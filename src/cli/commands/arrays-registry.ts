import { WaybillError } from '../../core/errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { print } from '../print.ts'
import { nothing, textTable } from '../text-table.ts'
import { ArraysApi, type ArraysApiOptions, type ListedArray } from './arrays-api.ts'
import { keyValues } from './key-values.ts'
import { textIn } from './text-in.ts'
import { wholeNumber } from './whole-number.ts'

export interface AddOptions extends ArraysApiOptions {
  readonly vendor: string
  readonly model: string
  readonly host: string
  readonly port: string
  readonly username: string
  readonly passwordFile?: string
  readonly access: 'rest' | 'ssh' | 'cli' | 'smis'
  readonly name?: string
  /** Each as `key=value`. */
  readonly attribute?: readonly string[]
}

/** `waybill arrays list`: every array in a line. */
export async function list({ json, ...options }: ArraysApiOptions & { readonly json?: boolean }): Promise<number> {
  const arrays = await new ArraysApi(options).list()
  print(json ? `${JSON.stringify(arrays, null, 2)}\n` : `${tableOf(arrays).join('\n')}\n`)
  return exitCodes.ok
}

/** `waybill arrays add`: registers one, and shows it. The password is in a file or in WAYBILL_ARRAY_PASSWORD, where no list of processes has it. */
export async function add({
  vendor,
  model,
  host,
  port,
  username,
  passwordFile,
  access,
  name,
  attribute,
  ...options
}: AddOptions): Promise<number> {
  const password = passwordFile === undefined ? process.env.WAYBILL_ARRAY_PASSWORD : textIn(passwordFile, '--password-file')
  if (!password)
    throw new WaybillError('INVALID_OPTION', 'the password is missing', { hint: 'give it with --password-file or WAYBILL_ARRAY_PASSWORD' })
  const added = await new ArraysApi(options).ask('POST', '/storages', {
    vendor,
    model,
    ...(name !== undefined && { storage_name: name }),
    ...(attribute && { extra_attributes: keyValues('--attribute', 'an attribute', attribute) }),
    [access]: { host, port: wholeNumber('--port', port, 0, 65_535), username, password },
  })
  print(`${tableOf([added as ListedArray]).join('\n')}\n`)
  return exitCodes.ok
}

/** `waybill arrays remove`: what is under way of it ends, and it is forgotten. */
export async function remove(given: string, options: ArraysApiOptions): Promise<number> {
  const api = new ArraysApi(options)
  const { id, name } = await api.find(given)
  await api.ask('DELETE', `/storages/${encodeURIComponent(id)}`)
  print(`${name ?? id} is being removed\n`)
  return exitCodes.ok
}

/** `waybill arrays sync`: one, or all, are asked anew what they consist of. */
export async function sync(given: string | undefined, options: ArraysApiOptions): Promise<number> {
  const api = new ArraysApi(options)
  const array = given === undefined ? undefined : await api.find(given)
  await api.ask('POST', array ? `/storages/${encodeURIComponent(array.id)}/sync` : '/storages/sync')
  print(`${array ? (array.name ?? array.id) : 'every array'} is being asked\n`)
  return exitCodes.ok
}

function tableOf(arrays: readonly ListedArray[]): readonly string[] {
  if (arrays.length === 0) return ['no array is registered']
  const rows = arrays.map(({ id, name, vendor, model, serial_number, status, sync_status, used_capacity: used, total_capacity: total }) => [
    id,
    ...[name, vendor, model, serial_number, status, sync_status].map((text) => text ?? nothing),
    used !== null && total ? `${Math.round((100 * used) / total)} %` : nothing,
  ])
  const titles = ['id', 'name', 'vendor', 'model', 'serial number', 'status', 'sync'].map((title) => ({ title }))
  return textTable([...titles, { title: 'used', align: 'right' }], rows)
}
