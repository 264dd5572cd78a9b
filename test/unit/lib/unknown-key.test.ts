import { describe, expect, it } from 'vitest'
import { explainUnknownKey, findLikelyKey } from '../../../lib/unknown-key.ts'

const known = [
  'name',
  'owner',
  'allowedCidrs',
  'alertEmails',
  'alertPhones',
  'sweepMinutes',
  'vpcId',
  'timeZone',
  'legacyHttp',
]

describe('findLikelyKey', () => {
  it.each([
    ['allowedCIDRs', 'allowedCidrs'],
    ['allowed-cidrs', 'allowedCidrs'],
    ['ALLOWED_CIDRS', 'allowedCidrs'],
    ['allowedCidr', 'allowedCidrs'],
    ['alertEmail', 'alertEmails'],
    ['alertMails', 'alertEmails'],
    ['sweepMinuets', 'sweepMinutes'],
    ['timezone', 'timeZone'],
    ['VPCId', 'vpcId'],
    ['Name', 'name'],
    ['legacyHttps', 'legacyHttp'],
  ])('takes %s for %s', (key, likely) => {
    expect(findLikelyKey(key, known)).toBe(likely)
  })

  it.each([
    'sweepMinutesMax',
    'names',
    'game',
    'owners',
    'other',
    'vpc',
    'zone',
    'retention',
    'acknowledged-issue-numbers',
    'notices',
    '',
  ])('finds nothing that resembles %j', (key) => {
    expect(findLikelyKey(key, known)).toBeUndefined()
  })
})

describe('explainUnknownKey', () => {
  it('names the likely setting', () => {
    expect(explainUnknownKey('allowedCIDRs', known)).toBe('is not a known setting; did you mean "allowedCidrs"?')
  })

  it.each([
    ['checkCode', 'the secret of output CheckCodeSecretArn'],
    ['check_code_key', 'the secret of output CheckCodeSecretArn'],
    ['signingKey', 'the secret of output CheckCodeSecretArn'],
    ['apiToken', 'the secret of output ApiTokenSecretArn'],
    ['token', 'the secret of output ApiTokenSecretArn'],
    ['accessKey', 'the secret of output AvdSecretArn'],
    ['avdSecretKey', 'the secret of output AvdSecretArn'],
    ['secret_key', 'the secret of output AvdSecretArn'],
    ['listPaths', 'the secret of output AvdSecretArn'],
    ['password', 'one of the secrets of the stack'],
    ['wecomWebhook', 'the secret of output ChatSecretArn'],
    ['webhook', 'the secret of output ChatSecretArn'],
    ['webhooks', 'the secret of output ChatSecretArn'],
    ['webhookUrl', 'the secret of output ChatSecretArn'],
    ['chatWebhookUrls', 'the secret of output ChatSecretArn'],
    ['alertWebhook', 'the secret of output ChatSecretArn'],
    ['dingtalkSecret', 'the secret of output ChatSecretArn'],
    ['dingtalkToken', 'the secret of output ChatSecretArn'],
    ['ding_robot', 'the secret of output ChatSecretArn'],
    ['feishu', 'the secret of output ChatSecretArn'],
    ['larkBot', 'the secret of output ChatSecretArn'],
    ['chatSecret', 'the secret of output ChatSecretArn'],
    ['apiKey', 'one of the secrets of the stack'],
  ])('says where the value of %s belongs', (key, place) => {
    expect(explainUnknownKey(key, known)).toBe(`settings hold no secrets; put it into ${place}`)
  })

  it.each([
    ['avd', { secret_key: 's' }, 'the secret of output AvdSecretArn'],
    ['platform', { url: 'https://a', login: { accessKey: 'a' } }, 'the secret of output AvdSecretArn'],
    ['sites', [{ name: 'a' }, { check_code: 'c' }], 'the secret of output CheckCodeSecretArn'],
    ['secrets', { apiToken: 't' }, 'the secret of output ApiTokenSecretArn'],
    ['database', { password: 'p' }, 'one of the secrets of the stack'],
  ])('says where the value of a key within %s belongs', (key, value, place) => {
    expect(explainUnknownKey(key, known, value)).toBe(`settings hold no secrets; put it into ${place}`)
  })

  it('does not guess if nothing is similar', () => {
    expect(explainUnknownKey('colour', known)).toBe('is not a known setting')
    expect(explainUnknownKey('colour', known, { red: [1, null] })).toBe('is not a known setting')
  })
})
