import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CommanderError } from '@commander-js/extra-typings'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../../../cli/program.ts'
import { readCommandLine } from '../../../local/command-line.ts'
import awsCliOptions from '../../support/aws-cli-options.json' with { type: 'json' }
import { createTerminal } from '../../support/cli.ts'
import { commandsOf, type DocumentedCommand, listTranslatedPages, root } from '../../support/documents.ts'

const pages = listTranslatedPages().flatMap((page) => [`${page}.md`, `${page}.zh-CN.md`])
const commands = pages.flatMap(commandsOf)

/** The arguments of the commands that begin with one of these words. */
function argumentsOf(...programs: readonly string[]): DocumentedCommand[] {
  const found = programs.flatMap((program) => {
    const prefix = program.split(' ')
    return commands
      .filter(({ words }) => prefix.every((word, index) => words[index] === word))
      .map((command) => ({ ...command, words: command.words.slice(prefix.length) }))
  })
  expect(found.length, programs.join()).toBeGreaterThan(2)
  return found
}

const describeCommand = ({ page, words }: DocumentedCommand) => `${page}: ${words.join(' ')}`

/** Parses a command line of the operator CLI without executing it. @returns what is wrong. */
async function parseCli({ words, isExcerpt }: Pick<DocumentedCommand, 'words' | 'isExcerpt'>) {
  const program = await createProgram(createTerminal().terminal, words[0])
  for (const command of program.commands) command.action(() => undefined)
  try {
    program.parse(words, { from: 'user' })
    return undefined
  } catch (error) {
    if (error instanceof CommanderError && error.code === 'commander.version') return undefined
    if (isExcerpt && error instanceof CommanderError && error.code === 'commander.missingMandatoryOptionValue')
      return undefined
    return error instanceof Error ? error.message : String(error)
  }
}

type AwsCommand = { readonly required: readonly string[]; readonly optional: readonly string[] }
/** From the service models of botocore 1.43.107, from which the AWS CLI makes its commands and options. */
const awsCommands: ReadonlyMap<string, AwsCommand> = new Map(Object.entries(awsCliOptions))
const globalAwsOptions = ['endpoint-url', 'output', 'query', 'region']

/** @returns what is wrong with a command of the AWS CLI, apart from values. */
function checkAws({ words, isExcerpt }: Pick<DocumentedCommand, 'words' | 'isExcerpt'>): string[] {
  const name = words.slice(0, words[1] === 'wait' ? 3 : 2).join(' ')
  if (name === 'configure') return []
  const known = awsCommands.get(name)
  if (known === undefined) return [`${name} is not in test/support/aws-cli-options.json`]
  const options = words.filter((word) => word.startsWith('--')).map((word) => word.slice(2))
  const allowed = [...known.required, ...known.optional, ...globalAwsOptions]
  const missing = known.required.filter((option) => !options.includes(option) && !options.includes(`no-${option}`))
  return [
    ...options.filter((option) => !allowed.includes(option)).map((option) => `${name} has no option --${option}`),
    ...(isExcerpt ? [] : missing).map((option) => `${name} needs --${option}`),
  ]
}

describe('the commands in the documents for operators', () => {
  it('are accepted by the parser of the operator CLI', async () => {
    const documented = argumentsOf('northbound', 'npx northbound', 'npm run northbound --')
    const wrong = await Promise.all(
      documented.map(async (command) => [describeCommand(command), await parseCli(command)]),
    )
    expect(wrong.filter(([, problem]) => problem !== undefined)).toEqual([])
    expect(await parseCli({ words: ['doctor', '--stak', 'Northbound'], isExcerpt: true })).toContain('--stak')
    expect(await parseCli({ words: ['erase', '--stack', 'Northbound'], isExcerpt: false })).toContain('--user')
  })

  it('are accepted by the parser of npm start', () => {
    for (const command of argumentsOf('npm start --', 'npm start --silent --'))
      expect(() => readCommandLine(command.words), describeCommand(command)).not.toThrow()
  })

  it('name tests that exist', () => {
    const paths = argumentsOf('npm test --', 'npx vitest run').flatMap(({ words }) => words)
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it('have options that the AWS CLI has, and those that it requires', () => {
    const documented = argumentsOf('aws')
    expect(documented.length).toBeGreaterThan(100)
    expect(documented.flatMap((command) => checkAws(command).map((problem) => `${command.page}: ${problem}`))).toEqual(
      [],
    )
    const used = documented.map(({ words }) => words.join(' '))
    expect([...awsCommands.keys()].filter((name) => !used.some((command) => command.startsWith(name)))).toEqual([])
    expect(checkAws({ words: ['sqs', 'delete-queue', '--url', 'x'], isExcerpt: false })).toEqual([
      'sqs delete-queue has no option --url',
      'sqs delete-queue needs --queue-url',
    ])
  })

  it('have no options of CDK, whose settings are in northbound.json', () => {
    const options = argumentsOf('npx cdk').flatMap(({ words }) => words.slice(1))
    expect(options).toEqual([])
  })
})
