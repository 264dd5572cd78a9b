import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { copyProject, type ProjectCopy } from '../support/project-copy.ts'
import { type System, startSystem } from '../support/system.ts'

/**
 * Starts the project in a folder like `npm start` and stops it after the action.
 *
 * @returns the exit code and what the run printed on standard error.
 */
async function runProject(directory: string, action: (ready: { url: string; apiToken: string }) => Promise<void>) {
  const child = spawn(process.execPath, ['local/start.ts', '--port', '0', '--json'], { cwd: directory })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve))
  try {
    for await (const line of createInterface(child.stdout)) {
      await action(JSON.parse(line))
      break
    }
  } finally {
    child.kill('SIGTERM')
    // Unread output would delay the "close" event.
    child.stdout.resume()
  }
  return { code: await closed, errors }
}

describe('a local run without a required grant', () => {
  let project: ProjectCopy
  beforeEach(async () => {
    project = await copyProject()
  })
  afterEach(() => project.remove())
  const remove = (file: string, statement: string) => project.replace(`lib/${file}`, statement, '')

  it('fails and names the function, the action and the resource, also an index of a granted table', async () => {
    await remove('callback-receiver.ts', "this.function.allow(['sqs:SendMessage'], queue.queueArn)")
    await remove(
      'query-api.ts',
      "this.function.allow(['dynamodb:Query'], tables.eventLog.tableArn, tables.timelineIndexArn)",
    )
    const { code, errors } = await runProject(project.directory, async ({ url, apiToken }) => {
      const response = await fetch(`${url}/room_event_history?event=open&room_id=R&trace_id=t`)
      expect(response.status).toBe(503)
      await fetch(`${url}/api/rooms/R/events`, { headers: { authorization: `Bearer ${apiToken}` } })
    })
    expect(errors).toMatch(
      /Northbound\/Receiver\/ReceiveCallback: sqs:SendMessage on arn:aws:sqs:us-east-1:\d+:Northbound-EventQueueEvents/,
    )
    expect(errors).toMatch(/Northbound\/Query\/QueryApi: dynamodb:Query on .*\/index\/timeline/)
    expect(code).toBe(1)
  })
})

describe('the grants of the stack', () => {
  let system: System
  beforeEach(async () => {
    system = await startSystem()
  })
  afterEach(() => system.run.stop())

  it('suffice for the life cycle of a room and for queries', async () => {
    const events = ['open', 'join', 'join', 'leave', 'close']
    for (const [index, event] of events.entries())
      await system.callback({ event, trace_id: `g-${index}`, room_id: 'R', user_id: 'U', event_type: 'normal' })
    await system.settle()
    for (const path of ['/api/rooms?status=all', '/api/rooms/R', '/api/rooms/R/events'])
      expect(await system.query(path)).toMatchObject({ status: 200 })
    expect(system.run.denials).toEqual([])
  })
})
