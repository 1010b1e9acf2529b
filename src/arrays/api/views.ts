import type { z } from '../../sdk.ts'
import { accessWays } from '../model/access.ts'
import type { Entry } from '../store/array-store.ts'
import type { AlertData, AlertingArray } from '../third-party/alert-data.ts'
import * as schemas from './schemas.ts'

type Shown = Readonly<Record<string, unknown>>

/** The fields of a schema, in its order: nothing else is shown, and what is not known is null. */
function shown({ shape }: z.ZodObject, all: Shown): Shown {
  return Object.fromEntries(Object.keys(shape).map((field) => [field, all[field] ?? null]))
}

const times = ({ createdMs, updatedMs }: Entry) => ({
  created_at: new Date(createdMs).toISOString(),
  updated_at: updatedMs === null ? null : new Date(updatedMs).toISOString(),
})

export const viewOfArray = (entry: Entry, syncing: boolean): Shown =>
  shown(schemas.storage, {
    ...entry.data,
    ...times(entry),
    id: entry.id,
    sync_status: syncing ? 'SYNCING' : 'SYNCED',
    deleted: false,
  })

export const viewOfResource =
  (schema: z.ZodObject) =>
  (entry: Entry): Shown =>
    shown(schema, { ...entry.data, ...times(entry), id: entry.id, storage_id: entry.storageId })

/** Field by field, so that a password is not shown even where one was kept. */
export function viewOfAccess(entry: Entry): Shown {
  const access = entry.data.access as Readonly<Record<string, Shown | undefined>>
  const ways = accessWays.map((way) => {
    const { host, port, username, pub_key, pub_key_type, namespace } = access[way] ?? {}
    return [way, access[way] ? { host, port, username, pub_key, pub_key_type, namespace } : null] as const
  })
  const all = { ...entry.data, ...times(entry), ...Object.fromEntries(ways), extra_attributes: access.extra_attributes }
  return shown(schemas.accessInfo, { ...all, storage_id: entry.storageId })
}

export const viewOfAlertSource = (entry: Entry): Shown =>
  shown(schemas.alertSource, { ...entry.data, ...times(entry), storage_id: entry.storageId })

export const viewOfAlert = (alert: AlertData, { id, name, vendor, model, serial_number }: AlertingArray): Shown =>
  shown(schemas.alert, { resource_type: 'Storage', ...alert, storage_id: id, storage_name: name, vendor, model, serial_number })
