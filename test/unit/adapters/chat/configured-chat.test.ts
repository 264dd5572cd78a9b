import { describe, expect, it } from 'vitest'
import { configuredChat } from '../../../../adapters/chat/configured-chat.ts'
import { type ChatSecret, parseChatSecret } from '../../../../adapters/secrets/chat-secret.ts'
import type { SecretReading } from '../../../../core/ports/secret-reader.ts'

const url = 'https://oapi.dingtalk.com/robot/send?access_token=ab12'

function configurationOf(reading: SecretReading<ChatSecret>) {
  return configuredChat({ read: async () => reading }, 1000, { timeoutMs: 1000 })()
}

describe('configuredChat', () => {
  it('creates a robot for each usable entry and reports the others', async () => {
    const value = parseChatSecret(JSON.stringify({ dingtalk: [url, 'x'], language: 'en' }), [])
    if (value === undefined) throw new Error('the secret has no robot')
    expect(await configurationOf({ outcome: 'configured', value })).toMatchObject({
      robots: [{ service: 'dingtalk', id: expect.stringMatching(/^[0-9a-f]{12}$/) }],
      language: 'en',
      problems: [{ english: 'dingtalk[1] is not an https URL', chinese: 'dingtalk[1] 不是 https 地址' }],
    })
  })

  it('resolves to undefined if no robot is configured', async () => {
    expect(await configurationOf({ outcome: 'not_configured' })).toBeUndefined()
  })

  it.each(['unusable', 'unreadable'] as const)('rejects if the secret is %s', async (outcome) => {
    const error = new Error('the secret was not read')
    await expect(configurationOf({ outcome, error })).rejects.toBe(error)
  })
})
