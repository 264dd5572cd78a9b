import * as attributes from './attributes.ts'
import { indexes } from './indexes.ts'

/** A key attribute. S: text, N: number. */
interface KeyAttribute {
  readonly name: string
  readonly type: 'S' | 'N'
}

/** What CloudFormation cannot change without replacing the table or building an index. */
export interface TableSchema {
  readonly partitionKey: KeyAttribute
  readonly sortKey: KeyAttribute
  readonly indexes: readonly IndexSchema[]
}

interface IndexSchema {
  readonly name: string
  readonly partitionKey: KeyAttribute
  readonly sortKey: KeyAttribute
  /** All attributes, the keys only, or the keys and these attributes. */
  readonly projection: 'ALL' | 'KEYS_ONLY' | readonly string[]
}

const text = (name: string): KeyAttribute => ({ name, type: 'S' })

/** The tables of an installation. A table that is adopted must have the same keys and indexes (docs/contract.md, section 2). */
export const tableSchemas = {
  eventLog: {
    partitionKey: text(attributes.stream),
    sortKey: text(attributes.eventKey),
    indexes: [
      {
        name: indexes.timeline,
        partitionKey: text(attributes.room),
        sortKey: text(attributes.orderKey),
        projection: 'ALL',
      },
    ],
  },
  state: {
    partitionKey: text(attributes.group),
    sortKey: text(attributes.item),
    indexes: [
      {
        name: indexes.listing,
        partitionKey: text(attributes.list),
        sortKey: text(attributes.listOrder),
        projection: [attributes.listed],
      },
      {
        name: indexes.userSessions,
        partitionKey: text(attributes.visitor),
        sortKey: { name: attributes.visited, type: 'N' },
        projection: 'KEYS_ONLY',
      },
    ],
  },
} as const satisfies Readonly<Record<string, TableSchema>>
