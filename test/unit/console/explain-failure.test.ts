import { afterEach, expect, it, vi } from 'vitest'

vi.stubGlobal('sessionStorage', { getItem: () => null })
const { ApiError } = await import('../../../console/api.ts')
const { explainFailure } = await import('../../../console/elements/explain-failure.ts')
const { language } = await import('../../../console/language.ts')

const initial = language.value
afterEach(() => {
  language.value = initial
})

it.each([
  [new ApiError(413, 'the response exceeds 6 MB as JSON'), '结果过大，请缩短时间段'],
  [new ApiError(429, 'there are more than 5 queries in this second'), '查询过于频繁，请稍后重试'],
  [new ApiError(401, 'send the API token'), '登录已失效，请重新登录'],
  [new ApiError(503, 'Service Unavailable'), '查询接口出错，原因见函数 query-api 的日志'],
  [new TypeError('Failed to fetch'), '没有响应，请稍后重试'],
  [new ApiError(400, 'parameter "to" must be later than "from"'), 'parameter "to" must be later than "from"'],
])('%s is explained to a Chinese user as %s', (error, text) => {
  language.value = 'zh'
  expect(explainFailure(error)).toBe(text)
})
