import { z } from 'zod'
import type { LoggedAggregate, LoggedAggregatePage } from '../../core/ports/aggregate-reader.ts'
import { InvalidCursorError } from '../../core/ports/page.ts'
import type { StatefulAggregateId } from '../../core/state/aggregate.ts'
import type { RebuildDependencies } from './dependencies.ts'

const id = z.string().min(1)

const requestSchema = z
  .strictObject({
    room_id: id.optional(),
    user_id: id.optional(),
    box_code: id.optional(),
    all: z.literal(true).optional(),
    dry_run: z.boolean().default(false),
    cursor: z.string().nullable().default(null),
  })
  .refine(
    ({ room_id, user_id, box_code, all }) =>
      [room_id ?? user_id, box_code, all].filter((selected) => selected !== undefined).length === 1,
    { error: 'needs exactly one of room_id, room_id with user_id, user_id, box_code, or "all": true' },
  )

/** Which aggregates to compare, and whether to repair them (docs/runbook.md). */
export type RebuildRequest = z.output<typeof requestSchema>

/** @throws Error that says what is wrong. */
export function parseRequest(payload: unknown): RebuildRequest {
  const request = requestSchema.safeParse(payload)
  if (!request.success) throw new Error(`the request is not valid: ${z.prettifyError(request.error)}`)
  return request.data
}

/** Reads a page of the selected aggregates. @throws InvalidCursorError */
export async function readSelection(
  { aggregates }: Pick<RebuildDependencies, 'aggregates'>,
  { room_id, user_id, box_code }: RebuildRequest,
  cursor: string | null,
  signal: AbortSignal,
): Promise<LoggedAggregatePage> {
  const single = singleAggregate({ room_id, user_id, box_code })
  if (single !== undefined) {
    if (cursor !== null) throw new InvalidCursorError()
    return { items: [{ aggregate: single, cursor: '' }], next: null }
  }
  if (room_id !== undefined) return aggregates.listOfRoom(room_id, cursor, signal)
  const page = await aggregates.list(cursor, signal)
  const isSelected = ({ aggregate }: LoggedAggregate) =>
    user_id === undefined || (aggregate.kind === 'participant' && aggregate.user_id === user_id)
  return { ...page, items: page.items.filter(isSelected) }
}

function singleAggregate({
  room_id,
  user_id,
  box_code,
}: Pick<RebuildRequest, 'room_id' | 'user_id' | 'box_code'>): StatefulAggregateId | undefined {
  if (box_code !== undefined) return { kind: 'box', box_code }
  if (room_id !== undefined && user_id !== undefined) return { kind: 'participant', room_id, user_id }
  return undefined
}
