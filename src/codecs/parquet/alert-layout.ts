import type { Alert } from '../../core/index.ts'
import { labelCells, millisecondsCell, optionalCell, textCell } from './cells.ts'
import { leaf, optional, textMap } from './field.ts'
import { RecordsLayout } from './records-layout.ts'

export const alertLayout = (): RecordsLayout<Alert> =>
  new RecordsLayout<Alert>([
    [leaf('starts_at', 'milliseconds'), ({ startsAtMs }) => millisecondsCell(startsAtMs)],
    [optional(leaf('ends_at', 'milliseconds')), ({ endsAtMs }) => optionalCell(endsAtMs, millisecondsCell)],
    [leaf('id', 'text'), ({ id }) => textCell(id)],
    [leaf('name', 'text'), ({ name }) => textCell(name)],
    [leaf('severity', 'text'), ({ severity }) => severity],
    [leaf('status', 'text'), ({ status }) => status],
    [textMap('labels'), ({ labels }) => labelCells(labels)],
    [optional(textMap('annotations')), ({ annotations }) => optionalCell(annotations, labelCells)],
  ])
