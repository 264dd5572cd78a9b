import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, describe, expect, it } from 'vitest'
import { documentClient } from '../../../../adapters/dynamodb/client.ts'
import { queryStored } from '../../../../adapters/dynamodb/query-stored.ts'

const servers: Server[] = []
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

type Respond = (response: ServerResponse, start: string | undefined) => void

/** Queries a server. @param respond gets the key after which a page starts. */
async function query(respond: Respond) {
  const starts: (string | undefined)[] = []
  const server = createServer(async (request, response) => {
    const start = JSON.parse(await text(request)).ExclusiveStartKey?.id.S
    starts.push(start)
    respond(response, start)
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const client = documentClient(
    new DynamoDBClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    }),
  )
  return { pages: queryStored(client, { TableName: 'table' }), starts }
}

async function readAll<Page>(pages: AsyncIterable<Page>): Promise<Page[]> {
  const read: Page[] = []
  for await (const page of pages) read.push(page)
  return read
}

/** Three pages of one item. */
const respondWithPage: Respond = (response, start) => {
  const id = String(Number(start ?? 0) + 1)
  const item = { id: { S: id }, size: { N: '7' }, title: { S: '名' } }
  response.end(JSON.stringify({ Items: [item], ...(id !== '3' && { LastEvaluatedKey: { id: { S: id } } }) }))
}

describe('queryStored', () => {
  it('yields all pages, with the items as DynamoDB stores them', async () => {
    const { pages } = await query(respondWithPage)
    expect(await readAll(pages)).toEqual(
      ['1', '2', '3'].map((id) => [{ id: { S: id }, size: { N: '7' }, title: { S: '名' } }]),
    )
  })

  it('requests the next page before a page is used', async () => {
    const { pages, starts } = await query(respondWithPage)
    await pages.next()
    await expect.poll(() => starts, { interval: 1 }).toEqual([undefined, '1'])
  })

  it('yields no items for a response without any', async () => {
    const { pages } = await query((response) => response.end('{"Count":0}'))
    expect(await readAll(pages)).toEqual([[]])
  })

  it('repeats a request that DynamoDB throttles', async () => {
    let failures = 1
    const { pages, starts } = await query((response, start) => {
      if (start === undefined || failures-- <= 0) return respondWithPage(response, start)
      response.writeHead(400).end('{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException"}')
    })
    expect(await readAll(pages)).toHaveLength(3)
    expect(starts).toEqual([undefined, '1', '1', '2'])
  })

  it('repeats a request whose response breaks off', async () => {
    let failures = 1
    const { pages } = await query((response, start) => {
      if (failures-- <= 0) return respondWithPage(response, start)
      response.writeHead(200, { 'Content-Length': 1000 }).write('{"Items":[')
      void setTimeout(20).then(() => response.destroy())
    })
    expect(await readAll(pages)).toHaveLength(3)
  })

  it('repeats a request that fails with a response that is no JSON', async () => {
    let failures = 1
    const { pages } = await query((response, start) => {
      if (failures-- <= 0) return respondWithPage(response, start)
      response.writeHead(503).end('<html>Service Unavailable</html>')
    })
    expect(await readAll(pages)).toHaveLength(3)
  })

  it('throws the error of DynamoDB', async () => {
    const { pages } = await query((response) => {
      response.writeHead(400).end('{"__type":"com.amazon.coral.validate#ValidationException","message":"wrong"}')
    })
    await expect(pages.next()).rejects.toMatchObject({ name: 'ValidationException', message: 'wrong' })
  })

  it('does not throw the error of a page that the caller no longer needs', async () => {
    const unhandled: unknown[] = []
    const listener = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', listener)
    const { pages, starts } = await query((response, start) => {
      if (start === undefined) respondWithPage(response, start)
      else response.writeHead(400).end('{"__type":"ValidationException"}')
    })
    for await (const _ of pages) break
    await expect.poll(() => starts, { interval: 1 }).toHaveLength(2)
    await setTimeout(100)
    process.off('unhandledRejection', listener)
    expect(unhandled).toEqual([])
  })
})
