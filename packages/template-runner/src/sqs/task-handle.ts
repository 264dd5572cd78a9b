import { z } from 'zod'

const handleSchema = z.object({ taskId: z.string(), sourceArn: z.string() })

/** A task to move messages, as its handle names it. */
export type TaskReference = z.output<typeof handleSchema>

/** Creates the handle of a task: JSON in base64, like AWS's. */
export function createTaskHandle(taskId: string, sourceArn: string): string {
  return Buffer.from(JSON.stringify({ taskId, sourceArn })).toString('base64')
}

/** @returns undefined if the text is no handle. */
export function parseTaskHandle(handle: unknown): TaskReference | undefined {
  try {
    return handleSchema.parse(JSON.parse(Buffer.from(String(handle), 'base64').toString()))
  } catch {
    return undefined
  }
}
