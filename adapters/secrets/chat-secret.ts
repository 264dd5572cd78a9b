import type { Bilingual } from '../../core/notifications/alert-text.ts'
import type { ChatLanguage, ChatService } from '../../core/ports/chat-robots.ts'
import { joinTexts } from '../../core/ports/explained-error.ts'
import { readWebhookUrl, type Webhook } from '../chat/webhook.ts'
import { decodeSecret, trim } from './decode-secret.ts'
import { UnusableSecretError } from './unusable-secret-error.ts'

export type ChatSecret = {
  /** Never empty. */
  readonly webhooks: readonly Webhook[]
  readonly language: ChatLanguage
  /** What cannot be used, in words without any part of the secret: `dingtalk[1] is not an https URL`. */
  readonly problems: readonly Bilingual[]
}

const defaultLanguage: ChatLanguage = 'both'
const languages: ReadonlySet<string> = new Set(['zh', 'en', 'both'] satisfies ChatLanguage[])

const serviceOfField: Readonly<Record<string, ChatService>> = {
  wecom: 'wecom',
  dingtalk: 'dingtalk',
  feishu: 'feishu',
  lark: 'feishu',
}

/** A robot as it stands in the secret. `expected`: undefined if it stands alone, without the name of a service. */
type Entry = { readonly label: string; readonly expected: ChatService | undefined; readonly value: unknown }

type EntryReading = { readonly webhook: Webhook } | { readonly problem: Bilingual }

/**
 * Parses the chat secret (docs/contract.md, section 7): an object with a list of robots for each service, or just their
 * URLs, one a line. A URL may stand where an object `{"url","secret"}` may, and the other way round. An entry that cannot
 * be used does not affect the others.
 *
 * @param chatHosts hosts that are accepted besides those of the services; see `readWebhookUrl`.
 * @returns undefined if no robot is configured.
 * @throws UnusableSecretError if nothing in it can be used.
 */
export function parseChatSecret(secret: string, chatHosts: readonly string[]): ChatSecret | undefined {
  const { entries, language, problems: fieldProblems } = readFields(secret)
  const readings = entries.map((entry) => readEntry(entry, chatHosts))
  const webhooks = withoutRepetitions(readings.flatMap((reading) => ('webhook' in reading ? [reading.webhook] : [])))
  const problems = [...fieldProblems, ...readings.flatMap((reading) => ('problem' in reading ? [reading.problem] : []))]
  if (webhooks.length > 0) return { webhooks, language, problems }
  if (problems.length > 0) throw withoutRobots(joinTexts(problems))
  return undefined
}

function withoutRobots({ english, chinese }: Bilingual): UnusableSecretError {
  return new UnusableSecretError({
    english: `the chat secret has no usable robot: ${english}`,
    chinese: `群机器人的 secret 中没有可用的机器人：${chinese}`,
  })
}

type ReadFields = Pick<ChatSecret, 'language' | 'problems'> & { readonly entries: readonly Entry[] }

/** @throws UnusableSecretError */
function readFields(secret: string): ReadFields {
  const decoded = decodeSecret(secret)
  if (decoded.kind === 'empty') return { entries: [], language: defaultLanguage, problems: [] }
  if (decoded.kind !== 'object') {
    const entries = listEntries('entry', undefined, decoded.kind === 'text' ? decoded.text : decoded.items)
    return { entries, language: defaultLanguage, problems: [] }
  }
  const fields = normalizeNames(decoded.fields)
  const entries = fields.flatMap(([name, value]) => {
    const service = serviceOfField[name]
    return service === undefined ? [] : listEntries(name, service, value)
  })
  const others = fields.filter(([name, value]) => serviceOfField[name] === undefined && name !== 'language' && value)
  const { language, problems } = readLanguage(fields.find(([name]) => name === 'language')?.[1])
  // The names are not shown: a URL in the wrong place could be one.
  const unknown = {
    english: `the chat secret has fields that are not known (${others.length})`,
    chinese: `群机器人的 secret 中有 ${others.length} 个未知字段`,
  }
  return { entries, language, problems: [...problems, ...(others.length > 0 ? [unknown] : [])] }
}

/** Ignores capitals and white space in the names of fields. */
function normalizeNames(fields: Readonly<Record<string, unknown>>): (readonly [name: string, value: unknown])[] {
  return Object.entries(fields).map(([name, value]) => [trim(name).toLowerCase(), value] as const)
}

function readLanguage(value: unknown): Pick<ChatSecret, 'language' | 'problems'> {
  const language = typeof value === 'string' ? trim(value).toLowerCase() : (value ?? '')
  if (language === '' || language === 'null') return { language: defaultLanguage, problems: [] }
  if (isLanguage(language)) return { language, problems: [] }
  return { language: defaultLanguage, problems: [unknownLanguage] }
}

const unknownLanguage: Bilingual = {
  english: 'language is neither zh, en nor both',
  chinese: 'language 不是 zh、en 或 both',
}

function isLanguage(value: unknown): value is ChatLanguage {
  return typeof value === 'string' && languages.has(value)
}

/** Lists the robots of a field, which holds a list, one robot, or several URLs in a text. */
function listEntries(name: string, expected: ChatService | undefined, value: unknown): Entry[] {
  const values = Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[\s,;]+/) : [value]
  return values.flatMap((item: unknown, index): Entry[] =>
    isAbsent(item) ? [] : [{ label: `${name}[${index}]`, expected, value: item }],
  )
}

/** An object whose fields are all empty is an unfilled template. */
function isAbsent(value: unknown): boolean {
  if (isRecord(value)) return Object.values(value).every(isAbsent)
  if (typeof value !== 'string') return value === undefined || value === null
  const text = trim(value)
  return text === '' || text === 'null'
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readEntry({ label, expected, value }: Entry, chatHosts: readonly string[]): EntryReading {
  const { url: urlValue, secret: secretValue }: Readonly<Record<string, unknown>> = isRecord(value)
    ? Object.fromEntries(normalizeNames(value))
    : { url: value }
  if (typeof urlValue !== 'string') return { problem: withLabel(label, { english: 'has no URL', chinese: '没有 URL' }) }
  const reading = readWebhookUrl(trim(urlValue), expected, chatHosts)
  if (reading.outcome === 'unusable') return { problem: withLabel(label, reading.problem) }
  const { service, url } = reading
  if (isAbsent(secretValue)) return { webhook: { service, url, secret: undefined } }
  const secret = typeof secretValue === 'string' ? trim(secretValue) : ''
  if (!/^[!-~]+$/.test(secret)) return { problem: withLabel(label, invalidSecret) }
  return { webhook: { service, url, secret } }
}

const invalidSecret: Bilingual = {
  english: 'has a secret with characters that a secret cannot have',
  chinese: '的 secret 含有不允许的字符',
}

function withLabel(label: string, { english, chinese }: Bilingual): Bilingual {
  return { english: `${label} ${english}`, chinese: `${label} ${chinese}` }
}

/** The last of several entries for a robot counts: a message must not arrive twice. */
function withoutRepetitions(webhooks: readonly Webhook[]): readonly Webhook[] {
  return [...new Map(webhooks.map((webhook) => [webhook.url.href, webhook])).values()]
}
