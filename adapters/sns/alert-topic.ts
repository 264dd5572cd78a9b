import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'

export function snsClient(): SNSClient {
  return new SNSClient({})
}

/** Tells people and programs, through the alert topic (contract, section 7). */
export function snsAlerts(client: SNSClient, topicArn: string) {
  return {
    async sweepFailing(failures: number, reason: string): Promise<void> {
      await client.send(
        new PublishCommand({
          TopicArn: topicArn,
          Subject: `Northbound: ${failures} reconciliation sweeps failed in a row`,
          Message: JSON.stringify({ kind: 'sweep_failing', failures, reason }),
          MessageAttributes: { kind: { DataType: 'String', StringValue: 'sweep_failing' } },
        }),
      )
    },
  }
}
