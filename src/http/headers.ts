/** Headers by name. */
export type Headers = Readonly<Record<string, string>>

/** `headers` with those `by` the user in place of the ones of the same name, in whatever case. */
export function overridden(headers: Headers, by: Headers): Headers {
  const names = new Set(Object.keys(by).map((name) => name.toLowerCase()))
  return { ...Object.fromEntries(Object.entries(headers).filter(([name]) => !names.has(name.toLowerCase()))), ...by }
}
