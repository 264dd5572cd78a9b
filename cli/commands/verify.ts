import { readFile } from 'node:fs/promises'
import { Option } from '@commander-js/extra-typings'
import { exitCodes, usageError } from '../cli-error.ts'
import { createCommand } from '../create-command.ts'
import { optionsOfKey } from '../option-texts.ts'
import { readStandardInput } from '../standard-input.ts'
import { inLanguage, printResult, type Terminal } from '../terminal.ts'
import { describeVerification } from '../verify/describe-verification.ts'
import { readPastedRequest } from '../verify/pasted-request.ts'
import { checkStandardInput, readKeys } from '../verify/read-keys.ts'
import { verifyRequest } from '../verify/verify-request.ts'

/** `verify`: says whether the check_code of a request holds, and why it does not. */
export function verifyCommand(terminal: Terminal) {
  const text = optionsOfKey(terminal)
  const collect = (value: string, collected: string[] = []) => [...collected, value]
  return createCommand(
    terminal,
    'verify',
    {
      en: 'says whether the check_code of a request holds, and if not, why',
      zh: '检查请求的 check_code 是否正确；若不正确，给出原因',
    },
    [
      "--key-file key.txt 'http://host/room_event_history/feedback?event=open&…&check_code=…'",
      "--key-file key.txt -- curl -d 'event=open' …",
      '--key-file key.txt - < curl.txt',
      '--key-file key.txt --content-type application/json - < body.json',
    ],
  )
    .argument(
      '<request...>',
      inLanguage(terminal, {
        en: 'a URL, a line of a log with one, a curl command, or "-" to read any of them or a body from standard input',
        zh: 'URL、带有 URL 的日志行、curl 命令，或“-”（从标准输入读取以上任一种或请求体）',
      }),
    )
    .option(
      '--key <key>',
      inLanguage(terminal, {
        en: `${text.key}; may be repeated, and may be the JSON of the secret`,
        zh: `${text.key}；可重复，也可以是 secret 的 JSON`,
      }),
      collect,
    )
    .option(
      '--key-file <file>',
      `${text.keyFile}${inLanguage(terminal, { en: '; may be repeated', zh: '，可重复' })}`,
      collect,
    )
    .option(
      '--content-type <type>',
      inLanguage(terminal, {
        en: 'the content type of a body on standard input',
        zh: '标准输入中请求体的 Content-Type',
      }),
    )
    .addOption(
      new Option(
        '--method <method>',
        inLanguage(terminal, { en: 'how standard input was sent', zh: '标准输入内容的发送方式' }),
      ).choices(['GET', 'POST'] as const),
    )
    .action(async (request, options) => {
      checkStandardInput(request, options)
      const given = await readKeys(terminal, options)
      const pasted = await readPastedRequest(request, options, (name) => readInput(terminal, name))
      const verification = verifyRequest(pasted, given)
      if (verification.outcome !== 'valid') terminal.exitCode = exitCodes.failure
      printResult(terminal, options, describeVerification(terminal, verification, given.keys.length))
    })
}

async function readInput(terminal: Terminal, name: string): Promise<Buffer> {
  if (name === '-') {
    const input = await readStandardInput(terminal)
    if (input.length > 0) return input
    throw usageError({ en: 'standard input is empty', zh: '标准输入为空' })
  }
  return readFile(name).catch((error: NodeJS.ErrnoException) => {
    throw usageError({ en: `cannot read ${name}: ${error.code}`, zh: `无法读取文件 ${name}：${error.code}` })
  })
}
