import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings'
import { release } from '../names/release.ts'
import { helpFormat } from './help-format.ts'
import { inLanguage, type Terminal } from './terminal.ts'

/** The commands in the order of the help. Each loads its modules itself: together they take more memory than most of them need. */
const commands: Readonly<Record<string, (terminal: Terminal) => Promise<CommandUnknownOpts>>> = {
  sign: async (terminal) => (await import('./commands/sign.ts')).signCommand(terminal),
  verify: async (terminal) => (await import('./commands/verify.ts')).verifyCommand(terminal),
  send: async (terminal) => (await import('./commands/send.ts')).sendCommand(terminal),
  simulate: async (terminal) => (await import('./commands/simulate.ts')).simulateCommand(terminal),
  doctor: async (terminal) => (await import('./commands/doctor.ts')).doctorCommand(terminal),
  redrive: async (terminal) => (await import('./commands/redrive.ts')).redriveCommand(terminal),
  rebuild: async (terminal) => (await import('./commands/rebuild.ts')).rebuildCommand(terminal),
  replay: async (terminal) => (await import('./commands/replay.ts')).replayCommand(terminal),
  'rotate-key': async (terminal) => (await import('./commands/rotate-key.ts')).rotateKeyCommand(terminal),
  export: async (terminal) => (await import('./commands/export.ts')).exportCommand(terminal),
  erase: async (terminal) => (await import('./commands/erase.ts')).eraseCommand(terminal),
}

export const commandNames = Object.keys(commands)

/**
 * Creates the parser of a command line. It throws errors instead of ending the process.
 *
 * @param name of the command to execute. Unless it is one, the parser has all commands, to list them or to suggest the right one.
 */
export async function createProgram(terminal: Terminal, name: string | undefined): Promise<Command> {
  const program = new Command('northbound')
    .description(inLanguage(terminal, { en: 'Operates an installation of Northbound', zh: 'Northbound 运维命令' }))
    .helpCommand(false)
    .version(
      release,
      '-V, --version',
      inLanguage(terminal, { en: 'print the version of this checkout', zh: '打印当前检出的版本' }),
    )
  const selected = commandNames.filter((known) => known === name)
  for (const known of selected.length === 0 ? commandNames : selected) {
    const command = await commands[known]?.(terminal)
    if (command !== undefined) program.addCommand(command)
  }
  for (const command of [program, ...program.commands]) {
    command
      .helpOption('-h, --help', inLanguage(terminal, { en: 'print this text', zh: '打印本说明' }))
      .exitOverride()
      .configureHelp(helpFormat(terminal.language))
      // Errors are printed by the caller, in one line and in the terminal's language.
      .configureOutput({
        writeOut: (text) => void terminal.stdout.write(text),
        writeErr: (text) => void terminal.stderr.write(text),
        outputError: () => undefined,
      })
  }
  return program
}
