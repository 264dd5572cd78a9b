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

/** Parses an option that may be repeated. */
export function collectText(text: string, collected: readonly string[] = []): readonly string[] {
  return [...collected, text]
}
