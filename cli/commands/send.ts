import { randomUUID } from 'node:crypto'
import { Option } from '@commander-js/extra-typings'
import { collectParameter, computeCheckCode } from '../callback-parameters.ts'
import { confirmTarget, localCallbackUrl, readUrl } from '../callback-url.ts'
import { CliError, exitCodes } from '../cli-error.ts'
import { createCommand } from '../create-command.ts'
import { optionsOfKey } from '../option-texts.ts'
import { keyInput, readSecret } from '../secret-input.ts'
import { inLanguage, printResult, type Terminal } from '../terminal.ts'

const responseTimeoutMs = 10_000

/** `send`: sends one callback and prints the response. */
export function sendCommand(terminal: Terminal) {
  const text = optionsOfKey(terminal)
  return createCommand(
    terminal,
    'send',
    { en: 'sends one callback and prints the response', zh: '发送一次回调并打印响应' },
    ['--event open --param room_id=1001', '--event join --param room_id=1001 --param user_id=7 --key-file key.txt'],
  )
    .requiredOption('--event <event>', inLanguage(terminal, { en: 'the event, such as open', zh: '事件，例如 open' }))
    .option('--param <name=value>', text.parameter, collectParameter)
    .option('--url <url>', inLanguage(terminal, { en: 'the callback URL', zh: '回调地址' }), localCallbackUrl)
    .option('--key <key>', text.key)
    .option('--key-file <file>', text.keyFile)
    .addOption(
      new Option('--method <method>', inLanguage(terminal, { en: 'how to send it', zh: '发送方式' }))
        .choices(['GET', 'POST'] as const)
        .default('GET' as const),
    )
    .option('--yes', inLanguage(terminal, { en: 'also send to another machine', zh: '允许发送到其他机器' }))
    .action(async (options) => {
      const url = readUrl('--url', options.url)
      confirmTarget(url, options.yes === true)
      const key = await readSecret(terminal, keyInput, options.key, options.keyFile)
      const parameters = { trace_id: randomUUID(), ...options.param, event: options.event }
      const signed = key === undefined ? parameters : { ...parameters, check_code: computeCheckCode(parameters, key) }
      const { status, body } = await deliver(url, options.method, new URLSearchParams(signed), terminal.signal)
      if (status !== 200) terminal.exitCode = exitCodes.failure
      printResult(terminal, options, {
        json: { trace_id: parameters.trace_id, status, body },
        lines: [`trace_id: ${parameters.trace_id}`, `HTTP ${status}: ${body}`],
      })
    })
}

async function deliver(url: URL, method: 'GET' | 'POST', form: URLSearchParams, signal: AbortSignal) {
  const target = new URL(url)
  if (method === 'GET') for (const [name, value] of form) target.searchParams.append(name, value)
  const either = AbortSignal.any([signal, AbortSignal.timeout(responseTimeoutMs)])
  try {
    const response = await fetch(target, { method, signal: either, ...(method === 'POST' && { body: form }) })
    return { status: response.status, body: await response.text() }
  } catch (error) {
    if (signal.aborted) throw error
    const cause = describeCause(error)
    throw new CliError(
      { en: `no response from ${url.origin}: ${cause}`, zh: `${url.origin} 没有响应：${cause}` },
      exitCodes.failure,
      { cause: error },
    )
  }
}

function describeCause(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message
}
