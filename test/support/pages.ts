import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Page } from '../../core/ports/page.ts'

/** Reads all pages of a list. */
export async function readPages<Item>(readPage: (cursor: string | null) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = []
  let cursor: string | null = null
  do {
    const page: Page<Item> = await readPage(cursor)
    items.push(...page.items)
    cursor = page.cursor
  } while (cursor !== null)
  return items
}

/** @returns a function that tells how many requests the client has made since. */
export function countRequests(documents: DynamoDBDocumentClient): () => number {
  let count = 0
  documents.middlewareStack.add(
    (next) => (args) => {
      count += 1
      return next(args)
    },
    { step: 'initialize' },
  )
  return () => count
}
