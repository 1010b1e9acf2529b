import { WaybillError } from '../core/errors.ts'
import { type Known, type Spelled, spelled } from './spelled.ts'

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

export type Weekday = (typeof weekdays)[number]

/** The hours of the week in which something is exported. */
export interface TimeFilter {
  /** Where the day's hours begin, `HH:MM`; they include it. Default 00:00. */
  readonly from?: string
  /** Where they end, and do not include it; not after `from`: on the next day. Default 24:00. */
  readonly to?: string
  /** On which days they begin. Default: on every day. */
  readonly weekdays?: readonly Weekday[]
  /** Whose clock that is: UTC (the default), or that of the process's time zone. */
  readonly zone?: 'utc' | 'local'
}

const known: Known<TimeFilter> = { from: 'plain', to: 'plain', weekdays: 'plain', zone: 'plain' }

const dayMinutes = 24 * 60

/** Whether an instant lies in these hours. Throws WaybillError `INVALID_OPTION`. */
export function timeFilter(given: Spelled<TimeFilter>): (at: Date) => boolean {
  const { from = '00:00', to = '24:00', weekdays: days = weekdays, zone = 'utc' } = spelled<TimeFilter>('a time filter', given, known)
  const [start, end] = [minutesOf(from), minutesOf(to)]
  if (!Array.isArray(days) || days.length === 0)
    throw new WaybillError('INVALID_OPTION', 'the weekdays of a time filter are no list of days', { hint: 'leave them out for every day' })
  const begins = new Set(days.map(dayOf))
  if (zone !== 'utc' && zone !== 'local')
    throw new WaybillError('INVALID_OPTION', `${JSON.stringify(zone)} is not a zone`, { hint: 'write utc or local' })
  const length = (end > start ? end : end + dayMinutes) - start
  return (at) => {
    const [day, minute] =
      zone === 'utc' ? [at.getUTCDay(), at.getUTCHours() * 60 + at.getUTCMinutes()] : [at.getDay(), at.getHours() * 60 + at.getMinutes()]
    const sinceToday = minute - start
    if (sinceToday >= 0 && sinceToday < length && begins.has(day)) return true
    return sinceToday + dayMinutes < length && begins.has((day + 6) % 7)
  }
}

function minutesOf(time: string): number {
  const match = /^(\d\d):(\d\d)$/.exec(time)
  const minutes = match ? Number(match[1]) * 60 + Number(match[2]) : Number.NaN
  if (minutes <= dayMinutes && Number(match![2]) < 60) return minutes
  throw new WaybillError('INVALID_OPTION', `${JSON.stringify(time)} is not a time of day`, { hint: 'write HH:MM, from 00:00 to 24:00' })
}

function dayOf(day: unknown): number {
  const index = weekdays.indexOf(String(day).slice(0, 3).toLowerCase() as Weekday)
  if (index >= 0) return index
  throw new WaybillError('INVALID_OPTION', `${JSON.stringify(day)} is not a weekday`, { hint: `write ${weekdays.join(', ')}` })
}
