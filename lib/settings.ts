import type { z } from 'zod'
import { isInMainlandChina } from './region.ts'
import { certificateArnPattern, type ParsedSettings, settingsSchema } from './settings-schema.ts'
import { explainUnknownKey } from './unknown-key.ts'

/** The settings of an installation. All have defaults, and no change replaces a resource that holds data. */
export interface Settings {
  /** Accept callbacks without `check_code`. @default false */
  readonly allowUnsigned: boolean
  /** Source addresses that may send callbacks, e.g. `203.0.113.0/24`. @default all */
  readonly allowedCidrs: readonly string[]
  /** Base URL of the platform, used if the AVD secret has none. @default '' (no reconciliation) */
  readonly avdBaseUrl: string
  /** Minutes between two sweeps, 1 to 60. @default 1 */
  readonly sweepMinutes: number
  /** Seconds that a room or participant must be missing from the platform's list before it is corrected. @default 120 */
  readonly sweepGraceSeconds: number
  /** Days that the event log and the state of closed rooms are kept. @default 400 */
  readonly retentionDays: number
  /** Minutes in which a media server and port set causes at most one alert. @default 10 */
  readonly alertWindowMinutes: number
  /** E-mail addresses that receive alerts. Each must confirm its subscription. @default none */
  readonly alertEmails: readonly string[]
  /** Phone numbers in E.164 format that receive alerts by SMS. Not in mainland China. @default none */
  readonly alertPhones: readonly string[]
  /** Also send alerts to group robots of WeCom, DingTalk and Feishu, whose URLs are in a secret. @default false */
  readonly chat: boolean
  /** Hosts of robots besides those of the three services, such as `robots.example.com`. @default none */
  readonly chatHosts: readonly string[]
  /** Also accept callbacks over plain HTTP, for media servers without HTTPS. Not in mainland China. @default false */
  readonly legacyHttp: boolean
  /** The VPC from which a platform without a public address is reachable: all three of these or none. @default none */
  readonly vpcId: string | undefined
  readonly subnetIds: readonly string[]
  readonly securityGroupIds: readonly string[]
  /** IANA time zone of platform times without an offset, and of times in alerts. @default 'Asia/Shanghai' */
  readonly timeZone: string
  /** Number of warm instances of the receiving function; they are billed. At most `receiveConcurrency`, if given. @default 0 */
  readonly provisionedConcurrency: number
  /**
   * Concurrent executions that are reserved for the receiving function, which also gets no more than these. 100 of the
   * account's quota must stay unreserved. @default 0 (no reservation)
   */
  readonly receiveConcurrency: number
  /** Most batches of events that are applied concurrently, 2 to 1000. @default 20 */
  readonly applyConcurrency: number
  /** Days that CloudWatch keeps the logs of the functions. @default 180 */
  readonly logRetentionDays: number
  /** A custom domain for the API and its certificate: both or none. @default the endpoint that AWS assigns */
  readonly domainName: string | undefined
  /** ARN of an ACM certificate in the account and region of the stack. */
  readonly certificateArn: string | undefined
  /** Queries beyond this rate get status 429; short bursts may reach twice the rate. Each query costs a write then. @default 0 (only the account's quota) */
  readonly queriesPerSecond: number
  /**
   * Name of a table in the account and region of the stack to use as event log, such as a restored copy. It must have the keys
   * and indexes of `tableSchemas`. @default a new table
   */
  readonly existingEventLog: string | undefined
  /** Name of a table to use for the state, with its event log. @default a new table */
  readonly existingState: string | undefined
}

type Problem = readonly [key: string, message: string]

export const settingKeys: readonly string[] = Object.keys(settingsSchema.shape)

const absentSettings = {
  vpcId: undefined,
  domainName: undefined,
  certificateArn: undefined,
  existingEventLog: undefined,
  existingState: undefined,
}

