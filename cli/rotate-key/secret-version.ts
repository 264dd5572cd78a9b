import {
  GetSecretValueCommand,
  InvalidParameterException,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { CliError } from '../cli-error.ts'

/** The current version of a secret. */
export interface SecretVersion {
  readonly text: string
  readonly versionId: string
  /** ms since 1970 */
  readonly savedAt: number
}

export async function readCurrentVersion(
  client: SecretsManagerClient,
  secretArn: string,
  abortSignal: AbortSignal,
): Promise<SecretVersion> {
  const value = await client.send(new GetSecretValueCommand({ SecretId: secretArn }), { abortSignal })
  const { SecretString, SecretBinary, VersionId, CreatedDate } = value
  const text = SecretString ?? Buffer.from(SecretBinary ?? []).toString('utf8')
  return { text, versionId: VersionId ?? '', savedAt: CreatedDate?.getTime() ?? 0 }
}

/**
 * Makes another text the current one, unless another version has been saved since `before` was read: the new version becomes the
 * current one only by taking the stage from the version that was read. Of two rotations at the same time, one fails, and no key is lost.
 *
 * @returns the id of the new version.
 * @throws CliError if another version has been saved. It stays the current one.
 */
export async function replaceVersion(
  client: SecretsManagerClient,
  secretArn: string,
  before: SecretVersion,
  text: string,
): Promise<string> {
  const pending = { SecretId: secretArn, SecretString: text, VersionStages: ['AWSPENDING'] }
  const { VersionId } = await client.send(new PutSecretValueCommand(pending))
  const move = { MoveToVersionId: VersionId, RemoveFromVersionId: before.versionId }
  try {
    await client.send(new UpdateSecretVersionStageCommand({ SecretId: secretArn, VersionStage: 'AWSCURRENT', ...move }))
  } catch (error) {
    if (!(error instanceof InvalidParameterException)) throw error
    throw new CliError({
      en: 'the secret has been changed in the meantime, so this command has changed nothing: run it again',
      zh: '该 secret 刚被他人修改，本次未做任何更改：请重新执行',
    })
  }
  return VersionId ?? ''
}
