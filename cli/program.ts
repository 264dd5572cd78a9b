import { Command } from '@commander-js/extra-typings'
import { doctorCommand } from './commands/doctor.ts'
import { eraseCommand } from './commands/erase.ts'
import { exportCommand } from './commands/export.ts'
import { rebuildCommand } from './commands/rebuild.ts'
import { redriveCommand } from './commands/redrive.ts'
import { replayCommand } from './commands/replay.ts'
import { rotateKeyCommand } from './commands/rotate-key.ts'
import { sendCommand } from './commands/send.ts'
import { signCommand } from './commands/sign.ts'
import { simulateCommand } from './commands/simulate.ts'
import { verifyCommand } from './commands/verify.ts'
import { helpFormat } from './help-format.ts'
import { inLanguage, type Terminal } from './terminal.ts'

const commands = [
  signCommand,
  verifyCommand,
  sendCommand,
  simulateCommand,
  doctorCommand,
  redriveCommand,
  rebuildCommand,
  replayCommand,
  rotateKeyCommand,
  exportCommand,
  eraseCommand,
]

/** Creates the parser of all commands. It throws errors instead of ending the process. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('northbound')
    .description(inLanguage(terminal, { en: 'Operates an installation of Northbound', zh: 'Northbound 运维命令' }))
    .helpCommand(false)
  for (const create of commands) program.addCommand(create(terminal))
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
