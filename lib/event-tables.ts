import { RemovalPolicy } from 'aws-cdk-lib'
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb'
import { Construct } from 'constructs'
import { indexes } from '../names/indexes.ts'

const text = (name: string): dynamodb.Attribute => ({ name, type: dynamodb.AttributeType.STRING })

const tableDefaults = {
  billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  deletionProtection: true,
  removalPolicy: RemovalPolicy.RETAIN,
  timeToLiveAttribute: 'expires_at',
}

/** The event log and the state table with the projections. `docs/data-model.md` describes every item. */
export class EventTables extends Construct {
  readonly eventLog: dynamodb.Table
  readonly state: dynamodb.Table

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.eventLog = new dynamodb.Table(this, 'EventLog', {
      ...tableDefaults,
      partitionKey: text('stream'),
      sortKey: text('event_key'),
    })
    this.eventLog.addGlobalSecondaryIndex({
      indexName: indexes.timeline,
      partitionKey: text('room'),
      sortKey: text('order_key'),
      projectionType: dynamodb.ProjectionType.ALL,
    })

    this.state = new dynamodb.Table(this, 'State', {
      ...tableDefaults,
      partitionKey: text('group'),
      sortKey: text('item'),
    })
    this.state.addGlobalSecondaryIndex({
      indexName: indexes.listing,
      partitionKey: text('list'),
      sortKey: text('list_order'),
      projectionType: dynamodb.ProjectionType.INCLUDE,
      nonKeyAttributes: ['listed'],
    })
    this.state.addGlobalSecondaryIndex({
      indexName: indexes.userSessions,
      partitionKey: text('visitor'),
      sortKey: { name: 'visited', type: dynamodb.AttributeType.NUMBER },
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
