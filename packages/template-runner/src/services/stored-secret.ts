import { randomUUID } from 'node:crypto'

interface SecretVersion {
  readonly text: string
  readonly createdAtSeconds: number
  stages: string[]
}

export interface StoredSecret {
  readonly arn: string
  readonly name: string
  readonly description: string
  /** Epoch seconds, as all times of Secrets Manager. */
  readonly createdAtSeconds: number
  changedAtSeconds: number
  /** By version id. */
  readonly versions: Map<string, SecretVersion>
}

export function createSecret(arn: string, name: string, description: string, text: string): StoredSecret {
  const nowSeconds = Date.now() / 1000
  const secret: StoredSecret = {
    arn,
    name,
    description,
    createdAtSeconds: nowSeconds,
    changedAtSeconds: nowSeconds,
    versions: new Map(),
  }
  putVersion(secret, text, randomUUID(), ['AWSCURRENT'])
  return secret
}

/**
 * Adds a version. The current version becomes the previous one if the new version replaces it. Versions without a
 * stage are deleted.
 *
 * @returns the version id.
 */
export function putVersion(secret: StoredSecret, text: string, id: string, stages: readonly string[]): string {
  secret.changedAtSeconds = Date.now() / 1000
  const replacesCurrent = stages.includes('AWSCURRENT')
  for (const [otherId, version] of secret.versions) {
    const wasCurrent = version.stages.includes('AWSCURRENT')
    version.stages = version.stages.filter((stage) => !stages.includes(stage))
    if (replacesCurrent) version.stages = version.stages.filter((stage) => stage !== 'AWSPREVIOUS')
    if (replacesCurrent && wasCurrent) version.stages.push('AWSPREVIOUS')
    if (version.stages.length === 0) secret.versions.delete(otherId)
  }
  secret.versions.set(id, { text, createdAtSeconds: secret.changedAtSeconds, stages: [...stages] })
  return id
}
