/** What the samples of a series have in common. */
export interface SampleNaming {
  /** Of the family. */
  readonly name: string
  /** `a="1"`, empty without labels. */
  readonly labels: string
}

/** What stands in front of a value: `name_suffix{labels,more} `. */
export function sampleStart({ name, labels }: SampleNaming, suffix: string, more = ''): string {
  const all = labels && more ? `${labels},${more}` : labels + more
  return `${name}${suffix}${all && `{${all}}`} `
}
