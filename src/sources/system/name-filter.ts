import { remembered } from './remembered.ts'

export interface NameFilterOptions {
  readonly include: readonly string[]
  readonly exclude: readonly string[]
}

/** Whether a name matches one of `include` and none of `exclude`; `*` in them stands for any characters. */
export function nameFilter({ include, exclude }: NameFilterOptions): (name: string) => boolean {
  const included = include.map(pattern)
  const excluded = exclude.map(pattern)
  return remembered((name) => included.some((one) => one.test(name)) && !excluded.some((one) => one.test(name)))
}

const pattern = (glob: string): RegExp => new RegExp(`^${glob.split('*').map(RegExp.escape).join('.*')}$`, 's')
