import { duration, size, z } from '../../sdk.ts'
import { templateProblem } from './filename-template.ts'

/** What stands under `config:`. */
export const config = z.strictObject({
  outputDirectory: z.string().min(1).optional().describe('Folder of the files, made when it is missing. Default: the data directory.'),
  fileFormat: z.enum(['jsonl', 'csv', 'parquet']).default('jsonl').describe('JSON lines, CSV with a header, or Parquet.'),
  rotationPolicy: z
    .enum(['time', 'size'])
    .default('time')
    .describe('`time`: a new file every rotation_interval and, in between, at max_file_size. `size`: only at max_file_size.'),
  rotationInterval: duration().prefault('1h').describe('New files begin at multiples of it since the epoch, in UTC: on the hour.'),
  maxFileSize: size()
    .prefault('100MB')
    .describe('A file is finished before it grows beyond this; only a larger batch makes a larger file.'),
  compression: z
    .enum(['none', 'gzip', 'snappy', 'zstd'])
    .optional()
    .describe(
      '`snappy` and `zstd` are for Parquet only. Default: `snappy` there, else `gzip` when filename_template ends in `.gz`, else `none`.',
    ),
  filenameTemplate: z
    .string()
    .default('{name}-{signal}-{timestamp}-{hostname}')
    .superRefine((template, context) => {
      const problem = templateProblem(template)
      if (problem) context.addIssue({ code: 'custom', message: problem })
    })
    .describe('Name of a file, with {name}, {signal}, {timestamp}, {hostname}, {pid}, {sequence}. The extension follows the content.'),
  retention: z
    .strictObject({
      maxAge: duration().optional().describe('Files not written to for so long are deleted.'),
      maxTotalSize: size().optional().describe('The oldest files are deleted while all together are larger.'),
    })
    .prefault({})
    .describe('What to delete when a file is begun; nothing by default. Only files that the template names are touched.'),
  sync: z.boolean().default(false).describe('Answer only when the records are on the device (fsync), not just with the operating system.'),
})

/** The same in code, where there is no data directory to fall back on. */
export const codeOptions = config.required({ outputDirectory: true })

export type Config = z.output<typeof config>
