import { describe, expect, it } from 'vitest'
import { parseChatSecret } from '../../../../adapters/secrets/chat-secret.ts'
import { UnusableSecretError } from '../../../../adapters/secrets/unusable-secret-error.ts'
import { expectChinese } from '../../../support/chinese-text.ts'

const wecomUrl = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0f3c'
const dingtalkUrl = 'https://oapi.dingtalk.com/robot/send?access_token=ab12'
const feishuUrl = 'https://open.feishu.cn/open-apis/bot/v2/hook/9d-7e'
const larkUrl = 'https://open.larksuite.com/open-apis/bot/v2/hook/5a-1b'

function robotsOf(secret: unknown, chatHosts: readonly string[] = []) {
  const text = typeof secret === 'string' ? secret : JSON.stringify(secret)
  return parseChatSecret(text, chatHosts)?.webhooks.map(({ service, url, secret }) => [service, url.href, secret])
}

function problemsOf(secret: unknown, chatHosts: readonly string[] = []): readonly string[] | undefined {
  const problems = parseChatSecret(JSON.stringify(secret), chatHosts)?.problems
  for (const problem of problems ?? []) expectChinese(problem)
  return problems?.map(({ english }) => english)
}

describe('parseChatSecret', () => {
  it('reads the robots of the documented object', () => {
    const secret = {
      wecom: [wecomUrl],
      dingtalk: [{ url: dingtalkUrl, secret: 'SECdemo' }],
      feishu: [{ url: feishuUrl, secret: null }],
      language: 'zh',
    }
    expect(robotsOf(secret)).toEqual([
      ['wecom', wecomUrl, undefined],
      ['dingtalk', dingtalkUrl, 'SECdemo'],
      ['feishu', feishuUrl, undefined],
    ])
    expect(parseChatSecret(JSON.stringify(secret), [])).toMatchObject({ language: 'zh', problems: [] })
  })

  it.each([
    ['a URL instead of a list', { dingtalk: dingtalkUrl }],
    ['a URL instead of an object', { dingtalk: [dingtalkUrl] }],
    ['an object instead of a URL', { wecom: [{ url: dingtalkUrl }] }],
    ['an object instead of a list', { dingtalk: { url: dingtalkUrl } }],
    ['a list without services', [dingtalkUrl]],
    ['a list of objects without services', [{ url: dingtalkUrl, secret: '' }]],
    ['a bare URL', dingtalkUrl],
    ['a bare URL with white space and a byte order mark', `\uFEFF ${dingtalkUrl}\r\n`],
    ['a JSON text', JSON.stringify(dingtalkUrl)],
    ['an object that was encoded twice', JSON.stringify(JSON.stringify({ dingtalk: [dingtalkUrl] }))],
    ['an empty entry beside it', { dingtalk: ['', dingtalkUrl, null, { url: '', secret: null }], wecom: null }],
    ['capitals in the name of the service', { DingTalk: [dingtalkUrl] }],
    ['capitals in the names of an entry', { dingtalk: [{ URL: dingtalkUrl, ' Secret ': null }] }],
    ['a list under another service', { feishu: [dingtalkUrl] }],
    ['a repeated URL', [dingtalkUrl, dingtalkUrl]],
    ['a copied signature', [`${dingtalkUrl}&timestamp=1&sign=abc%3D`]],
  ])('recognises %s', (_what, secret) => {
    expect(robotsOf(secret)).toEqual([['dingtalk', dingtalkUrl, undefined]])
  })

  it('recognises the service of each URL on several lines', () => {
    const services = robotsOf(`${wecomUrl}\r\n${dingtalkUrl}\n\n ${feishuUrl} , ${larkUrl}\n`)?.map(
      ([service]) => service,
    )
    expect(services).toEqual(['wecom', 'dingtalk', 'feishu', 'feishu'])
  })

  it.each([
    ['an empty secret', ''],
    ['the text null', ' null '],
    ['an object without robots', '{"wecom":[],"dingtalk":null,"feishu":"","language":"both"}'],
    ['an unfilled template', '{"dingtalk":[{"url":"","secret":null}]}'],
  ])('returns undefined for %s', (_what, secret) => {
    expect(parseChatSecret(secret, [])).toBeUndefined()
  })

  it.each([
    ['both', {}],
    ['both', { language: null }],
    ['en', { language: ' EN ' }],
  ])('reads the language %s', (language, fields) => {
    expect(parseChatSecret(JSON.stringify({ wecom: [wecomUrl], ...fields }), [])).toMatchObject({
      language,
      problems: [],
    })
  })

  it.each([
    ['plain http', ['http://oapi.dingtalk.com/robot/send?access_token=t0ken'], 'dingtalk[1] is not an https URL'],
    ['no URL', ['t0ken'], 'dingtalk[1] is not an https URL'],
    ['another host', ['https://t0ken.example/robot'], 'dingtalk[1] is not on a host of WeCom, DingTalk or Feishu'],
    [
      'a host that only ends like an official one',
      ['https://oapi.dingtalk.com.t0ken.example/robot/send?access_token=t0ken'],
      'dingtalk[1] is not on a host of WeCom, DingTalk or Feishu',
    ],
    [
      'another port of an official host',
      ['https://oapi.dingtalk.com:8443/robot/send?access_token=t0ken'],
      'dingtalk[1] is not on a host of WeCom, DingTalk or Feishu',
    ],
    [
      'another address of an official host',
      ['https://oapi.dingtalk.com/gettoken?appkey=t0ken'],
      'dingtalk[1] is not the address of a group robot',
    ],
    [
      'a user name',
      ['https://t0ken@oapi.dingtalk.com/robot/send?access_token=t0ken'],
      'dingtalk[1] contains a user name or a password',
    ],
    ['a number', [7], 'dingtalk[1] is not an https URL'],
    ['an object without a URL', [{ token: 't0ken' }], 'dingtalk[1] has no URL'],
    [
      'a secret with blanks',
      [{ url: dingtalkUrl, secret: 't0ken t0ken' }],
      'dingtalk[1] has a secret with characters that a secret cannot have',
    ],
  ])('reports an entry with %s without any part of it and keeps the others', (_what, entries, problem) => {
    const secret = { wecom: [wecomUrl], dingtalk: [feishuUrl, ...entries] }
    expect(problemsOf(secret)).toEqual([problem])
    expect(robotsOf(secret)).toHaveLength(2)
    expect(problem).not.toContain('t0ken')
  })

  it('reports an unknown language and unknown fields, without their text', () => {
    expect(problemsOf({ wecom: [wecomUrl], language: 'fr-t0ken', [`${larkUrl}`]: 'x', slack: null })).toEqual([
      'language is neither zh, en nor both',
      'the chat secret has fields that are not known (1)',
    ])
  })

  it.each([
    [
      'every entry is wrong',
      '{"wecom":["t0ken"]}',
      'the chat secret has no usable robot: wecom[0] is not an https URL',
    ],
    ['a text is no URL', 't0ken', 'the chat secret has no usable robot: entry[0] is not an https URL'],
    ['the JSON is damaged', '{"wecom":["t0ken"}', 'the secret is not valid JSON'],
  ])('throws if %s', (_what, secret, message) => {
    const parse = () => parseChatSecret(secret, [])
    expect(parse).toThrow(UnusableSecretError)
    expect(parse).toThrow(message)
  })

  describe('with chatHosts', () => {
    it('accepts a listed host under the service it is listed under', () => {
      const url = 'https://chat-proxy.example.com/hooks/1?key=2'
      expect(robotsOf({ feishu: [url] }, ['chat-proxy.example.com'])).toEqual([['feishu', url, undefined]])
    })

    it('recognises the service of a URL that stands alone by its path', () => {
      const url = 'https://chat-proxy.example.com/cgi-bin/webhook/send?key=2'
      expect(robotsOf(url, ['chat-proxy.example.com'])).toEqual([['wecom', url, undefined]])
    })

    it.each([
      ['http://127.0.0.1:9090/robot/send?access_token=1', ['127.0.0.1:9090']],
      ['http://localhost:9090/robot/send?access_token=1', ['localhost:9090']],
      ['http://[::1]:9090/robot/send?access_token=1', ['[::1]:9090']],
    ])('accepts plain http for the loopback address %s', (url, chatHosts) => {
      expect(robotsOf({ dingtalk: [url] }, chatHosts)).toEqual([['dingtalk', url, undefined]])
    })

    it.each([
      [
        'plain http for a host that is no loopback address',
        'http://chat-proxy.example.com/1',
        ['chat-proxy.example.com'],
      ],
      ['plain http for a loopback address that is not listed', 'http://127.0.0.1:9091/1', ['127.0.0.1:9090']],
      ['another port of a listed host', 'https://chat-proxy.example.com:444/1', ['chat-proxy.example.com']],
    ])('rejects %s', (_what, url, chatHosts) => {
      expect(() => robotsOf({ dingtalk: [url] }, chatHosts)).toThrow(UnusableSecretError)
    })
  })
})
