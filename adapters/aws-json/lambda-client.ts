import type { Credentials } from 'aws4'
import { type AwsJsonClient, awsJsonClient } from './client.ts'

const protocols = {
  sqs: 'application/x-amz-json-1.0',
  secretsmanager: 'application/x-amz-json-1.1',
} as const

/**
 * A client with what Lambda puts into the environment: the role's credentials, the region, and `AWS_ENDPOINT_URL`
 * where all services are behind one address (a local run).
 *
 * @param urlSuffix of the partition, `amazonaws.com` or `amazonaws.com.cn`.
 */
export function lambdaClient(
  service: keyof typeof protocols,
  urlSuffix: string,
  environment: NodeJS.ProcessEnv = process.env,
): AwsJsonClient {
  const region = environment.AWS_REGION ?? ''
  const endpoint = new URL(environment.AWS_ENDPOINT_URL ?? `https://${service}.${region}.${urlSuffix}/`)
  return awsJsonClient({
    service,
    endpoint,
    region,
    protocol: protocols[service],
    credentials: (): Credentials => ({
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
      sessionToken: environment.AWS_SESSION_TOKEN ?? '',
    }),
  })
}
