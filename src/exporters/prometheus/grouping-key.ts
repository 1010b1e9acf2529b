/**
 * The path of a group at a Pushgateway (https://github.com/prometheus/pushgateway#url): `/metrics/job/…`, then a name and a value for
 * each further label. What no part of a path can say (nothing, a slash, a dot that would climb) is said in base64.
 */
export function groupPath(labels: Readonly<Record<string, string>>): string {
  return `/metrics${Object.entries(labels)
    .map(([name, value]) => part(name, value))
    .join('')}`
}

function part(name: string, value: string): string {
  if (value === '') return `/${name}@base64/=`
  if (/\/|^\.{1,2}$/.test(value)) return `/${name}@base64/${Buffer.from(value).toString('base64url')}`
  return `/${name}/${encodeURIComponent(value.toWellFormed())}`
}
