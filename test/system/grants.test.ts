import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { copyProject, type ProjectCopy } from '../support/project-copy.ts'
import { type System, startSystem } from '../support/system.ts'

/** Runs the project in that folder as `npm start` does; gives its ready line, and its complaints at the end. */
async function runProject(
  directory: string,
  whileRunning: (ready: { url: string; apiToken: string }) => Promise<void>,
) {
  const child = spawn(process.execPath, ['local/start.ts', '--port', '0', '--json'], { cwd: directory })
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString()
  })
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve))
  try {
    for await (const line of createInterface(child.stdout)) {
      await whileRunning(JSON.parse(line))
      break
    }
  } finally {
    child.kill('SIGTERM')
  }
  return { code: await exited, complaints: () => complaints }
}

describe('a grant removed from lib/', () => {
  let project: ProjectCopy
  beforeEach(async () => {
    project = await copyProject()
  })
  afterEach(() => project.remove())
  const remove = (file: string, statement: string) => project.replace(`lib/${file}`, statement, '')

  it('makes the local run fail, naming the function, the action and the resource', async () => {
    await remove('callback-receiver.ts', "this.function.allow(['sqs:SendMessage'], queue.queueArn)")
    const { code, complaints } = await runProject(project.directory, async ({ url }) => {
      const answer = await fetch(`${url}/room_event_history?event=open&room_id=R&trace_id=t`)
      expect(answer.status).toBe(503)
    })
    expect(complaints()).toMatch(
      /Northbound\/Receiver\/ReceiveCallback: sqs:SendMessage on arn:aws:sqs:us-east-1:\d+:Northbound-EventQueueEvents/,
    )
    expect(code).toBe(1)
  })

  it('of an index is missed as well as one of a table', async () => {
    await remove('query-api.ts', "this.function.allow(['dynamodb:Query'], tables.timelineIndexArn)")
    const { code, complaints } = await runProject(project.directory, async ({ url, apiToken }) => {
      await fetch(`${url}/api/rooms/R/events`, { headers: { authorization: `Bearer ${apiToken}` } })
    })
    expect(complaints()).toMatch(/Northbound\/Query\/QueryApi: dynamodb:Query on .*\/index\/timeline/)
    expect(code).toBe(1)
  })
})

describe('the grants in lib/', () => {
  let system: System
  beforeEach(async () => {
    system = await startSystem()
  })
  afterEach(() => system.run.stop())

  it('are enough: nothing is denied in a life of a room', async () => {
    const trail = ['open', 'join', 'join', 'leave', 'close']
    for (const [index, event] of trail.entries())
      await system.callback({ event, trace_id: `g-${index}`, room_id: 'R', user_id: 'U', event_type: 'normal' })
    await system.settled()
    for (const path of ['/api/rooms?status=all', '/api/rooms/R', '/api/rooms/R/events'])
      expect(await system.query(path)).toMatchObject({ status: 200 })
    expect(system.run.denials).toEqual([])
  })
})
