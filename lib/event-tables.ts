import { RemovalPolicy } from 'aws-cdk-lib'
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb'
import { Construct } from 'constructs'

const text = (name: string): dynamodb.Attribute => ({ name, type: dynamodb.AttributeType.STRING })

const timelineIndex = 'timeline'
const listingIndex = 'listing'
const visitsIndex = 'visits'

const kept = {
  billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  deletionProtection: true,
  removalPolicy: RemovalPolicy.RETAIN,
  timeToLiveAttribute: 'expires_at',
}

/** The truth (the event log) and what is folded from it (the state). `docs/data-model.md` has every item. */
export class EventTables extends Construct {
  readonly eventLog: dynamodb.Table
  readonly state: dynamodb.Table

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.eventLog = new dynamodb.Table(this, 'EventLog', {
      ...kept,
      partitionKey: text('stream'),
      sortKey: text('event_key'),
    })
    this.eventLog.addGlobalSecondaryIndex({
      indexName: timelineIndex,
      partitionKey: text('room'),
      sortKey: text('order_key'),
      projectionType: dynamodb.ProjectionType.ALL,
    })

    this.state = new dynamodb.Table(this, 'State', {
      ...kept,
      partitionKey: text('group'),
      sortKey: text('item'),
    })
    this.state.addGlobalSecondaryIndex({
      indexName: listingIndex,
      partitionKey: text('list'),
      sortKey: text('list_order'),
      projectionType: dynamodb.ProjectionType.INCLUDE,
      nonKeyAttributes: ['listed'],
    })
    this.state.addGlobalSecondaryIndex({
      indexName: visitsIndex,
      partitionKey: text('visitor'),
      sortKey: { name: 'visited', type: dynamodb.AttributeType.NUMBER },
      projectionType: dynamodb.ProjectionType.KEYS_ONLY,
    })
  }

  get timelineIndexArn(): string {
    return `${this.eventLog.tableArn}/index/${timelineIndex}`
  }

  get visitsIndexArn(): string {
    return `${this.state.tableArn}/index/${visitsIndex}`
  }

  get listingIndexArn(): string {
    return `${this.state.tableArn}/index/${listingIndex}`
  }
}
