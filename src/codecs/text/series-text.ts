import type { Series } from '../../core/index.ts'

/**
 * A series as one word, for columns and keys: its name alone, and with labels `name{a=1,b=2}`, in the order of their names.
 * In labels a comma, an equals sign and a backslash have a backslash in front, so no two sets of labels are written alike.
 */
export function seriesText({ name, labels }: Pick<Series, 'name' | 'labels'>): string {
  if (labels.length === 0) return name
  return `${name}{${labels.map(([label, value]) => `${escaped(label)}=${escaped(value)}`).join()}}`
}

const escaped = (text: string): string => text.replace(/[\\,=]/g, '\\$&')
