import type { Command } from 'commander'
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

const flags = (command: Command): string[] => command.options.flatMap(({ long }) => (long ? [long] : [])).concat('--help')
const names = (program: Command): string => program.commands.map((command) => command.name()).join(' ')

function bash(program: Command): string {
  const cases = program.commands.map((command) => `    ${command.name()}) words="${flags(command).join(' ')}" ;;`).join('\n')
  return `_waybill() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  case "\${COMP_WORDS[1]}" in
${cases}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${names(program)} --version --help"; fi
  if [ "$COMP_CWORD" -eq 1 ] || [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -F _waybill waybill
`
}

function zsh(program: Command): string {
  const cases = program.commands
    .map(
      (command) =>
        `    ${command.name()}) _arguments ${flags(command)
          .map((flag) => `'${flag}'`)
          .join(' ')} '*:file:_files' ;;`,
    )
    .join('\n')
  return `#compdef waybill
_waybill() {
  if (( CURRENT == 2 )); then compadd -- ${names(program)} --version --help; return; fi
  local command="\${words[2]}"
  case "$command" in
${cases}
  esac
}
compdef _waybill waybill
`
}

function fish(program: Command): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "\\'")}'`
  const lines = program.commands.flatMap((command) => [
    `complete -c waybill -n __fish_use_subcommand -f -a ${command.name()} -d ${quoted(command.description())}`,
    ...command.options.map(
      (option) =>
        `complete -c waybill -n '__fish_seen_subcommand_from ${command.name()}' -l ${option.long!.slice(2)} -d ${quoted(option.description)}`,
    ),
  ])
  return `${lines.join('\n')}\n`
}