/**
 * Validates the settings of an installation and applies the defaults.
 *
 * @param given by key; values may be strings.
 * @param region the region of the deployment, if known: some settings are not available everywhere.
 * @param describe what error messages call a setting.
 * @param knownKeys what an unknown key may have been meant to be.
 * @throws Error naming the key and the reason for each invalid value.
 */
export function readSettings(
  given: object,
  region: string | undefined,
  describe = describeProperty,
  knownKeys: readonly string[] = settingKeys,
): Settings {
  const parsed = settingsSchema.safeParse(given)
  const problems: Problem[] = parsed.success
    ? [
        ...incompleteGroups(parsed.data),
        ...excessWarmInstances(parsed.data),
        ...misusedTables(parsed.data),
        ...regionConflicts(parsed.data, region),
      ]
    : parsed.error.issues.flatMap((issue) => problemsOf(issue, given, knownKeys))
  if (parsed.success && problems.length === 0) return { ...absentSettings, ...parsed.data }
  throw new Error(problems.map(([key, message]) => `${describe(key)}: ${message}`).join('; '))
}

function describeProperty(key: string): string {
  return `property "${key}"`
}

function problemsOf(issue: z.core.$ZodIssue, given: object, knownKeys: readonly string[]): Problem[] {
  const values = new Map<string, unknown>(Object.entries(given))
  return issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => [key, explainUnknownKey(key, knownKeys, values.get(key))] as const)
    : [[String(issue.path[0]), issue.message]]
}

/** Settings that must be given together or not at all. */
function incompleteGroups(settings: ParsedSettings): Problem[] {
  const { vpcId, subnetIds, securityGroupIds, domainName, certificateArn } = settings
  const network = { vpcId, subnetIds: subnetIds[0], securityGroupIds: securityGroupIds[0] }
  return [
    ...requireAll(network, 'a VPC needs its id, subnets and security groups'),
    ...requireAll({ domainName, certificateArn }, 'a custom domain needs a certificate'),
  ]
}

/** @returns a problem with the first missing setting, if some of the group are given and some are missing. */
function requireAll(group: Readonly<Record<string, string | undefined>>, reason: string): Problem[] {
  const keys = Object.keys(group)
  const missing = keys.filter((key) => group[key] === undefined)
  const [first] = missing
  return first === undefined || missing.length === keys.length ? [] : [[first, `must be given as well: ${reason}`]]
}

function excessWarmInstances({ provisionedConcurrency, receiveConcurrency }: ParsedSettings): Problem[] {
  if (receiveConcurrency === 0 || provisionedConcurrency <= receiveConcurrency) return []
  return [['provisionedConcurrency', `must not exceed receiveConcurrency, which is ${receiveConcurrency}`]]
}

/** The state is folded from the log: with an empty log, every rebuild would lose what the adopted state holds. */
function misusedTables({ existingEventLog, existingState }: ParsedSettings): Problem[] {
  if (existingState === undefined) return []
  if (existingEventLog === undefined)
    return [['existingEventLog', 'must be given as well: the state is rebuilt from its event log']]
  return existingState === existingEventLog ? [['existingState', 'must not be the event log']] : []
}

function regionConflicts(settings: ParsedSettings, region: string | undefined): Problem[] {
  const problems: Problem[] = []
  const certificateRegion = certificateArnPattern.exec(settings.certificateArn ?? '')?.groups?.region
  if (region !== undefined && certificateRegion !== undefined && certificateRegion !== region)
    problems.push(['certificateArn', `the certificate is in ${certificateRegion}, but the stack is in ${region}`])
  if (!isInMainlandChina(region)) return problems
  if (settings.alertPhones.length > 0)
    problems.push([
      'alertPhones',
      `SNS cannot send SMS from ${region}; subscribe an HTTPS endpoint of an SMS provider to the alert topic instead`,
    ])
  if (settings.legacyHttp)
    problems.push([
      'legacyHttp',
      `CloudFront in mainland China (${region}) serves only custom domains with an ICP filing; put a reverse proxy that accepts plain HTTP in front of the callback URL instead`,
    ])
  return problems
}
