import { Option } from '@commander-js/extra-typings'
import { collectParameter, computeCheckCode } from '../callback-parameters.ts'
import { localCallbackUrl, readUrl } from '../callback-url.ts'
import { createCommand } from '../create-command.ts'
import { optionsOfKey } from '../option-texts.ts'
import { warnAboutParameters } from '../parameter-warnings.ts'
import { keyInput, requireSecret } from '../secret-input.ts'
import { inLanguage, printResult, type Terminal } from '../terminal.ts'

/** `sign`: prints the check_code of a callback and the signed URL. */
export function signCommand(terminal: Terminal) {
  const text = optionsOfKey(terminal)
  return createCommand(
    terminal,
    'sign',
    { en: 'prints the check_code of a callback and the signed URL', zh: '计算回调的 check_code，并打印带签名的 URL' },
    [
      '--key-file key.txt --param event=open --param trace_id=1 --param room_id=1001',
      '--key-file key.txt --method POST --param event=close --param trace_id=2 --param room_id=1001 --param event_type=user',
    ],
  )
    .option('--key <key>', text.key)
    .option('--key-file <file>', text.keyFile)
    .option('--url <url>', inLanguage(terminal, { en: 'the callback URL', zh: '回调地址' }), localCallbackUrl)
    .requiredOption('--param <name=value>', text.parameter, collectParameter)
    .addOption(
      new Option('--method <method>', inLanguage(terminal, { en: 'how it is sent', zh: '发送方式' }))
        .choices(['GET', 'POST'] as const)
        .default('GET' as const),
    )
    .action(async (options) => {
      const url = readUrl('--url', options.url)
      const key = await requireSecret(terminal, keyInput, options.key, options.keyFile)
      const checkCode = computeCheckCode(options.param, key)
      warnAboutParameters(terminal, options.param)
      const signed = { ...options.param, check_code: checkCode }
      const body = options.method === 'POST' ? new URLSearchParams(signed).toString() : undefined
      if (body === undefined) for (const [name, value] of Object.entries(signed)) url.searchParams.set(name, value)
      printResult(terminal, options, {
        json: { check_code: checkCode, url: url.href, body },
        lines: [`check_code: ${checkCode}`, ...(body === undefined ? [url.href] : [`POST ${url.href}`, body])],
      })
    })
}
