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
 * stage are deprecated; Secrets Manager keeps them for at least a day.
 *
 * @returns the version id.
 */
export function putVersion(secret: StoredSecret, text: string, id: string, stages: readonly string[]): string {
  secret.changedAtSeconds = Date.now() / 1000
  secret.versions.set(id, { text, createdAtSeconds: secret.changedAtSeconds, stages: [] })
  for (const stage of stages) attachStage(secret, stage, id)
  return id
}

/** Attaches a stage to a version, and detaches it from the version that has it. */
function attachStage({ versions }: StoredSecret, stage: string, id: string): void {
  const holder = versions.values().find(({ stages }) => stages.includes(stage))
  if (stage === 'AWSCURRENT') detachStage(versions, 'AWSPREVIOUS')
  detachStage(versions, stage)
  if (stage === 'AWSCURRENT') holder?.stages.push('AWSPREVIOUS')
  versions.get(id)?.stages.push(stage)
}

function detachStage(versions: StoredSecret['versions'], stage: string): void {
  for (const version of versions.values()) version.stages = version.stages.filter((other) => other !== stage)
}

export interface StageMove {
  readonly stage: string
  /** Undefined if the stage is only removed. */
  readonly moveTo: string | undefined
  readonly removeFrom: string | undefined
}

/**
 * Moves a stage between versions, as UpdateSecretVersionStage does.
 *
 * @returns `moved`, or why Secrets Manager refuses: no such version, or another version than `removeFrom` has the stage.
 */
export function moveStage(secret: StoredSecret, { stage, moveTo, removeFrom }: StageMove): string {
  if (moveTo !== undefined && !secret.versions.has(moveTo)) return `Not a valid version: ${moveTo}`
  const [holder] = [...secret.versions].find(([, { stages }]) => stages.includes(stage)) ?? []
  if (removeFrom === undefined && holder !== undefined && holder !== moveTo) {
    return `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder}, so you must explicitly reference that version in RemoveFromVersionId.`
  }
  if (removeFrom !== undefined && removeFrom !== holder) {
    return `When you move staging label ${stage}, if you specify RemoveFromVersionId, it must be set to the version that currently has the staging label ${stage}.`
  }
  if (moveTo === undefined) detachStage(secret.versions, stage)
  else if (moveTo !== holder) attachStage(secret, stage, moveTo)
  secret.changedAtSeconds = Date.now() / 1000
  return 'moved'
}
