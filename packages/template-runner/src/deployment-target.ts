/** The region and account used in ARNs. The account is the fixed one of the SQS and SNS emulator. */
export const region = 'us-east-1'
export const accountId = '000000000000'

/** Where the stack is deployed, as far as a template can refer to it. */
export interface DeploymentTarget {
  readonly stackName: string
  readonly region: string
  readonly accountId: string
  /** The value of the API's `ApiEndpoint`. */
  readonly apiUrl: string
  /** Host and port: the value of a distribution's `DomainName`. */
  readonly distributionHost: string
  /** The endpoint that emulates every AWS service. */
  readonly awsEndpointUrl: string
}
