import type { Credentials } from 'aws4'
import { type AwsJsonClient, awsJsonClient } from './client.ts'

const protocols = {
  dynamodb: 'application/x-amz-json-1.0',
  sqs: 'application/x-amz-json-1.0',
  secretsmanager: 'application/x-amz-json-1.1',
} as const

/**
 * A client for use inside Lambda, configured by its environment: the credentials of the role, the region and, for a local
 * run that serves all services at one address, `AWS_ENDPOINT_URL`.
 *
 * @param urlSuffix domain of the partition: `amazonaws.com` or `amazonaws.com.cn`.
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
