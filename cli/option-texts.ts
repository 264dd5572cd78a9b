import { inLanguage, type Terminal } from './terminal.ts'

/** The descriptions of options that several commands have. */
export function optionsOfKey(terminal: Pick<Terminal, 'language'>) {
  return {
    key: inLanguage(terminal, {
      en: 'the check-code key; "-" reads it from standard input (or the variable NORTHBOUND_KEY)',
      zh: '北向接口校验密钥；“-”表示从标准输入读取（也可使用环境变量 NORTHBOUND_KEY）',
    }),
    keyFile: inLanguage(terminal, { en: 'a file with the key', zh: '保存密钥的文件' }),
    parameter: inLanguage(terminal, { en: 'a parameter of the callback; may be repeated', zh: '回调的参数，可重复' }),
  }
}

/** The descriptions of the options that select an installation. */
export function optionsOfInstallation(terminal: Pick<Terminal, 'language'>) {
  return {
    stack: inLanguage(terminal, {
      en: 'name of a deployed stack, reached with your AWS credentials',
      zh: '已部署的堆栈名称，使用当前的 AWS 凭证访问',
    }),
    endpoint: inLanguage(terminal, {
      en: 'the AWS endpoint of a local run, which it prints at the start',
      zh: '本机运行的 AWS 端点，启动时会打印',
    }),
    region: inLanguage(terminal, { en: 'AWS region of the stack', zh: '堆栈所在的 AWS 区域' }),
  }
}

/** Parses an option that may be repeated. */
export function collectText(text: string, collected: readonly string[] = []): readonly string[] {
  return [...collected, text]
}
