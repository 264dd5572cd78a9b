import { type ServiceInputTypes, SNSClient } from '@aws-sdk/client-sns'

/** An SNS client without network: `respond` gets the input of each command and returns, or throws, the result. */
export function fakeSnsClient(respond: (input: ServiceInputTypes) => object): SNSClient {
  const client = new SNSClient({ region: 'us-east-1' })
  client.middlewareStack.add(
    () =>
      async ({ input }) => ({ response: undefined, output: { $metadata: {}, ...respond(input) } }),
    { step: 'initialize' },
  )
  return client
}
