import { type Resource, type Series, series } from '../../../sdk.ts'
import type { Measurement } from '../measure.ts'
import type { PointList } from '../naming.ts'

export interface Instrument {
  readonly name: string
  readonly unit: string
  readonly help: string
}

type Make = (instrument: Instrument, labels?: Readonly<Record<string, string>>) => Series

/** Makes series of one resource, named after OpenTelemetry's instruments. */
export interface Instruments {
  readonly gauge: Make
  readonly counter: Make
  readonly upDownCounter: Make
}

/** Adds the points of one area. */
export type AddPoints = (list: PointList, measurement: Measurement) => void

export const instruments = (resource: Resource): Instruments => ({
  gauge: ({ name, ...rest }, labels) => series(name, labels, { kind: 'gauge', resource, ...rest }),
  counter: ({ name, ...rest }, labels) => series(name, labels, { kind: 'counter', resource, ...rest }),
  upDownCounter: ({ name, ...rest }, labels) => series(name, labels, { kind: 'counter', monotonic: false, resource, ...rest }),
})
