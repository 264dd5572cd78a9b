import type { Checkpoint, CheckpointChange } from '../../core/projection/checkpoints.ts'
import type { StatefulAggregateId } from '../../core/state/aggregate.ts'
import { timeKey } from '../../core/state/order.ts'
import { expiryOf } from './expiry.ts'
import { checkpointGroup, type ItemKey } from './keys.ts'
import { type PackedState, packState, stateOf } from './packed-state.ts'

type PackedCheckpoint = Omit<Checkpoint, 'state'> & PackedState

/** A change that may not have been written yet, as an attribute of a projection. */
export type PackedCheckpointChange = { readonly at: number; readonly checkpoint: PackedCheckpoint | null }

/** A checkpoint as an item of the state table (docs/data-model.md). */
export type CheckpointItem = ItemKey & {
  /** Absent if a late event moved the checkpoint to another time. */
  readonly checkpoint?: PackedCheckpoint
  /** Version of the projection that the change comes from. */
  readonly version: number
  /** Seconds since 1970 (DynamoDB's time to live). */
  readonly expires_at: number
}

export function toCheckpointItem(
  aggregate: StatefulAggregateId,
  { at, checkpoint }: CheckpointChange,
  version: number,
  retentionDays: number,
): CheckpointItem {
  return {
    group: checkpointGroup(aggregate),
    item: timeKey(at),
    ...(checkpoint === null ? {} : { checkpoint: packCheckpoint(checkpoint) }),
    version,
    expires_at: expiryOf(checkpoint?.next_at ?? at, retentionDays),
  }
}

export function fromCheckpointItem({ checkpoint }: CheckpointItem): Checkpoint | undefined {
  return checkpoint && unpackCheckpoint(checkpoint)
}

export function packCheckpointChange({ at, checkpoint }: CheckpointChange): PackedCheckpointChange {
  return { at, checkpoint: checkpoint && packCheckpoint(checkpoint) }
}

export function unpackCheckpointChange({ at, checkpoint }: PackedCheckpointChange): CheckpointChange {
  return { at, checkpoint: checkpoint && unpackCheckpoint(checkpoint) }
}

function packCheckpoint({ order, state, next_at }: Checkpoint): PackedCheckpoint {
  return { order, next_at, ...packState(state ?? undefined) }
}

function unpackCheckpoint({ order, next_at, ...packed }: PackedCheckpoint): Checkpoint {
  return { order, state: stateOf(packed) ?? null, next_at }
}
