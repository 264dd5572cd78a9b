import type { LocalRun } from '../../local/run.ts'

/** Settings of an SDK client for the emulated services of a run, as the administrator of the account. */
export function clientSettings({ awsEndpointUrl: endpoint, region }: LocalRun) {
  return { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
}
