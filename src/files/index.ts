/** For plugins that write files. */
export { makeFolder } from './make-folder.ts'
export { readyFor } from './ready-for.ts'
export { type Recording, RecordingExporter } from './recording-exporter.ts'
export { syncFolder } from './sync-folder.ts'
export { TailedFile } from './tailed-file.ts'
export { unwritable } from './unwritable.ts'
