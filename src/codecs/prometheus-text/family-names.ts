import { type Family, sampleNames } from './family.ts'

/** Which family has which names of samples, so that no two families of one exposition share any. */
export class FamilyNames {
  readonly #owners = new Map<string, { readonly family: Family; takers: number }>()

  /** Takes the names of `family`, or none of them and answers why when another family has one. */
  take(family: Family): Error | undefined {
    const names = sampleNames(family)
    for (const name of names) {
      const owner = this.#owners.get(name)?.family
      if (owner && (owner.name !== family.name || owner.type !== family.type))
        return new Error(`the ${family.type} ${family.name} cannot be exposed beside the ${owner.type} ${owner.name}: both have ${name}`)
    }
    for (const name of names) {
      const owner = this.#owners.get(name)
      if (owner) owner.takers++
      else this.#owners.set(name, { family, takers: 1 })
    }
    return undefined
  }

  /** Undoes one `take`: when all are undone, the names are free. */
  release(family: Family): void {
    for (const name of sampleNames(family)) if (--this.#owners.get(name)!.takers === 0) this.#owners.delete(name)
  }

  clear(): void {
    this.#owners.clear()
  }
}
