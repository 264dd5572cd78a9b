import { z } from 'zod'
import type { ResourceKind } from '../account.ts'
import { StartupError } from '../startup-error.ts'
import { createRoutes } from './http-api-routes.ts'
import { readProperties, unused } from './properties.ts'

const apiSchema = z.strictObject({
  ProtocolType: z.literal('HTTP', 'the local runner emulates HTTP APIs only'),
  Name: unused,
  Description: unused,
  DisableExecuteApiEndpoint: unused,
  Tags: unused,
})

export const httpApi: ResourceKind = {
  type: 'AWS::ApiGatewayV2::Api',
  identify({ logicalId }, { apiUrl }) {
    const id = logicalId.toLowerCase().slice(0, 10)
    return { ref: id, attributes: { ApiEndpoint: apiUrl, ApiId: id } }
  },
  create(resources, account) {
    const [api, ...others] = resources
    if (others.length > 0) throw new StartupError('the local runner serves one HTTP API, the template has more')
    if (!api) return
    readProperties(apiSchema, api)
    account.serve({
      apiId: api.identity.ref,
      accountId: account.target.accountId,
      routes: createRoutes(api, account),
    })
  },
}
