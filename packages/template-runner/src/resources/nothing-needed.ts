import type { ResourceKind } from '../account.ts'

/** Types that need nothing on this machine, and why. */
export const nothingNeeded: readonly ResourceKind[] = [
  // Tells AWS which constructs are used.
  { type: 'AWS::CDK::Metadata', identify: ({ logicalId }) => ({ ref: logicalId, attributes: {} }) },
  // The one name here is that of this machine.
  {
    type: 'AWS::ApiGatewayV2::DomainName',
    identify: ({ text }, { region }) => ({
      ref: text('DomainName') ?? '',
      attributes: { RegionalDomainName: `d-local.execute-api.${region}.amazonaws.com`, RegionalHostedZoneId: 'LOCAL' },
    }),
  },
  { type: 'AWS::ApiGatewayV2::ApiMapping', identify: ({ logicalId }) => ({ ref: logicalId, attributes: {} }) },
  // The functions' lines go to the runner's standard error.
  {
    type: 'AWS::Logs::LogGroup',
    identify({ logicalId, text }, { stackName, region, accountId }) {
      const name = text('LogGroupName') ?? `${stackName}-${logicalId}`
      return { ref: name, attributes: { Arn: `arn:aws:logs:${region}:${accountId}:log-group:${name}:*` } }
    },
  },
]
