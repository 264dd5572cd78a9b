import { randomUUID } from 'node:crypto'
import { accountId } from '../deployment-target.ts'
import type { AwsCall, AwsResponse, AwsService } from '../endpoint/aws-call.ts'
import { awsError } from '../endpoint/aws-error.ts'

interface Secret {
  readonly arn: string
  readonly name: string
  readonly description: string
  readonly createdAt: number
  changedAt: number
  /** Version id to its text and its stages. */
  readonly versions: Map<string, { readonly text: string; readonly createdAt: number; stages: string[] }>
}

/** Secrets Manager, as far as reading, replacing and describing secrets goes. */
export class SecretsManager implements AwsService {
  readonly #secrets = new Map<string, Secret>()

  create(arn: string, name: string, description: string, text: string): void {
    const now = Date.now() / 1000
    const secret: Secret = { arn, name, description, createdAt: now, changedAt: now, versions: new Map() }
    this.#secrets.set(arn, secret)
    putVersion(secret, text, randomUUID(), ['AWSCURRENT'])
  }

  /** @returns false where there is no such secret. */
  replace(id: string, text: string): boolean {
    const secret = this.#find(id)
    if (secret) putVersion(secret, text, randomUUID(), ['AWSCURRENT'])
    return secret !== undefined
  }

  /** @returns the text that counts now; undefined where there is no such secret. */
  current(id: string): string | undefined {
    return this.#find(id)
      ?.versions.values()
      .find(({ stages }) => stages.includes('AWSCURRENT'))?.text
  }

  permissions({ action, input, region }: AwsCall) {
    const id = input.SecretId
    const unknown = `arn:aws:secretsmanager:${region}:${accountId}:secret:${String(id)}`
    const resource = typeof id === 'string' ? (this.#find(id)?.arn ?? (id.startsWith('arn:') ? id : unknown)) : '*'
    return [{ action: `secretsmanager:${action}`, resource }]
  }

  async handle(call: AwsCall): Promise<AwsResponse> {
    if (call.action === 'ListSecrets') return json({ SecretList: [...this.#secrets.values()].map(describe) })
    const action = actions[call.action]
    if (!action) return awsError(call, 400, 'UnknownOperationException', `${call.action} is not played locally`)
    const secret = this.#find(String(call.input.SecretId))
    const output = secret && action(secret, call.input)
    if (output) return json(output)
    const message = secret
      ? "Secrets Manager can't find the specified secret value for staging label or version"
      : "Secrets Manager can't find the specified secret."
    return awsError(call, 400, 'ResourceNotFoundException', message)
  }

  #find(id: string): Secret | undefined {
    return this.#secrets.get(id) ?? this.#secrets.values().find(({ name }) => name === id)
  }
}

type Input = Readonly<Record<string, unknown>>

/** Each gives the answer, or undefined where the secret has no such version. */
const actions: Readonly<Record<string, (secret: Secret, input: Input) => object | undefined>> = {
  GetSecretValue(secret, input) {
    const stage = input.VersionStage ?? 'AWSCURRENT'
    const found = [...secret.versions].find(([id, { stages }]) =>
      typeof input.VersionId === 'string' ? id === input.VersionId : stages.includes(String(stage)),
    )
    if (!found) return undefined
    const [id, { text, stages, createdAt }] = found
    return { ...named(secret), VersionId: id, VersionStages: stages, SecretString: text, CreatedDate: createdAt }
  },
  PutSecretValue(secret, input) {
    const stages = Array.isArray(input.VersionStages) ? input.VersionStages.map(String) : ['AWSCURRENT']
    const id = putVersion(secret, String(input.SecretString ?? ''), tokenOf(input), stages)
    return { ...named(secret), VersionId: id, VersionStages: stages }
  },
  UpdateSecret(secret, input) {
    if (typeof input.SecretString !== 'string') return named(secret)
    return { ...named(secret), VersionId: putVersion(secret, input.SecretString, tokenOf(input), ['AWSCURRENT']) }
  },
  DescribeSecret: (secret) => describe(secret),
}

function named({ arn, name }: Secret) {
  return { ARN: arn, Name: name }
}

function describe(secret: Secret) {
  return {
    ...named(secret),
    Description: secret.description,
    CreatedDate: secret.createdAt,
    LastChangedDate: secret.changedAt,
    VersionIdsToStages: Object.fromEntries([...secret.versions].map(([id, { stages }]) => [id, stages])),
  }
}

function tokenOf({ ClientRequestToken }: Input): string {
  return typeof ClientRequestToken === 'string' ? ClientRequestToken : randomUUID()
}

/** The version that was current becomes the previous one; one without a stage is gone. */
function putVersion(secret: Secret, text: string, id: string, stages: readonly string[]): string {
  secret.changedAt = Date.now() / 1000
  const replacesCurrent = stages.includes('AWSCURRENT')
  for (const [otherId, version] of secret.versions) {
    const wasCurrent = version.stages.includes('AWSCURRENT')
    version.stages = version.stages.filter((stage) => !stages.includes(stage))
    if (replacesCurrent) version.stages = version.stages.filter((stage) => stage !== 'AWSPREVIOUS')
    if (replacesCurrent && wasCurrent) version.stages.push('AWSPREVIOUS')
    if (version.stages.length === 0) secret.versions.delete(otherId)
  }
  secret.versions.set(id, { text, createdAt: secret.changedAt, stages: [...stages] })
  return id
}

function json(output: object): AwsResponse {
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(output) }
}
