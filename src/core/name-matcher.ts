/** Whether a name matches one of these patterns, in which `*` stands for any characters, none included. */
export function nameMatcher(patterns: readonly string[]): (name: string) => boolean {
  const alternatives = patterns.map((pattern) => pattern.split('*').map(RegExp.escape).join('.*'))
  const expression = new RegExp(`^(?:${alternatives.join('|')})$`, 's')
  return patterns.length === 0 ? () => false : (name) => expression.test(name)
}
