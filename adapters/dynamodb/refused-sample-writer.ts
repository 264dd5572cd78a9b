import type { RefusedSampleWriter } from '../../core/ports/refused-samples.ts'
import * as attributeNames from '../../names/attributes.ts'
import { group } from '../../names/refused-samples.ts'
import type { AwsJsonClient } from '../aws-json/client.ts'
import { expiryOf } from './expiry.ts'
import { maxSamplesPerOutcome, sampleKey, sampleRetentionDays } from './refused-sample-item.ts'

/**
 * Writes samples into a bounded number of items, with one request each.
 *
 * The slots of an outcome are filled in turn. The first one is chosen at random: environments are short-lived, and slots by
 * time would repeat if a callback does.
 *
 * @param random from 0 to below 1.
 */
export function refusedSampleWriter(
  client: AwsJsonClient,
  stateTable: string,
  random: () => number = Math.random,
): RefusedSampleWriter {
  const nextSlots = new Map<string, number>()
  return {
    async put({ at, outcome, ...content }, signal) {
      const slot = nextSlots.get(outcome) ?? Math.floor(random() * maxSamplesPerOutcome)
      nextSlots.set(outcome, (slot + 1) % maxSamplesPerOutcome)
      const Item = {
        [attributeNames.group]: { S: group },
        [attributeNames.item]: { S: sampleKey(outcome, slot) },
        at: { N: String(at) },
        outcome: { S: outcome },
        content: { S: JSON.stringify(content) },
        [attributeNames.expiresAt]: { N: String(expiryOf(at, sampleRetentionDays)) },
      }
      await client('DynamoDB_20120810.PutItem', { TableName: stateTable, Item }, signal)
    },
  }
}
