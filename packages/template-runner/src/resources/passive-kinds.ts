import type { ResourceKind } from '../account.ts'

/** Resource types that have an identity, but need no emulation. */
export const passiveKinds: readonly ResourceKind[] = [
  // Reports the used constructs to AWS.
  { type: 'AWS::CDK::Metadata', identify: ({ logicalId }) => ({ ref: logicalId, attributes: {} }) },
  // The API is served on 127.0.0.1 only.
  {
    type: 'AWS::ApiGatewayV2::DomainName',
    identify: ({ text }, { region }) => ({
      ref: text('DomainName') ?? '',
      attributes: { RegionalDomainName: `d-local.execute-api.${region}.amazonaws.com`, RegionalHostedZoneId: 'LOCAL' },
    }),
  },
  { type: 'AWS::ApiGatewayV2::ApiMapping', identify: ({ logicalId }) => ({ ref: logicalId, attributes: {} }) },
  // The log lines of functions go to the runner's log.
  {
    type: 'AWS::Logs::LogGroup',
    identify({ logicalId, text }, { stackName, region, accountId }) {
      const name = text('LogGroupName') ?? `${stackName}-${logicalId}`
      return { ref: name, attributes: { Arn: `arn:aws:logs:${region}:${accountId}:log-group:${name}:*` } }
    },
  },
]
