import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { accountId } from '../deployment-target.ts'
import type { AwsCall, AwsResponse, AwsService } from '../endpoint/aws-call.ts'
import { awsError } from '../endpoint/aws-error.ts'
import { createSecret, moveStage, putVersion, type StoredSecret } from './stored-secret.ts'

/** Emulates the actions of Secrets Manager that list, describe, read and replace secrets, and that move stages between versions. */
export class SecretsManager implements AwsService {
  readonly #secrets = new Map<string, StoredSecret>()

  create(arn: string, name: string, description: string, text: string): void {
    this.#secrets.set(arn, createSecret(arn, name, description, text))
  }

  /** @param id ARN or name. @returns false if the secret does not exist. */
  replace(id: string, text: string): boolean {
    const secret = this.#find(id)
    if (secret) putVersion(secret, text, randomUUID(), ['AWSCURRENT'])
    return secret !== undefined
  }

  /** @param id ARN or name. @returns the text of the current version; undefined if the secret does not exist. */
  readCurrent(id: string): string | undefined {
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
    if (call.action === 'ListSecrets') {
      return createJsonResponse({ SecretList: [...this.#secrets.values()].map(describeSecret) })
    }
    if (call.action === 'UpdateSecretVersionStage') return this.#updateVersionStage(call)
    const action = secretActions[call.action]
    if (!action) {
      return awsError(call, 400, 'UnknownOperationException', `the local runner does not emulate ${call.action}`)
    }
    const secret = this.#find(String(call.input.SecretId))
    const output = secret && action(secret, call.input)
    if (output) return createJsonResponse(output)
    const message = secret
      ? "Secrets Manager can't find the specified secret value for staging label or version"
      : "Secrets Manager can't find the specified secret."
    return awsError(call, 400, 'ResourceNotFoundException', message)
  }

  #updateVersionStage(call: AwsCall): AwsResponse {
    const { SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId } = stageInput.parse(call.input)
    const secret = this.#find(SecretId)
    if (!secret) {
      return awsError(call, 400, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret.")
    }
    const move = { stage: VersionStage, moveTo: MoveToVersionId, removeFrom: RemoveFromVersionId }
    const outcome = moveStage(secret, move)
    if (outcome === 'moved') return createJsonResponse(identitySummary(secret))
    return awsError(call, 400, 'InvalidParameterException', outcome)
  }

  #find(id: string): StoredSecret | undefined {
    return this.#secrets.get(id) ?? this.#secrets.values().find(({ name }) => name === id)
  }
}

const stageInput = z.object({
  SecretId: z.string(),
  VersionStage: z.string(),
  MoveToVersionId: z.string().optional(),
  RemoveFromVersionId: z.string().optional(),
})

type ActionInput = Readonly<Record<string, unknown>>

/** Each action returns its output, or undefined if the secret does not have the requested version. */
const secretActions: Readonly<Record<string, (secret: StoredSecret, input: ActionInput) => object | undefined>> = {
  GetSecretValue(secret, input) {
    const stage = input.VersionStage ?? 'AWSCURRENT'
    const found = [...secret.versions].find(([id, { stages }]) =>
      typeof input.VersionId === 'string' ? id === input.VersionId : stages.includes(String(stage)),
    )
    if (!found) return undefined
    const [id, { text, stages, createdAtSeconds }] = found
    return {
      ...identitySummary(secret),
      VersionId: id,
      VersionStages: stages,
      SecretString: text,
      CreatedDate: createdAtSeconds,
    }
  },
  PutSecretValue(secret, input) {
    const stages = Array.isArray(input.VersionStages) ? input.VersionStages.map(String) : ['AWSCURRENT']
    const id = putVersion(secret, String(input.SecretString ?? ''), requestToken(input), stages)
    return { ...identitySummary(secret), VersionId: id, VersionStages: stages }
  },
  UpdateSecret(secret, input) {
    if (typeof input.SecretString !== 'string') return identitySummary(secret)
    const id = putVersion(secret, input.SecretString, requestToken(input), ['AWSCURRENT'])
    return { ...identitySummary(secret), VersionId: id }
  },
  DescribeSecret: (secret) => describeSecret(secret),
}

function identitySummary({ arn, name }: StoredSecret) {
  return { ARN: arn, Name: name }
}

function describeSecret(secret: StoredSecret) {
  return {
    ...identitySummary(secret),
    Description: secret.description,
    CreatedDate: secret.createdAtSeconds,
    LastChangedDate: secret.changedAtSeconds,
    // Without the deprecated versions.
    VersionIdsToStages: Object.fromEntries(
      [...secret.versions].filter(([, { stages }]) => stages.length > 0).map(([id, { stages }]) => [id, stages]),
    ),
  }
}

/** Secrets Manager uses the request token as the version id. */
function requestToken({ ClientRequestToken }: ActionInput): string {
  return typeof ClientRequestToken === 'string' ? ClientRequestToken : randomUUID()
}

function createJsonResponse(output: object): AwsResponse {
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(output) }
}
