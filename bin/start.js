// From a checkout the sources run as they are; the published package has only what was compiled.
const { existsSync } = require('node:fs')
const { enableCompileCache } = require('node:module')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')

const source = join(__dirname, '..', 'src', 'cli', 'main.ts')
const compiled = join(__dirname, '..', 'dist', 'cli', 'main.js')

// node:sqlite is announced as experimental by Node 24 at every start; other warnings are shown.
const emitWarning = process.emitWarning
process.emitWarning = (warning, ...rest) => {
  if (!String(warning).includes('SQLite is an experimental feature')) emitWarning.call(process, warning, ...rest)
}

// Compiled code is kept between starts: the second one takes half the time, and less memory.
enableCompileCache()

import(pathToFileURL(existsSync(source) ? source : compiled).href)
  .then(({ main }) => main(process.argv.slice(2)))
  .then((code) => {
    process.exitCode = code
    setTimeout(leave, 500).unref()
  })

// The work is done: a timer or socket that a plugin has left behind does not keep the process, only what is still to be written does.
function leave() {
  if (process.stdout.writableLength + process.stderr.writableLength === 0) process.exit()
  setTimeout(leave, 100).unref()
}
