import { describe, expect, it } from 'vitest'
import { callAws } from '../../packages/template-runner/test/system/run-fixture.ts'
import { startLocalFixture } from './start-fixture.ts'

describe('startLocal', () => {
  it('stores the API token from its options in the secret that the stack outputs', async () => {
    const run = await startLocalFixture(
      {
        resources: { Token: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'token' } } },
        outputs: { ApiTokenSecretArn: { Ref: 'Token' } },
      },
      { apiToken: 'mine' },
    )
    const { body } = await callAws(run, 'secretsmanager', 'secretsmanager.GetSecretValue', { SecretId: 'token' })
    expect(body.SecretString).toBe('{"token":"mine"}')
  })
})
