import { RemovalPolicy } from 'aws-cdk-lib'
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb'
import { Construct } from 'constructs'
import * as attributeNames from '../names/attributes.ts'
import { indexes } from '../names/indexes.ts'

const text = (name: string): dynamodb.Attribute => ({ name, type: dynamodb.AttributeType.STRING })

const tableDefaults = {
  billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  deletionProtection: true,
  removalPolicy: RemovalPolicy.RETAIN,
  timeToLiveAttribute: attributeNames.expiresAt,
}

/** The event log and the state table with the projections. `docs/data-model.md` describes every item. */
export class EventTables extends Construct {
  readonly eventLog: dynamodb.Table
  readonly state: dynamodb.Table

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.eventLog = new dynamodb.Table(this, 'EventLog', {
      ...tableDefaults,
      partitionKey: text(attributeNames.stream),
      sortKey: text(attributeNames.eventKey),
    })
    this.eventLog.addGlobalSecondaryIndex({
      indexName: indexes.timeline,
      partitionKey: text(attributeNames.room),
      sortKey: text(attributeNames.orderKey),
      projectionType: dynamodb.ProjectionType.ALL,
    })

    this.state = new dynamodb.Table(this, 'State', {
      ...tableDefaults,
      partitionKey: text(attributeNames.group),
      sortKey: text(attributeNames.item),
    })
    this.state.addGlobalSecondaryIndex({
      indexName: indexes.listing,
      partitionKey: text(attributeNames.list),
      sortKey: text(attributeNames.listOrder),
      projectionType: dynamodb.ProjectionType.INCLUDE,
      nonKeyAttributes: [attributeNames.listed],
    })
    this.state.addGlobalSecondaryIndex({
      indexName: indexes.userSessions,
      partitionKey: text(attributeNames.visitor),
      sortKey: { name: attributeNames.visited, type: dynamodb.AttributeType.NUMBER },
      projectionType: dynamodb.ProjectionType.KEYS_ONLY,
    })
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
}
