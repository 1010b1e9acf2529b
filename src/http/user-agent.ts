import { version } from '../version.ts'

/** What requests call their sender. */
export const userAgent = `waybill/${version}`
