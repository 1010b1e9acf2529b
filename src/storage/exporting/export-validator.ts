import type { Window } from '../../sdk.ts'

/** Says what may be stored of a window, and what may replace what is stored. */
export interface ExportValidator<T> {
  /** Throws an Error that says what is wrong. What is stored then stays as it is. */
  validate(window: Window, data: T): void
  /** Whether `data` may replace what is stored of its window. */
  isOverwrite(data: T): boolean
}
