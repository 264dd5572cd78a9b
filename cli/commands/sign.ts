import { collectParameter, computeCheckCode } from '../callback-parameters.ts'
import { localCallbackUrl, readUrl } from '../callback-url.ts'
import { createCommand } from '../create-command.ts'
import { optionsOfKey } from '../option-texts.ts'
import { keyInput, requireSecret } from '../secret-input.ts'
import { inLanguage, printResult, type Terminal } from '../terminal.ts'

/** `sign`: prints the check_code of a callback and the signed URL. */
export function signCommand(terminal: Terminal) {
  const text = optionsOfKey(terminal)
  return createCommand(
    terminal,
    'sign',
    { en: 'prints the check_code of a callback and the signed URL', zh: '计算回调的 check_code，并打印带签名的 URL' },
    ['--key-file key.txt --param event=open --param trace_id=1 --param room_id=1001'],
  )
    .option('--key <key>', text.key)
    .option('--key-file <file>', text.keyFile)
    .option('--url <url>', inLanguage(terminal, { en: 'the callback URL', zh: '回调地址' }), localCallbackUrl)
    .requiredOption('--param <name=value>', text.parameter, collectParameter)
    .action(async (options) => {
      const url = readUrl('--url', options.url)
      const key = await requireSecret(terminal, keyInput, options.key, options.keyFile)
      const checkCode = computeCheckCode(options.param, key)
      for (const [name, value] of Object.entries({ ...options.param, check_code: checkCode }))
        url.searchParams.set(name, value)
      printResult(terminal, options, {
        json: { check_code: checkCode, url: url.href },
        lines: [`check_code: ${checkCode}`, url.href],
      })
    })
}
