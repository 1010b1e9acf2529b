/** How what arrived differs from what was expected: numbers first, then fields, one line each. Fields not expected may be anything. */
export function mismatch(expected: readonly unknown[], arrived: readonly unknown[]): string[] {
  const shared = expected.slice(0, arrived.length).flatMap((record, index) => differences(record, arrived[index], `record ${index + 1}`))
  const missing = expected.slice(arrived.length).map((record) => `missing: ${JSON.stringify(record)}`)
  const surplus = arrived.slice(expected.length).map((record) => `not expected: ${JSON.stringify(record)}`)
  return [...shared, ...missing, ...surplus]
}

function differences(expected: unknown, arrived: unknown, path: string): string[] {
  if (typeof expected === 'object' && expected !== null && typeof arrived === 'object' && arrived !== null) {
    return Object.entries(expected).flatMap(([key, value]) =>
      differences(value, (arrived as Record<string, unknown>)[key], `${path}.${key}`),
    )
  }
  return Object.is(expected, arrived) ? [] : [`${path} is ${JSON.stringify(arrived) ?? 'not there'}, expected ${JSON.stringify(expected)}`]
}
