import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { afterAll, describe, expect, it } from 'vitest'
import { documentClient } from '../../../../adapters/dynamodb/client.ts'
import { dynamodbPeopleReader } from '../../../../adapters/dynamodb/people-reader.ts'

const servers: Server[] = []
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

/** A directory that returns this number of people with each request, as DynamoDB does with each megabyte. */
async function createDirectory(people: number, peoplePerRequest: number) {
  let requests = 0
  const server = createServer(async (request, response) => {
    requests++
    const start = Number(JSON.parse(await text(request)).ExclusiveStartKey?.item.S ?? -1) + 1
    const end = Math.min(start + peoplePerRequest, people)
    const keys = Array.from({ length: end - start }, (_, index) => String(start + index).padStart(6, '0'))
    const Items = keys.map((item) =>
      marshall({ group: 'people', item, user_id: `u${item}`, user_name: `Name ${item}`, room_id: 'R', seen_at: 1 }),
    )
    const last = end < people && { LastEvaluatedKey: marshall({ group: 'people', item: keys.at(-1) }) }
    response.end(JSON.stringify({ Items, ...last }))
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  const reader = dynamodbPeopleReader(documentClient(client), 'table')
  async function readPage(q: string, limit: number, cursor: string | null) {
    requests = 0
    const page = await reader.listPeople({ q, limit, cursor })
    return { ids: page.items.map(({ user_id }) => user_id), cursor: page.cursor, requests }
  }
  return {
    readPage,
    async readAll(q: string, limit: number) {
      const pages: Awaited<ReturnType<typeof readPage>>[] = []
      let cursor: string | null = null
      do {
        const page = await readPage(q, limit, cursor)
        pages.push(page)
        cursor = page.cursor
      } while (cursor !== null)
      return pages
    },
  }
}

describe('a search in a directory that takes more than 20 requests', () => {
  it('ends a page after 20 requests, without people if none was found, and goes on with the cursor', async () => {
    const { readAll } = await createDirectory(450, 10)
    const pages = await readAll('name 000444', 100)
    expect(pages.map(({ ids, requests }) => [ids, requests])).toEqual([
      [[], 20],
      [[], 20],
      [['u000444'], 5],
    ])
  })

  it('begins no request after the one with the last person of a page', async () => {
    const { readPage } = await createDirectory(450, 10)
    const page = await readPage('Name', 15, null)
    expect(page).toMatchObject({ requests: 2, ids: expect.arrayContaining(['u000014']) })
    expect(await readPage('Name', 15, page.cursor)).toMatchObject({
      ids: expect.arrayContaining(['u000015', 'u000029']),
    })
  })

  it.each([1, 7, 200, 1000])('finds each person once by pages of %d', async (limit) => {
    const { readAll } = await createDirectory(450, 10)
    const pages = await readAll('9', limit)
    const expected = Array.from({ length: 450 }, (_, index) => index).filter((index) => String(index).includes('9'))
    expect(pages.flatMap(({ ids }) => ids)).toEqual(expected.map((index) => `u${String(index).padStart(6, '0')}`))
    for (const { requests, ids } of pages) {
      expect(requests).toBeLessThanOrEqual(20)
      expect(ids.length).toBeLessThanOrEqual(limit)
    }
  })

  it('has no cursor after exactly 20 requests that were the last ones', async () => {
    const { readAll } = await createDirectory(200, 10)
    expect(await readAll('000199', 5)).toMatchObject([{ requests: 20, ids: ['u000199'], cursor: null }])
  })
})
