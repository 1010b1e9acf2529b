/** The cost of two machines by the hour and by the day, each window in a file that is final once the window has closed. */
import {
  BingenStoragePathFormatter,
  ComputeExportController,
  ComputeExportControllerGroup,
  type ComputeSource,
  ComputeStorageExporter,
  type Context,
  SetValidator,
  type Storage,
} from 'waybill'
import { JsonEncoder } from 'waybill/codecs/json'

interface Asset {
  readonly name: string
  readonly minutes: number
  readonly cost: number
}

const pricesPerHour = { 'node-1': 0.12, 'node-2': 0.48 }

/** What the machines have cost from the start of a window until now, or until its end. */
const assets: ComputeSource<readonly Asset[]> = {
  name: 'assets',
  canCompute: () => true,
  async compute({ start, end }, resolutionMs, { clock }) {
    const untilMs = Math.min(end.getTime(), clock.now())
    const minutes = (Math.floor((untilMs - start.getTime()) / resolutionMs) * resolutionMs) / 60_000
    if (minutes === 0) return []
    return Object.entries(pricesPerHour).map(([name, price]) => ({ name, minutes, cost: Number(((price * minutes) / 60).toFixed(4)) }))
  },
}

export function createGroup(storage: Storage, context: Context): ComputeExportControllerGroup {
  const controller = (resolution: string, sourceResolution: string) =>
    new ComputeExportController({
      source: assets,
      exporter: new ComputeStorageExporter({
        paths: new BingenStoragePathFormatter({ root: 'federated', cluster: 'cluster-01', pipeline: 'assets', resolution }),
        encoder: new JsonEncoder<readonly Asset[]>(),
        storage,
        validator: new SetValidator<readonly Asset[]>(resolution),
      }),
      resolution,
      sourceResolution,
      context,
    })
  return new ComputeExportControllerGroup([controller('1h', '1m'), controller('24h', '1h')])
}
