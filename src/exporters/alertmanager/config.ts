import { authOption, checkHeaders, httpOptions, httpUrl } from '../../http/index.ts'
import { duration, z } from '../../sdk.ts'

const url = httpUrl().superRefine((text, context) => {
  if (/\/api\/v\d+\b/.test(new URL(text).pathname))
    context.addIssue({ code: 'custom', message: 'must end before `/api/…`: the exporter adds `/api/v2/alerts`' })
})

const labelName = () => z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be of letters, digits and _, with no digit in front')

/** What stands under `config:`. */
export const config = z
  .strictObject({
    url: url.default('http://localhost:9093').describe('Address of Alertmanager, with the path in front of its API where it has one.'),
    auth: authOption(),
    labels: z.record(labelName(), z.string()).default({}).describe('Labels of every alert that has none of the name.'),
    idLabel: z
      .union([labelName(), z.literal('')])
      .default('alert_id')
      .describe(
        'Label that holds the identity of the alert, so that no two are taken for one. Empty for none: then the labels must tell them apart.',
      ),
    generatorUrl: z
      .string()
      .refine((template) => URL.canParse(fillIn(template, () => 'x')), 'is no address')
      .optional()
      .describe(
        'Page about an alert, linked in notifications. `{id}`, `{name}` and `{…}` with the name of a label stand for those of the alert.',
      ),
    resolveAfter: duration()
      .prefault('7d')
      .describe('A firing alert of which nothing more is heard counts as resolved after so long, unless it says itself when it ends.'),
    ...httpOptions,
  })
  .superRefine(({ url, auth, headers }, context) => {
    const named = new URL(url).username !== ''
    if (named && auth.type !== 'none') context.addIssue({ code: 'custom', path: ['auth'], message: 'url holds a user name already' })
    const header = auth.type === 'api_key' ? auth.header : auth.type !== 'none' || named ? 'Authorization' : undefined
    checkHeaders(headers, { auth: header, exporter: ['Content-Type'] }, context)
  })

export type Config = z.output<typeof config>

/** The template with a value for each name in braces, percent-encoded. */
export const fillIn = (template: string, of: (name: string) => string): string =>
  template.replace(/\{([^{}]+)\}/g, (_, name: string) => encodeURIComponent(of(name)))
