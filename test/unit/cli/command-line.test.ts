import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { chooseLanguage } from '../../../cli/language.ts'
import { commandNames } from '../../../cli/program.ts'
import { execute } from '../../../cli/run.ts'
import { createTerminal, runCommand } from '../../support/cli.ts'

describe('a command line that is wrong', () => {
  it.each([
    [[], ''],
    [['fly'], "northbound: unknown command 'fly' (see --help)\n"],
    [['sing'], "northbound: unknown command 'sing', did you mean sign? (see --help)\n"],
    [['sign', '--param', 'line\n\u001b[31m'], 'northbound: --param needs name=value, not "line\\n\\u001b[31m"\n'],
    [['sign'], "northbound: required option '--param <name=value>' not specified (see --help)\n"],
    [['sign', '--param', 'a=b', '--colour', 'red'], "northbound: unknown option '--colour' (see --help)\n"],
    [['sign', '--param', 'event'], 'northbound: --param needs name=value, not "event"\n'],
    [['sign', '--param', 'a=1', '--param', 'a=1'], 'northbound: the parameter a is given twice\n'],
    [['sign', '--param', 'a=1', 'more'], 'northbound: too many arguments'],
    [
      ['send', '--event', 'open', '--method', 'PUT'],
      "northbound: option '--method <method>' argument 'PUT' is invalid.",
    ],
    [
      ['send', '--event', 'open', '--url', 'nowhere'],
      'northbound: --url must be an http or https URL, not "nowhere"\n',
    ],
  ])('%j ends with exit code 2 and one line', async (argv, line) => {
    const { exitCode, stdout, stderr } = await runCommand(argv)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(line)
    if (argv.length > 0) expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })

  it.each([
    [['export', '--what', 'all', '--out', 'x.csv'], '的值“all”无效，可选 sessions、meetings、'],
    [['export', '--what', 'events', '--out', '.'], '. 是一个文件夹'],
    [['export', '--what', 'events', '--out', 'absent/x.csv'], '文件夹 absent 不存在'],
    [['verify', '--key', 'k', '-'], '标准输入为空'],
    [['doctor', '--url', 'http://127.0.0.1:1'], '缺少 API 令牌：'],
    [['redrive', '--aws-endpoint-url', 'nowhere'], '--aws-endpoint-url 必须是 http 或 https 地址，而不是“nowhere”'],
  ])('%j is explained in Chinese with exit code 2', async (argv, text) => {
    const { exitCode, stderr } = await runCommand(argv, { language: 'zh' })
    expect(stderr).toContain(text)
    expect(exitCode).toBe(2)
  })

  it('is explained in Chinese', async () => {
    const { stderr } = await runCommand(['sign', '--param', 'a=b', '--colour'], { language: 'zh' })
    expect(stderr).toBe('northbound: 未知选项 --colour（见 --help）\n')
    const similar = await runCommand(['replai'], { language: 'zh' })
    expect(similar.stderr).toBe('northbound: 未知命令 replai，是否想用 replay？（见 --help）\n')
  })

  it('is explained with the stack trace if --verbose is given', async () => {
    const { stderr } = await runCommand(['sign', '--param', 'event', '--verbose'])
    expect(stderr).toContain('callback-parameters')
  })

  it('sends no control characters to the terminal, in the stack trace either', async () => {
    const { stderr } = await runCommand(['sign', '--param', 'line\r\u001b[31m\u009b2J', '--verbose'])
    expect(stderr).toContain('    at ')
    expect(stderr.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })
})

describe.each(commandNames)('northbound %s --help', (name) => {
  it.each(['en', 'zh'] as const)('shows the options of all commands and an example, in %s', async (language) => {
    const { exitCode, stdout, stderr } = await runCommand([name, '--help'], { language })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    for (const option of ['--json', '--lang', '--verbose', '--help']) expect(stdout).toContain(option)
    expect(stdout).toContain(language === 'en' ? 'Examples:' : '示例：')
    expect(stdout).toContain(`northbound ${name} `)
    expect(/\p{Script=Han}/u.test(stdout)).toBe(language === 'zh')
  })
})

describe('an error of standard output', () => {
  it.each([
    ['EPIPE', ''],
    ['ENOSPC', 'northbound: write ENOSPC\n'],
  ])('%s fails the command and prints %j: a reader that has seen enough is nothing to report', async (code, line) => {
    const { terminal, stderr } = createTerminal()
    const write = () => {
      throw Object.assign(new Error(`write ${code}`), { code })
    }
    const stdout = Object.assign(new PassThrough(), { write })
    const argv = ['sign', '--key', 'k', '--param', 'event=open', '--param', 'trace_id=1', '--param', 'room_id=R']
    expect(await execute(argv, { ...terminal, stdout })).toBe(1)
    expect(stderr()).toBe(line)
  })
})

describe('the language', () => {
  it.each([
    [['sign', '--lang', 'zh'], { LANG: 'en_US.UTF-8' }, 'zh'],
    [['sign', '--lang=en'], { LANG: 'zh_CN.UTF-8' }, 'en'],
    [['sign'], { LANG: 'zh_CN.UTF-8' }, 'zh'],
    [['sign'], { LC_ALL: 'C', LANG: 'zh_CN.UTF-8' }, 'en'],
    [['sign'], { LC_ALL: '', LC_MESSAGES: 'zh_TW', LANG: 'en_US' }, 'zh'],
  ] as const)('of %j with %j is %s', (argv, env, language) => {
    expect(chooseLanguage(argv, env)).toBe(language)
  })
})
