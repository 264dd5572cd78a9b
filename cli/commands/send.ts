import { randomUUID } from 'node:crypto'
import { Option } from '@commander-js/extra-typings'
import { collectParameter, computeCheckCode } from '../callback-parameters.ts'
import { confirmTarget, localCallbackUrl, readUrl } from '../callback-url.ts'
import { CliError, exitCodes } from '../cli-error.ts'
import { createCommand } from '../create-command.ts'
import { deliverCallback } from '../deliver-callback.ts'
import { optionsOfKey } from '../option-texts.ts'
import { warnAboutParameters } from '../parameter-warnings.ts'
import { keyInput, readSecret } from '../secret-input.ts'
import { showText } from '../show-text.ts'
import { inLanguage, printResult, type Terminal } from '../terminal.ts'

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
      warnAboutParameters(terminal, signed)
      const { method } = options
      const delivery = await deliverCallback(url, signed, { method, signal: terminal.signal })
      if (delivery.outcome === 'no_response') throw noResponse(url, delivery.reason)
      const { status, body } = delivery
      if (status !== 200) terminal.exitCode = exitCodes.failure
      printResult(terminal, options, {
        json: { trace_id: parameters.trace_id, status, body },
        lines: [`trace_id: ${showText(parameters.trace_id)}`, `HTTP ${status}: ${showText(body)}`],
      })
    })
}

function noResponse({ origin }: URL, reason: string): CliError {
  return new CliError({ en: `no response from ${origin}: ${reason}`, zh: `${origin} 没有响应：${reason}` })
}
