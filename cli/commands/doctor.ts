import { readUrl } from '../callback-url.ts'
import { type ExitCode, exitCodes, usageError } from '../cli-error.ts'
import { createInstallationCommand } from '../create-command.ts'
import { createContext, type DoctorContext } from '../doctor/context.ts'
import type { TestAlert } from '../doctor/describe-chat-report.ts'
import { areHealthy } from '../doctor/finding.ts'
import { listChecks } from '../doctor/list-checks.ts'
import { type DoctorReport, renderReport, toJson } from '../doctor/report.ts'
import { runChecks } from '../doctor/run-checks.ts'
import { sendTestAlerts } from '../doctor/test-alerts.ts'
import { findInstallation, type InstallationOptions } from '../installation.ts'
import { optionsOfKey } from '../option-texts.ts'
import { startProgress } from '../progress.ts'
import { keyInput, readSecret, requireSecret, tokenInput } from '../secret-input.ts'
import { inLanguage, printResult, type Terminal } from '../terminal.ts'

interface DoctorOptions extends InstallationOptions {
  readonly url?: string | undefined
  readonly token?: string | undefined
  readonly tokenFile?: string | undefined
  readonly key?: string | undefined
  readonly keyFile?: string | undefined
  readonly testAlerts?: true | undefined
}

/** `doctor`: checks an installation from outside, and says what to do about each finding. */
export function doctorCommand(terminal: Terminal) {
  const text = optionsOfKey(terminal)
  const say = (en: string, zh: string) => inLanguage(terminal, { en, zh })
  return createInstallationCommand(
    terminal,
    'doctor',
    {
      en: 'checks an installation and says what to do about each finding',
      zh: '检查部署实例的运行状况，并说明如何处理发现的问题',
    },
    [
      '--stack Northbound',
      '--stack Northbound --test-alerts',
      '--url https://API --token-file token.txt --key-file key.txt',
    ],
  )
    .option('--url <url>', say('the URL of the API, if there is no access to AWS', 'API 地址，用于没有 AWS 访问权限时'))
    .option(
      '--token <token>',
      say(
        'the API token; "-" reads it from standard input (or the variable NORTHBOUND_TOKEN); by default that of the stack',
        'API 令牌；“-”表示从标准输入读取（也可使用环境变量 NORTHBOUND_TOKEN）；缺省使用堆栈的令牌',
      ),
    )
    .option('--token-file <file>', say('a file with the token', '保存令牌的文件'))
    .option('--key <key>', text.key)
    .option('--key-file <file>', text.keyFile)
    .option(
      '--test-alerts',
      say('also send a test alert by e-mail, text message and chat', '同时通过邮件、短信和群消息发送测试告警'),
    )
    .action(async (options) => {
      const context = await openContext(terminal, options)
      const { signal } = terminal
      const { checks, leftOut } = listChecks(context)
      const progress = startProgress(terminal, { label: { en: 'Checking', zh: '检查' }, total: checks.length })
      const [found, testAlerts] = await Promise.all([
        runChecks(checks, { signal, onProgress: (done) => progress.update(done) }),
        options.testAlerts ? testAlertsOf(context, signal) : [],
      ]).finally(() => progress.stop())
      const report = { findings: [...found, ...leftOut], testAlerts, isStopped: signal.aborted }
      terminal.exitCode = exitCodeOf(report)
      printResult(terminal, options, { json: toJson(terminal, report), lines: renderReport(terminal, report) })
    })
}

function exitCodeOf({ findings, testAlerts, isStopped }: DoctorReport): ExitCode {
  if (isStopped) return exitCodes.interrupted
  const isSent = testAlerts.every(({ outcome }) => outcome === 'sent')
  return areHealthy(findings) && isSent ? exitCodes.success : exitCodes.failure
}

/** @throws CliError if the options do not select an installation. */
async function openContext(terminal: Terminal, options: DoctorOptions): Promise<DoctorContext> {
  const hasStack = options.stack !== undefined || options.awsEndpointUrl !== undefined
  if (options.url !== undefined && hasStack)
    throw usageError({
      en: 'give either --url or an installation (--stack, --aws-endpoint-url), not both',
      zh: '--url 与 --stack、--aws-endpoint-url 只能指定其一',
    })
  const url = options.url === undefined ? undefined : readUrl('--url', options.url)
  if (url === undefined && !hasStack)
    throw usageError({
      en: 'give --stack NAME, --aws-endpoint-url URL for a local run, or --url and --token of the API',
      zh: '请用 --stack 名称、--aws-endpoint-url 地址（本机运行），或 API 的 --url 和 --token 指定部署实例',
    })
  if (url !== undefined && options.testAlerts)
    throw usageError({
      en: '--test-alerts needs --stack or --aws-endpoint-url',
      zh: '--test-alerts 需要 --stack 或 --aws-endpoint-url',
    })
  if (options.token === '-' && options.key === '-')
    throw usageError({ en: 'only one of --token and --key can be "-"', zh: '--token 与 --key 只能有一个为“-”' })
  const read = url === undefined ? readSecret : requireSecret
  const token = await read(terminal, tokenInput, options.token, options.tokenFile)
  const key = await readSecret(terminal, keyInput, options.key, options.keyFile)
  const installation = hasStack ? await findInstallation(options, terminal.signal) : undefined
  return createContext({ installation, url, token, key })
}

function testAlertsOf({ stack, now }: DoctorContext, signal: AbortSignal): Promise<TestAlert[]> | TestAlert[] {
  return stack === undefined ? [] : sendTestAlerts(stack, now(), signal)
}
