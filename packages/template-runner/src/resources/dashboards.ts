import { z } from 'zod'
import type { ResourceKind } from '../account.ts'
import { StartupError } from '../startup-error.ts'
import { readProperties, unused } from './properties.ts'

const dashboardSchema = z.strictObject({ DashboardName: unused, DashboardBody: z.string() })
const bodySchema = z.looseObject({ widgets: z.array(z.looseObject({ type: z.string() })) })

/** Only validates the body, so that a body which CloudWatch would reject fails locally too. */
export const dashboard: ResourceKind = {
  type: 'AWS::CloudWatch::Dashboard',
  identify: ({ logicalId, text }) => ({ ref: text('DashboardName') ?? logicalId, attributes: {} }),
  create(resources) {
    for (const resource of resources) {
      const { DashboardBody } = readProperties(dashboardSchema, resource)
      if (isDashboardBody(DashboardBody)) continue
      throw new StartupError(`${resource.logicalId}: DashboardBody is not a valid dashboard`)
    }
  },
}

function isDashboardBody(text: string): boolean {
  try {
    return bodySchema.safeParse(JSON.parse(text)).success
  } catch {
    return false
  }
}
