import type { Command, Option } from 'commander'
import { WaybillError } from '../../core/errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { print } from '../print.ts'

/** `waybill completion`: a script that completes commands, options and files. Throws WaybillError `INVALID_OPTION` for another shell. */
export function completion(shell: string, program: Command): number {
  const script = { bash, zsh, fish }[shell]
  if (!script) throw new WaybillError('INVALID_OPTION', `there is no completion for ${shell}`, { hint: 'choose bash, zsh or fish' })
  print(script(program))
  return exitCodes.ok
}

const shown = ({ options }: Command): readonly Option[] => options.filter(({ hidden }) => !hidden)
const flags = (command: Command): string[] =>
  shown(command)
    .flatMap(({ long }) => (long ? [long] : []))
    .concat('--help')
const names = (command: Command): string => command.commands.map((child) => child.name()).join(' ')

/** Every command with what leads to it: `ledger`, `opencost`, `opencost export`. */
function paths(parent: Command, path = ''): readonly { readonly path: string; readonly command: Command }[] {
  return parent.commands.flatMap((command) => {
    const own = `${path}${command.name()}`
    return [{ path: own, command }, ...paths(command, `${own} `)]
  })
}

const groups = (program: Command): readonly string[] =>
  program.commands.flatMap((command) => (command.commands.length > 0 ? [command.name()] : []))

function bash(program: Command): string {
  const cases = paths(program).map(({ path, command }) => `    '${path}') words="${names(command)} ${flags(command).join(' ')}" ;;`)
  return `_waybill() {
  local current="\${COMP_WORDS[COMP_CWORD]}" command="\${COMP_WORDS[1]}" words="" first=1
  case " ${groups(program).join(' ')} " in
    *" $command "*) first=2; if [ "$COMP_CWORD" -gt 2 ]; then command="$command \${COMP_WORDS[2]}"; fi ;;
  esac
  case "$command" in
${cases.join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${names(program)} --version --help"; fi
  if [ "$COMP_CWORD" -le "$first" ] || [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -F _waybill waybill
`
}

function zsh(program: Command): string {
  const quoted = (command: Command) =>
    flags(command)
      .map((flag) => `'${flag}'`)
      .join(' ')
  const cases = paths(program).map(({ path, command }) =>
    command.commands.length > 0
      ? `    '${path}') compadd -- ${names(command)} --help ;;`
      : `    '${path}') _arguments ${quoted(command)} '*:file:_files' ;;`,
  )
  return `#compdef waybill
_waybill() {
  if (( CURRENT == 2 )); then compadd -- ${names(program)} --version --help; return; fi
  local command="\${words[2]}"
  if (( CURRENT > 3 )) && [[ " ${groups(program).join(' ')} " == *" $command "* ]]; then command="$command \${words[3]}"; fi
  case "$command" in
${cases.join('\n')}
  esac
}
compdef _waybill waybill
`
}

function fish(program: Command): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "\\'")}'`
  const lines = paths(program).flatMap(({ path, command }) => {
    const [parent, child] = path.split(' ')
    const seen = path.split(' ').map((name) => `__fish_seen_subcommand_from ${name}`)
    const before = child === undefined ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${parent}`
    return [
      `complete -c waybill -n '${before}' -f -a ${command.name()} -d ${quoted(command.description())}`,
      ...shown(command).map(
        ({ long, description }) => `complete -c waybill -n '${seen.join('; and ')}' -l ${long!.slice(2)} -d ${quoted(description)}`,
      ),
    ]
  })
  return `${lines.join('\n')}\n`
}
