import { z } from 'zod'
import type { DynamoDbItem } from './item-size.ts'
import {
  failedConditionUnits,
  listPartitionUnits,
  type PartitionUnits,
  storedItemBytes,
  type TableDefinition,
  writeUnits,
} from './write-units.ts'

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.string() }))

/** The properties of an AWS::DynamoDB::Table that decide what a write costs. */
export const tablePropertiesSchema = z.object({
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.string() })),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z
    .array(
      z.object({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.object({ ProjectionType: z.string(), NonKeyAttributes: z.array(z.string()).optional() }),
      }),
    )
    .optional(),
})

export type TableProperties = z.output<typeof tablePropertiesSchema>

/** A copy of the items of a table, because the price of a write depends on the item that it replaces. */
export class MeteredTable {
  readonly #definition: TableDefinition
  readonly #items = new Map<string, DynamoDbItem>()

  constructor({ KeySchema, GlobalSecondaryIndexes = [] }: TableProperties) {
    const keyNames = KeySchema.map(({ AttributeName }) => AttributeName)
    const indexes = GlobalSecondaryIndexes.map((index) => ({
      name: index.IndexName,
      keyNames: index.KeySchema.map(({ AttributeName }) => AttributeName),
      projectedNames: index.Projection.ProjectionType === 'ALL' ? undefined : (index.Projection.NonKeyAttributes ?? []),
    }))
    this.#definition = { keyNames, indexes }
  }

  /** @param key the key attributes, or an item with them. */
  find(key: DynamoDbItem): DynamoDbItem | undefined {
    return this.#items.get(this.#serializeKey(key))
  }

  /**
   * Stores an item, or deletes it if `after` is undefined.
   *
   * @returns the write units.
   */
  write(key: DynamoDbItem, after: DynamoDbItem | undefined): number {
    const itemKey = this.#serializeKey(key)
    const units = writeUnits(this.#definition, this.#items.get(itemKey), after)
    if (after === undefined) this.#items.delete(itemKey)
    else this.#items.set(itemKey, after)
    return units
  }

  /** @returns the write units of a write whose condition failed. */
  failCondition(key: DynamoDbItem): number {
    return failedConditionUnits(this.find(key))
  }

  /**
   * The units that storing an item would use now, by partition.
   *
   * @param after undefined if it is not known: the item is assumed to keep its size and its place in the indexes.
   */
  planWrite(key: DynamoDbItem, after: DynamoDbItem | undefined): PartitionUnits[] {
    const before = this.find(key)
    return listPartitionUnits(this.#definition, before, after ?? before ?? key)
  }

  /** Bytes that the items are billed for, indexes included. */
  storedBytes(): number {
    return this.#items.values().reduce((sum, item) => sum + storedItemBytes(this.#definition, item), 0)
  }

  #serializeKey(attributes: DynamoDbItem): string {
    return JSON.stringify(this.#definition.keyNames.map((name) => attributes[name]))
  }
}
