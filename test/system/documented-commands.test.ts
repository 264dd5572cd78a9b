import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { runCommand } from '../support/cli.ts'
import { codeBlocksOf, commandsOf } from '../support/documents.ts'
import { splitShellCommands } from '../support/shell-commands.ts'
import { checkCodeKey, type System, signParameters, startSystem } from '../support/system.ts'

/**
 * Each command once, but of the checks of `doctor`, which take seconds, only the longest. Those that replace the key come last, because
 * others use it.
 */
const commands = [
  ...new Set(
    ['README.md', 'docs/runbook.md', 'docs/operations.md', 'docs/upgrade.md', 'docs/chat.md', 'docs/cli.md']
      .flatMap(commandsOf)
      .filter(({ isExcerpt }) => !isExcerpt)
      .map(({ words }) => words.join(' ').replace(/^npx /, ''))
      .filter((command) => command.startsWith('northbound '))
      .map((command) => command.replace(/--(stack|aws-endpoint-url) \S+/, '--stack Northbound'))
      .filter((command) => !/ doctor (?!.*(--test-alerts|--url))/.test(command)),
  ),
].sort((a, b) => Number(a.includes(' rotate-key ')) - Number(b.includes(' rotate-key ')))

/** What makes a command shorter, and confirms it where a person would be asked. */
const additions: Readonly<Record<string, readonly string[]>> = {
  erase: ['--yes', '--wait-seconds', '0'],
  'rotate-key': ['--yes'],
  simulate: ['--duration', '1', '--faults', ''],
}

let system: System
let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'northbound-commands-'))
  system = await startSystem({ checkCodeKey, assembly: inject('assemblies').unsigned })
  await writeFile(join(directory, 'key.txt'), checkCodeKey)
  await writeFile(join(directory, 'token.txt'), system.run.apiToken)
})
afterAll(async () => {
  await system?.run.stop()
  await rm(directory, { recursive: true })
})

/** The arguments with which a documented command concerns the local run. */
function argumentsOf(command: string): string[] {
  const words = command.split(' ').slice(1)
  const adapted = words.flatMap((word, index) => {
    const option = words[index - 1]
    if (word === '--stack') return ['--aws-endpoint-url']
    if (option === '--stack') return [system.run.awsEndpointUrl]
    if (option === '--url') return [system.run.url]
    if (option === '--dead-letter-queue') return [system.run.outputs.DeadLetterQueueUrl ?? '']
    if (option?.endsWith('-file') || (option === '--out' && word !== '-')) return [join(directory, basename(word))]
    return [word]
  })
  return [...adapted, ...(additions[words[0] ?? ''] ?? [])]
}

/** Times and generated ids differ from one run to the next. */
const comparable = (text: string) =>
  JSON.parse(text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME').replace(/request-[0-9a-f-]+/g, 'ID'))

async function requestLikeCurl(words: readonly string[]): Promise<string> {
  const url = words.find((word) => word.startsWith('http')) ?? ''
  const header = words.find((word) => word.startsWith('Authorization: ')) ?? ''
  const authorization = header.replace('Authorization: ', '').replace('$TOKEN', system.run.apiToken)
  const response = await fetch(url.replace('http://127.0.0.1:3322', system.run.url), { headers: { authorization } })
  expect(response.status, url).toBe(200)
  await system.settle()
  return response.text()
}

describe('the first event of docs/local-run.md', () => {
  const blocks = codeBlocksOf('docs/local-run.md')
  const examples = blocks.flatMap(({ text }, index) => {
    const requests = splitShellCommands(text).filter(([program]) => program === 'curl')
    const response = blocks[index + 1]
    return requests.length > 0 && response !== undefined ? [{ requests, response: response.text }] : []
  })

  it('gets the responses that the page shows', async () => {
    expect(examples).toHaveLength(3)
    for (const { requests, response } of examples) {
      const bodies: string[] = []
      for (const words of requests) bodies.push(await requestLikeCurl(words))
      expect(comparable(bodies.at(-1) ?? '')).toEqual(comparable(response))
    }
  })
})

describe('the documented commands of the operator CLI', () => {
  it.each(commands)('%s', async (command) => {
    const argv = argumentsOf(command)
    const signed = new URLSearchParams(signParameters({ event: 'open', room_id: '1001', trace_id: 't1' }, checkCodeKey))
    const { exitCode, stderr } = await runCommand(
      command.startsWith('northbound simulate') ? [...argv, '--url', system.run.callbackUrl] : argv,
      { input: `curl '${system.run.callbackUrl}?${signed}'`, env: { NORTHBOUND_KEY: checkCodeKey } },
    )
    expect(stderr).not.toContain('northbound:')
    // A local run is not healthy in all respects: it has no platform and no sweeps.
    expect(command.startsWith('northbound doctor') ? [0, 1] : [0]).toContain(exitCode)
  })
})
