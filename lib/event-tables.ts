import { RemovalPolicy } from 'aws-cdk-lib'
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb'
import { Construct } from 'constructs'
import * as attributeNames from '../names/attributes.ts'
import { indexes } from '../names/indexes.ts'
import { type TableSchema, tableSchemas } from '../names/table-schemas.ts'
import type { Settings } from './settings.ts'

/**
 * The event log and the state table with the projections. `docs/data-model.md` describes every item.
 *
 * Tables that existed before, such as restored copies, can take the place of new ones. CloudFormation does not manage those.
 */
export class EventTables extends Construct {
  readonly eventLog: dynamodb.ITable
  readonly state: dynamodb.ITable

  constructor(scope: Construct, id: string, settings: Pick<Settings, 'existingEventLog' | 'existingState'>) {
    super(scope, id)
    const { existingEventLog, existingState } = settings
    this.eventLog = this.createOrAdopt('EventLog', tableSchemas.eventLog, existingEventLog)
    this.state = this.createOrAdopt('State', tableSchemas.state, existingState)
  }

  get timelineIndexArn(): string {
    return `${this.eventLog.tableArn}/index/${indexes.timeline}`
  }

  get userSessionsIndexArn(): string {
    return `${this.state.tableArn}/index/${indexes.userSessions}`
  }

  get listingIndexArn(): string {
    return `${this.state.tableArn}/index/${indexes.listing}`
  }

  private createOrAdopt(id: string, schema: TableSchema, tableName: string | undefined): dynamodb.ITable {
    // The CDK's declarations do not allow for exactOptionalPropertyTypes.
    if (tableName === undefined) return createTable(this, id, schema) as dynamodb.ITable
    const globalIndexes = schema.indexes.map(({ name }) => name)
    return dynamodb.Table.fromTableAttributes(this, id, { tableName, globalIndexes })
  }
}

function createTable(scope: Construct, id: string, { partitionKey, sortKey, indexes }: TableSchema): dynamodb.Table {
  const table = new dynamodb.Table(scope, id, {
    partitionKey: attributeOf(partitionKey),
    sortKey: attributeOf(sortKey),
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    timeToLiveAttribute: attributeNames.expiresAt,
    // Without deletion protection: CloudFormation could not remove the table of a failed first deployment (docs/decisions/0039).
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  })
  for (const index of indexes) {
    table.addGlobalSecondaryIndex({
      indexName: index.name,
      partitionKey: attributeOf(index.partitionKey),
      sortKey: attributeOf(index.sortKey),
      ...projectionOf(index.projection),
    })
  }
  return table
}

function attributeOf({ name, type }: TableSchema['partitionKey']): dynamodb.Attribute {
  return { name, type: type === 'N' ? dynamodb.AttributeType.NUMBER : dynamodb.AttributeType.STRING }
}

function projectionOf(projection: TableSchema['indexes'][number]['projection']) {
  if (projection === 'ALL' || projection === 'KEYS_ONLY') return { projectionType: dynamodb.ProjectionType[projection] }
  return { projectionType: dynamodb.ProjectionType.INCLUDE, nonKeyAttributes: [...projection] }
}
