import type { AnyPlugin, DeliveryTraits } from '../../src/core/plugin.ts'

/** Every destination side by side: those exporters that tell how they deliver. */
export function destinationsPage(plugins: readonly AnyPlugin[]): string {
  const destinations = plugins.flatMap((plugin) => (plugin.kind === 'exporter' && plugin.traits ? [{ ...plugin, ...plugin.traits }] : []))
  const table = (columns: Readonly<Record<string, (destination: (typeof destinations)[number]) => string>>) =>
    [
      ['type', ...Object.keys(columns)],
      ['', ...Object.keys(columns)].map(() => '---'),
      ...destinations.map((destination) => [
        `[${destination.type}](exporters/${destination.type}.md)`,
        ...Object.values(columns).map((cell) => cell(destination)),
      ]),
    ]
      .map((cells) => `| ${cells.join(' | ')} |`)
      .join('\n')
  const trait = (name: keyof DeliveryTraits) => (destination: DeliveryTraits) => destination[name]
  return `# Destinations

Whatever the destination, delivery is at least once: after a lost answer or a crash, records may be sent again. What then becomes of them
is told under *sent twice*.

## What is sent

${table({
  signals: ({ signals }) => signals.join(', '),
  as: trait('formats'),
  compression: trait('compression'),
  'who sends': trait('authentication'),
})}

## How it arrives

${table({ order: trait('order'), 'sent twice': trait('repeats'), limits: trait('limits') })}

## How far it may be trusted

${table({ stability: ({ stability }) => stability, 'tested with': trait('tested') })}
`
}
