import type { Language } from '../language.ts'

/** Chinese pages that stand for English ones, where the headings have other anchors. */
const chinesePages: ReadonlyMap<string, string> = new Map([
  ['docs/alerts.md#who-gets-them', 'docs/alerts.zh-CN.md#通知对象'],
  ['docs/api.md#responses-to-callbacks', 'docs/api.zh-CN.md#回调的响应'],
  ['docs/configuration.md#secrets', 'docs/configuration.zh-CN.md#密钥和-secret'],
  ['docs/operations.md#restore', 'docs/operations.zh-CN.md#恢复数据'],
  ['docs/operations.md#the-quota-of-concurrent-executions', 'docs/operations.zh-CN.md#并发执行数配额'],
  ['docs/personal-data.md#articles', 'docs/personal-data.zh-CN.md#法律条文'],
  ['docs/reconciliation.md#access-to-the-platform', 'docs/reconciliation.zh-CN.md#访问平台'],
  ['docs/upgrade.md#adopted-tables', 'docs/upgrade.zh-CN.md#沿用的表'],
  ['docs/upgrade.md#reading-the-difference', 'docs/upgrade.zh-CN.md#如何阅读差异'],
  ['docs/upgrade.md#steps', 'docs/upgrade.zh-CN.md#步骤'],
])

/** Finds the page in the language of the reader. The headings of the runbook and of commands are the same in both languages. */
export function pageIn(language: Language, page: string): string {
  if (language === 'en') return page
  return chinesePages.get(page) ?? page.replace(/^docs\/(runbook|cli)\.md#/, 'docs/$1.zh-CN.md#')
}
