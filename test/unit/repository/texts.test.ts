import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { vocabularies } from '../../../console/wire-vocabularies.ts'
import { readSourceTexts, type SourceText } from '../../support/source-texts.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Where texts for people are. Other code with Chinese words recognises them in the texts of others. */
const folders = ['console', 'core/notifications', 'core/presentation', 'lib', 'cli', 'local', 'lambdas', 'adapters']
const others = new Set([
  'console/roster/parse-roster.ts',
  'core/presentation/csv.ts',
  'adapters/avd/success-indicators.ts',
])

const paths = folders
  .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root }))
  .filter((path) => !others.has(path))
const files = paths.map((path) => readSourceTexts(root, path))
const isChinese = ({ text }: SourceText) => /\p{Script=Han}/u.test(text)
/** Texts in both languages, such as `回调 / Callbacks`, have half-width punctuation where they are English. */
const isBilingual = ({ text }: SourceText) => text.includes(' / ')
const pairs = files.flatMap((file) => file.pairs).filter((pair) => isChinese(pair.chinese))
const english = new Set(pairs.map((pair) => pair.english.text))
const chinese = files.flatMap(({ texts }) => texts).filter((text) => isChinese(text) && !english.has(text.text))

const show = ({ place, text }: SourceText) => `${place} ${text}`
const matching = (pattern: RegExp) => chinese.filter(({ text }) => pattern.test(text)).map(show)

/** Words that readers stumbled over, and what to say instead (docs/glossary.md). */
const rejectedWords: readonly (readonly [word: RegExp, instead: string])[] = [
  [/导出器/, '录制类型, 录制 ID'],
  [/停滞/, '未正常结束'],
  [/就绪/, '转码完成'],
  [/对账/, '与平台核对'],
  [/偏差/, '差异数'],
  [/出勤|参会统计/, '参会记录'],
  [/在场/, '在线'],
  [/通告/, '通知'],
  [/人员/, '用户, 参会者'],
  [/应答/, '响应'],
  [/死信(?!队列|[），])/, '处理失败的事件（死信）'],
  [/额度/, '配额'],
  [/账户/, '账号'],
  [/凭据/, '凭证'],
  [/本地运行/, '本机运行'],
  [/后台管理|平台后台|管理后台(?!页面)/, '管理后台页面'],
  [/访问令牌/, 'API 令牌'],
  [/(?<!-)\bstack\b/, '堆栈'],
  [/\brunbook\b(?!\.|[^ ]*#)/, '处理手册'],
  [/折叠/, '计算'],
  [/上一个密钥/, '旧密钥'],
  [/订阅方/, '订阅者'],
  [/接收方/, '接收端'],
  [/(?<!-)check[ -]code/, 'check_code, 北向接口校验密钥'],
  [/密钥值(?!”)/, 'secret 的值'],
]

/** Values that only the wire uses. The others are also words, numbers or names of products. */
const wireOnly = ['normal', 'offline', 'client_kick', 'server_kick', 'room_closed', 'reconciled', 'auto', 'in_room']
const outcomes = Object.keys(vocabularies.refused_outcome)
const wireValues = [...wireOnly, ...outcomes, ...Object.keys(vocabularies.recording_status)]

describe('the Chinese texts', () => {
  it('are found', () => {
    expect(chinese.length).toBeGreaterThan(500)
    expect(pairs.length).toBeGreaterThan(400)
  })

  it('have full-width punctuation', () => {
    const halfWidth = /\p{Script=Han}\s?[,;:!?()"]|[,;:!?()"]\s?\p{Script=Han}|\p{Script=Han}\./u
    const isHalfWidth = ({ text }: SourceText) => halfWidth.test(text)
    expect(chinese.filter((text) => isHalfWidth(text) && !isBilingual(text)).map(show)).toEqual([])
  })

  it('have no blank beside full-width punctuation', () => {
    expect(matching(/[ \t][，。：；？！）】”、]|[，。：；？！（【“、][ \t](?!\/ )/)).toEqual([])
  })

  it('have a blank between Chinese and Latin characters', () => {
    expect(matching(/\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}/u)).toEqual([])
  })

  it.each(rejectedWords)('do not contain %s, but %s', (word) => {
    expect(matching(word)).toEqual([])
  })

  it('name the values of the wire', () => {
    const wireValue = new RegExp(`\\b(${wireValues.join('|')})\\b`)
    const named = chinese.filter((text) => !isBilingual(text))
    expect(named.filter(({ text }) => wireValue.test(text)).map(show)).toEqual([])
  })
})

describe('a Chinese text and its English one', () => {
  const namesOf = ({ placeholders }: SourceText) =>
    placeholders.map((each) => each.replace(/chinese|zh\b/gi, '…').replace(/english|en\b/gi, '…'))
  /** The English text may have further ones, such as the ending of a plural. Expressions, such as a choice of words, may differ. */
  const missingIn = (english: SourceText, text: SourceText) =>
    namesOf(text)
      .filter((name) => /^[\w.{}…]+$/.test(name))
      .filter((name) => !namesOf(english).some((other) => other.includes(name)))
  const isSentence = ({ text }: SourceText) => /[。.？?！!]$/.test(text.trimEnd())

  it('have the same placeholders', () => {
    const unequal = pairs.filter((pair) => missingIn(pair.english, pair.chinese).length > 0)
    expect(unequal.map((pair) => [show(pair.chinese), pair.english.text])).toEqual([])
  })

  it('both end as sentences, or neither does', () => {
    const unequal = pairs.filter((pair) => isSentence(pair.chinese) !== isSentence(pair.english))
    expect(unequal.map((pair) => [show(pair.chinese), pair.english.text])).toEqual([])
  })

  it('are not mixed, except for names of fields', () => {
    const withoutQuotes = ({ place, text }: SourceText) => ({
      place,
      text: text.replace(/“[^”]*”/g, ''),
      placeholders: [],
    })
    const unquoted = pairs.map((pair) => withoutQuotes(pair.english))
    expect(unquoted.filter(isChinese).map(show)).toEqual([])
  })
})
