/** What a field says about the success of a request; undefined if it is no indicator, or says nothing. */
export type Judgement = 'success' | 'failure' | undefined

const toSet = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Words that make `code` a result code: `error_code`, but not `country_code`. */
/** Names of result codes without the word `code`. */
const codeNames = toSet('ret rc rtn retval')
const codeQualifiers = toSet(`
  code rtn err error errno ret return result status state response resp rsp res api biz sub http`)
const statusWords = toSet('status state stat result')
const statusQualifiers = toSet('status state stat result action ret request response resp rsp res api http query')
const successWords = toSet('success successful succeed succeeded succ ok')
const successQualifiers = toSet('success successful succeed succeeded succ ok is was result status request')
const errorWords = toSet('error errors err errs errno exception exceptions fault failure failed fail')
const messageWords = toSet(
  'msg message messages reason desc description detail details tip hint warning warnings note notice remark',
)

/** Flags of a good response or login: `token_valid`. */
const goodFlags = toSet('valid available healthy authorized authenticated')
/** Flags of a bad one: `timed_out`. */
const badFlags = toSet(
  'timeout timed expired invalid unavailable unreachable unauthorized denied rejected loading busy',
)
const flagQualifiers = toSet('is was has out token session login request response result data server service')

const successTexts = toSet(`
  ok okay success successful succeed succeeded true yes y normal active online running up healthy alive complete
  completed done finished 成功 正常 操作成功 请求成功 查询成功 获取成功`)
const failureText =
  /\berr(or)?s?\b|fail|invalid|expire|forbidden|denied|deny|unauthori|time ?d? ?out|exception|not found|unavailable|unreachab|offline|no response|not respond|busy|refuse|reject|illegal|partial|incomplete|truncat|unsuccess|not ok|missing|too many|错误|失败|过期|失效|无效|超时|异常|离线|不可达|无响应|未响应|拒绝|未登录|未授权|不存在|繁忙|非法|部分/i
/** Phrases that deny a failure: `no error`, `0 errors`. */
const deniedFailure =
  /\b(no|without|0|zero|none)[ _-]*(errors?|fail(ed|ures?)|exceptions?)\b|无错误|没有错误|(errors?|失败|错误|异常)(数?[:：]?) ?0(?!\d)/gi

/** Judges a field by its name. @param words of the name. */
export function judgeField(words: readonly string[], value: unknown): Judgement {
  const every = (allowed: ReadonlySet<string>) => words.every((word) => allowed.has(word))
  const some = (set: ReadonlySet<string>) => words.some((word) => set.has(word))
  if (value === null || value === undefined || words.length === 0) return undefined
  if ((some(messageWords) && words.length <= 3) || isStatusText(words)) return judgeMessage(value, some(errorWords))
  if ((words.includes('code') && every(codeQualifiers)) || codeNames.has(words.join())) return judgeCode(value)
  if (some(successWords) && every(successQualifiers)) return judgeFlag(value)
  if (some(errorWords) && words.length <= 2 && !words.some((word) => /^(at|time|id|count|num|total)$/.test(word)))
    return judgeError(value)
  if (some(statusWords) && every(statusQualifiers)) return judgeStatus(value)
  return typeof value === 'boolean' ? judgeStateFlag(words, value) : undefined
}

/** The text of a status: `status_text`. */
function isStatusText(words: readonly string[]): boolean {
  return words.length > 1 && words.at(-1) === 'text' && words.slice(0, -1).every((word) => statusQualifiers.has(word))
}

/** `valid: false` and `timed_out: true` state a failure. */
function judgeStateFlag(words: readonly string[], value: boolean): Judgement {
  const flags = value ? badFlags : goodFlags
  const isFlag = words.some((word) => flags.has(word))
  return isFlag && words.every((word) => flags.has(word) || flagQualifiers.has(word)) ? 'failure' : undefined
}

/** A code: 0 and 200 mean success. */
function judgeCode(value: unknown): Judgement {
  if (typeof value === 'object' || value === '') return undefined
  if (value === true || value === 0 || value === 200) return 'success'
  const text = String(value).trim().toLowerCase()
  return typeof value === 'string' && (/^(0+|200( ok)?)$/.test(text) || successTexts.has(text)) ? 'success' : 'failure'
}

/** A status: of 0 and 1, some interfaces use one for success and some the other, so they say nothing. */
function judgeStatus(value: unknown): Judgement {
  return ['0', '1'].includes(String(value)) ? undefined : judgeCode(value)
}

/** A flag: true and 1 mean success. */
function judgeFlag(value: unknown): Judgement {
  if (typeof value === 'object' || value === '') return undefined
  if (value === true || value === 1) return 'success'
  const text = String(value).trim().toLowerCase()
  return typeof value === 'string' && (text === '1' || successTexts.has(text)) ? 'success' : 'failure'
}

/** A field that describes an error. It reports success if it is missing, 0, or an empty or successful object. */
function judgeError(value: unknown): Judgement {
  if (value === false || value === 0 || value === '') return 'success'
  if (Array.isArray(value)) return value.length === 0 ? 'success' : 'failure'
  if (typeof value === 'object' && value !== null) {
    const isNoError = Object.values(value).every(
      (entry) => entry === null || judgeError(entry) === 'success' || judgeCode(entry) === 'success',
    )
    return isNoError ? 'success' : 'failure'
  }
  const text = String(value).trim().toLowerCase()
  const isNoError =
    typeof value === 'string' && (/^(0+|200|none|null|nil|no|false|no error)$/.test(text) || successTexts.has(text))
  return isNoError ? 'success' : 'failure'
}

/** A message: free text, which counts only if it names a failure. The message of an error may have to name a success. */
function judgeMessage(sent: unknown, isOfError: boolean): Judgement {
  const value = Array.isArray(sent) ? sent.filter((text) => typeof text === 'string').join('; ') : sent
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const text = value.replace(deniedFailure, '').trim().toLowerCase()
  if (failureText.test(text)) return 'failure'
  if (!isOfError || text === '') return undefined
  return successTexts.has(text) || /success|成功|正常|^ok\b|^no$|^none$|^null$/.test(text) ? 'success' : 'failure'
}
