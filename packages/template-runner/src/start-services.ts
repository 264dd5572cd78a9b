import type { EmulatedAccount } from './account.ts'
import type { CleanupStack } from './cleanup.ts'
import { region } from './deployment-target.ts'
import { callService, createAdminQuery } from './endpoint/aws-call.ts'
import { EventBus } from './events/event-bus.ts'
import { Monitor } from './monitoring/monitor.ts'
import type { RunnerOptions } from './options.ts'
import { startDynamoDb } from './services/dynamodb.ts'
import { startMessaging } from './services/messaging.ts'
import { SecretsManager } from './services/secrets-manager.ts'
import { Deliveries } from './sns/deliveries.ts'

export type EmulatedServices = Pick<
  EmulatedAccount,
  'dynamodb' | 'messaging' | 'deliveries' | 'secrets' | 'events' | 'monitor'
>

/** Starts the emulated services. */
export async function startServices(
  { dynamodbUrl, noisyGroupDetectionSeconds }: Pick<RunnerOptions, 'dynamodbUrl' | 'noisyGroupDetectionSeconds'>,
  cleanup: CleanupStack,
  log: (line: string) => void,
): Promise<EmulatedServices> {
  const dynamodb = await startDynamoDb(dynamodbUrl)
  cleanup.add(() => dynamodb.close())
  const emulator = await startMessaging(noisyGroupDetectionSeconds)
  cleanup.add(() => emulator.close())
  const deliveries = new Deliveries({ ...emulator, region, log })
  const messaging = { ...emulator, sns: deliveries.sns }
  const events = new EventBus()
  const monitor = new Monitor({
    async publish(TopicArn, Subject, texts) {
      const input = { TopicArn, Subject, MessageStructure: 'json', Message: JSON.stringify(texts) }
      await callService(messaging.sns, createAdminQuery('sns', 'Publish', region, input))
    },
    emit: (event) => events.put(event),
    log,
  })
  cleanup.add(() => monitor.stop())
  return { dynamodb, messaging, deliveries, secrets: new SecretsManager(), events, monitor }
}
