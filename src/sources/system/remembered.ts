const limit = 10_000

/** `make`, asked once for each name. Interfaces of containers come and go under new names for ever: at 10,000 it begins anew. */
export function remembered<Value>(make: (name: string) => Value): (name: string) => Value {
  const known = new Map<string, Value>()
  return (name) => {
    const value = known.get(name)
    if (value !== undefined) return value
    if (known.size >= limit) known.clear()
    const made = make(name)
    known.set(name, made)
    return made
  }
}
