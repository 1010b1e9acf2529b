export const levels = ['debug', 'info', 'warn', 'error'] as const
export type Level = (typeof levels)[number]

/** From which level on to log, for all and for single components by their names. */
export interface LevelSettings {
  readonly level: Level
  readonly components: Readonly<Record<string, Level>>
}

/** What is left out stays. */
type LevelChange = { readonly [Key in keyof LevelSettings]?: LevelSettings[Key] | undefined }

/** The levels of a log, which may change while it is used. */
export class LogLevels implements LevelSettings {
  #level: Level
  #components: Readonly<Record<string, Level>>

  constructor({ level = 'info', components = {} }: Partial<LevelSettings> = {}) {
    this.#level = level
    this.#components = components
  }

  get level(): Level {
    return this.#level
  }

  get components(): Readonly<Record<string, Level>> {
    return this.#components
  }

  change({ level = this.#level, components = this.#components }: LevelChange): void {
    this.#level = level
    this.#components = components
  }

  /** Whether something of that level is to be logged, said by that component or by none. */
  allow(level: Level, component: string | undefined): boolean {
    const least = (component !== undefined && this.#components[component]) || this.#level
    return levels.indexOf(level) >= levels.indexOf(least)
  }
}
