import { z } from 'zod'
import type { AwsCall, AwsResponse, AwsService } from '../endpoint/aws-call.ts'
import { awsError } from '../endpoint/aws-error.ts'
import { MeteredTable, tablePropertiesSchema } from './metered-table.ts'
import { PartitionThrottle } from './partition-throttle.ts'
import type { UsageMeter } from './usage-meter.ts'
import type { PartitionUnits } from './write-units.ts'

const itemSchema = z.record(z.string(), z.record(z.string(), z.unknown()))
const writeSchema = z.object({
  TableName: z.string(),
  Item: itemSchema.optional(),
  Key: itemSchema.optional(),
  ReturnValues: z.string().default('NONE'),
  ReturnValuesOnConditionCheckFailure: z.string().optional(),
})
const capacitySchema = z.object({ CapacityUnits: z.number().default(0) })
const responseSchema = z.object({
  __type: z.string().optional(),
  Attributes: itemSchema.optional(),
  ConsumedCapacity: z.union([capacitySchema, z.array(capacitySchema)]).default([]),
})

type Write = z.output<typeof writeSchema>

const readActions = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan'])
const writeActions = new Set(['PutItem', 'UpdateItem', 'DeleteItem'])
const unbilledActions = new Set(['CreateTable', 'DescribeTable', 'DeleteTable'])

/**
 * Meters a DynamoDB service: read units as the engine reports them, write units as AWS bills them.
 *
 * Tables must be created through it, and written only through it. An operation that it cannot meter fails.
 */
export class MeteredDynamoDb implements AwsService {
  readonly #dynamodb: AwsService
  readonly #meter: UsageMeter
  #throttle: PartitionThrottle | undefined
  readonly #tables = new Map<string, MeteredTable>()

  constructor(dynamodb: AwsService, meter: UsageMeter) {
    this.#dynamodb = dynamodb
    this.#meter = meter
  }

  permissions(call: AwsCall) {
    return this.#dynamodb.permissions(call)
  }

  async handle(call: AwsCall): Promise<AwsResponse> {
    if (readActions.has(call.action)) return this.#read(call)
    if (writeActions.has(call.action)) return this.#write(call)
    if (!unbilledActions.has(call.action)) {
      return awsError(call, 400, 'UnknownOperationException', `${call.action} is not metered`)
    }
    if (call.action === 'CreateTable') {
      this.#tables.set(String(call.input.TableName), new MeteredTable(tablePropertiesSchema.parse(call.input)))
    }
    return this.#dynamodb.handle(call)
  }

  /** Throttles writes from now on. Burst capacity is that of one second. */
  limitPartitions(writeUnitsPerSecond: number): void {
    this.#throttle = new PartitionThrottle(writeUnitsPerSecond)
  }

  /** Bytes that the items of a table are billed for, indexes included. @throws Error if the table is unknown. */
  storedBytes(tableName: string): number {
    const table = this.#tables.get(tableName)
    if (table === undefined) throw new Error(`table ${tableName} was not created through the metered endpoint`)
    return table.storedBytes()
  }

  async #read(call: AwsCall): Promise<AwsResponse> {
    const response = await this.#dynamodb.handle(withInput(call, { ReturnConsumedCapacity: 'TOTAL' }))
    const { ConsumedCapacity } = responseSchema.parse(JSON.parse(String(response.body)))
    this.#meter.countRequest(call)
    this.#meter.addReadUnits([ConsumedCapacity].flat().reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0))
    return response
  }

  async #write(call: AwsCall): Promise<AwsResponse> {
    const write = writeSchema.parse(call.input)
    const table = this.#tables.get(write.TableName)
    if (table === undefined) {
      return awsError(call, 400, 'ResourceNotFoundException', `table ${write.TableName} is not metered`)
    }
    const planned = table
      .planWrite(keyOf(write), write.Item)
      .map(({ partition, units }) => ({ partition: `${write.TableName} ${partition}`, units }))
    if (this.#throttle?.admit(planned, performance.now()) === false) {
      this.#meter.countThrottledRequest()
      const message = 'The level of configured provisioned throughput for the table was exceeded.'
      return awsError(call, 400, 'ProvisionedThroughputExceededException', message)
    }
    const updates = call.action === 'UpdateItem'
    const forwarded = withInput(call, {
      ReturnConsumedCapacity: 'TOTAL',
      ...(updates && { ReturnValues: 'ALL_NEW' }),
    })
    const response = await this.#dynamodb.handle(forwarded)
    this.#meter.countRequest(call)
    if (response.status !== 200) return this.#failWrite(table, write, planned, response)
    const { Attributes } = responseSchema.parse(JSON.parse(String(response.body)))
    const after = call.action === 'DeleteItem' ? undefined : (write.Item ?? Attributes)
    const before = table.find(keyOf(write))
    this.#meter.addWriteUnits(table.write(keyOf(write), after))
    if (!updates || !['NONE', 'ALL_OLD'].includes(write.ReturnValues)) return response
    return withOutput(response, { Attributes: write.ReturnValues === 'ALL_OLD' ? before : undefined })
  }

  /** Adds the existing item to a failed condition, which the embedded engine does not do. */
  #failWrite(
    table: MeteredTable,
    write: Write,
    [inTable, ...inIndexes]: readonly PartitionUnits[],
    response: AwsResponse,
  ): AwsResponse {
    const { __type = '' } = responseSchema.parse(JSON.parse(String(response.body)))
    if (!__type.endsWith('ConditionalCheckFailedException')) return response
    const units = table.failCondition(keyOf(write))
    this.#meter.addWriteUnits(units)
    if (inTable !== undefined)
      this.#throttle?.release([{ partition: inTable.partition, units: inTable.units - units }, ...inIndexes])
    const Item = table.find(keyOf(write))
    if (write.ReturnValuesOnConditionCheckFailure !== 'ALL_OLD' || Item === undefined) return response
    return withOutput(response, { Item })
  }
}

function keyOf({ Item, Key }: Write) {
  return Item ?? Key ?? {}
}

function withInput(call: AwsCall, changes: object): AwsCall {
  const input = { ...call.input, ...changes }
  return { ...call, input, body: Buffer.from(JSON.stringify(input)) }
}

/** The checksum of the original body is dropped with it. */
function withOutput(response: AwsResponse, changes: object): AwsResponse {
  const { 'x-amz-crc32': _checksum, ...headers } = response.headers
  return { ...response, headers, body: JSON.stringify({ ...JSON.parse(String(response.body)), ...changes }) }
}
