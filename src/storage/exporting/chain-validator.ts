import type { Window } from '../../sdk.ts'
import type { ExportValidator } from './export-validator.ts'

/** Lets through what all of several validators let through, and lets it replace what all of them let it. The first objection counts. */
export class ChainValidator<T> implements ExportValidator<T> {
  readonly #validators: readonly ExportValidator<T>[]

  constructor(validators: readonly ExportValidator<T>[]) {
    this.#validators = validators
  }

  validate(window: Window, data: T): void {
    for (const validator of this.#validators) validator.validate(window, data)
  }

  isOverwrite(data: T): boolean {
    return this.#validators.every((validator) => validator.isOverwrite(data))
  }
}
