import { Command, Option } from '@commander-js/extra-typings'
import { readUrl } from './callback-url.ts'
import type { Text } from './language.ts'
import { inLanguage, type Terminal } from './terminal.ts'

/**
 * Creates a command with the options that all commands have.
 *
 * @param examples command lines without the program's name.
 */
export function createCommand(terminal: Terminal, name: string, description: Text, examples: readonly string[]) {
  const say = (text: Text) => inLanguage(terminal, text)
  const title = say({ en: 'Examples:', zh: '示例：' })
  const lines = examples.map((example) => `  northbound ${name} ${example}`)
  return new Command(name)
    .description(say(description))
    .option('--json', say({ en: 'print one JSON document on standard output', zh: '在标准输出上打印一个 JSON 文档' }))
    .addOption(
      new Option(
        '--lang <language>',
        say({ en: 'the language, by default that of the locale', zh: '语言，缺省取自系统区域设置' }),
      ).choices(['en', 'zh'] as const),
    )
    .option('--verbose', say({ en: 'print details of an error', zh: '打印错误的详细信息' }))
    .addHelpText('after', `\n${[title, ...lines].join('\n')}`)
}

/** Creates a command with the options that select an installation, see `findInstallation`. */
export function createInstallationCommand(...definition: Parameters<typeof createCommand>) {
  const [terminal] = definition
  const say = (text: Text) => inLanguage(terminal, text)
  return createCommand(...definition)
    .option(
      '--stack <name>',
      say({
        en: 'name of a deployed stack, reached with your AWS credentials',
        zh: '已部署的堆栈名称，使用当前的 AWS 凭证访问',
      }),
    )
    .option(
      '--aws-endpoint-url <url>',
      say({
        en: 'the AWS endpoint of a local run, which it prints at the start',
        zh: '本机运行的 AWS 端点，启动时会打印',
      }),
      (url) => readUrl('--aws-endpoint-url', url).href,
    )
    .option('--region <region>', say({ en: 'AWS region of the stack', zh: '堆栈所在的 AWS 区域' }))
}
