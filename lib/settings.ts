import { isIP } from 'node:net'
import { Token } from 'aws-cdk-lib'
import { z } from 'zod'
import { isInMainlandChina } from './region.ts'

/** What an installation can be told. Each has a default, and each can be changed without replacing anything that holds data. */
export interface Settings {
  /** Accept callbacks that carry no `check_code`. Default: false, they are refused. */
  readonly allowUnsigned: boolean
  /** Source addresses that may call back, e.g. `203.0.113.0/24`. Default: empty, all may. */
  readonly allowedCidrs: readonly string[]
  /** Address of the platform, where the secret names none. Default: empty, no reconciliation. */
  readonly avdBaseUrl: string
  /** Minutes between two looks at the platform's room list, 1 to 60. Default: 1. */
  readonly sweepMinutes: number
  /** How long something must be missing in the room list before it counts as gone. Default: 120. */
  readonly sweepGraceSeconds: number
  /** How long the event log, and the state of what is over, is kept. Default: 400. */
  readonly retentionDays: number
  /** The same box with the same ports alerts once in so many minutes. Default: 10. */
  readonly alertWindowMinutes: number
  /** Who gets alerts by e-mail. Each address must confirm once. Default: nobody. */
  readonly alertEmails: readonly string[]
  /** Who gets alerts as text messages: numbers in E.164 form. Default: nobody. Not in mainland China. */
  readonly alertPhones: readonly string[]
  /** Take callbacks over plain HTTP as well, for boxes that cannot call `https://`. Default: false. Not in mainland China. */
  readonly legacyHttp: boolean
  /** The network from which the platform is asked, where it has no public address: all three of these, or none. */
  readonly vpcId: string | undefined
  readonly subnetIds: readonly string[]
  readonly securityGroupIds: readonly string[]
  /** The zone of the platform's times where they carry none, and of the times in alerts. Default: Asia/Shanghai. */
  readonly timeZone: string
  /** So many instances of the receiving function are always warm, and paid for. Default: 0. */
  readonly provisionedConcurrency: number
  /** A name of your own for the API, with its certificate: both or none. Default: the name that AWS gives. */
  readonly domainName: string | undefined
  /** ARN, of the account and region of the stack. */
  readonly certificateArn: string | undefined
  /** More queries than that are turned away with 429; for a moment, twice as many. Default: 0, the account's quota only. */
  readonly queriesPerSecond: number
}

/** `-c key=value` gives strings, `cdk.json` and `npm start` may give real booleans, numbers and lists. */
const flag = z
  .union([z.boolean(), z.enum(['true', 'false'])], { error: 'must be true or false' })
  .transform((value) => value === true || value === 'true')

const wholeNumber = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`
  // Digits only: an unset variable of a shell must not count as 0.
  return z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], { error })
    .pipe(z.int(error).min(least, error).max(most, error))
}

const commaList = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(','))], { error: 'must be a comma list' })
  .transform((items) => [...new Set(items.map((item) => item.trim()).filter((item) => item !== ''))])

function isCidr(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const family = address.includes('%') ? 0 : isIP(address)
  if (family === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

function isHostName(text: string): boolean {
  return text.length <= 253 && /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*$/.test(text)
}

const certificateArn = /^arn:aws[a-z-]*:acm:(?<region>[a-z0-9-]+):\d{12}:certificate\/[\w-]+$/

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

const cidr = z.string().refine(isCidr, {
  error: (issue) => `${JSON.stringify(issue.input)} is not an address range like 203.0.113.0/24`,
})

/** As SNS takes it; whether anybody reads there only the confirmation tells. */
const emailAddress = z.email({ error: (issue) => `${JSON.stringify(issue.input)} is not an e-mail address` })

const phoneNumber = z.string().regex(/^\+[1-9]\d{6,14}$/, {
  error: (issue) => `${JSON.stringify(issue.input)} is not a phone number in E.164 form, like +8613800138000`,
})

/** Of a text, or of a whole list, that the same app makes. */
function isToken(text: string): boolean {
  return Token.isUnresolved(text) || Token.isUnresolved([text])
}

/** Of a resource that exists, or one that the same app makes. */
const resourceId = (prefix: string) => {
  const pattern = new RegExp(`^${prefix}-[0-9a-f]{8,17}$`)
  return z.string().refine((text) => isToken(text) || pattern.test(text), {
    error: (issue) => `${JSON.stringify(issue.input)} is not an id like ${prefix}-0a1b2c3d4e5f60718`,
  })
}

const settingsSchema = z.strictObject({
  allowUnsigned: flag.default(false),
  // An unset variable of a shell must not let everybody in.
  allowedCidrs: z
    .unknown()
    .refine((given) => typeof given !== 'string' || /[^\s,]/.test(given), 'is empty: leave it out to let all in')
    .pipe(commaList)
    .pipe(z.array(cidr))
    .default([]),
  avdBaseUrl: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })], { error: 'must be an http or https address' })
    .default(''),
  sweepMinutes: wholeNumber(1, 60).default(1),
  sweepGraceSeconds: wholeNumber(0, 86_400).default(120),
  retentionDays: wholeNumber(1, 3650).default(400),
  alertWindowMinutes: wholeNumber(0, 1440).default(10),
  alertEmails: commaList.pipe(z.array(emailAddress)).default([]),
  alertPhones: commaList.pipe(z.array(phoneNumber)).default([]),
  legacyHttp: flag.default(false),
  vpcId: resourceId('vpc').optional(),
  subnetIds: commaList.pipe(z.array(resourceId('subnet'))).default([]),
  securityGroupIds: commaList.pipe(z.array(resourceId('sg'))).default([]),
  timeZone: z
    .string()
    .refine(isTimeZone, { error: (issue) => `${JSON.stringify(issue.input)} is not an IANA time zone` })
    .default('Asia/Shanghai'),
  provisionedConcurrency: wholeNumber(0, 900).default(0),
  domainName: z
    .string()
    .refine((text) => Token.isUnresolved(text) || isHostName(text), {
      error: (issue) => `${JSON.stringify(issue.input)} is not a host name like avd-events.example.com`,
    })
    .optional(),
  certificateArn: z
    .string()
    .refine((text) => Token.isUnresolved(text) || certificateArn.test(text), {
      error: (issue) => `${JSON.stringify(issue.input)} is not the ARN of a certificate of ACM`,
    })
    .optional(),
  queriesPerSecond: wholeNumber(0, 2500).default(0),
})

const stackName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'must be a CloudFormation stack name: messages, digits, hyphens')
  .default('Northbound')

type Problem = readonly [key: string, message: string]

/**
 * Checks what an installation is told, and adds the defaults.
 *
 * @param given by key, as texts or as real values.
 * @param region where it will be deployed, as far as that is known: some values do not work everywhere.
 * @param called what the values are to whom gave them.
 * @throws Error naming the key and the reason for each wrong value.
 */
export function readSettings(given: object, region: string | undefined, called = 'property'): Settings {
  const parsed = settingsSchema.safeParse(given)
  const problems: Problem[] = parsed.success ? conflicts(parsed.data, region) : parsed.error.issues.flatMap(problemsIn)
  if (parsed.success && problems.length === 0) return { ...absent, ...parsed.data }
  throw new Error(problems.map(([key, message]) => `${called} "${key}": ${message}`).join('; '))
}

function problemsIn(issue: z.core.$ZodIssue): Problem[] {
  return issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => [key, 'is not known'] as const)
    : [[String(issue.path[0]), issue.message]]
}

const absent = { vpcId: undefined, domainName: undefined, certificateArn: undefined }

/** What each value alone does not show. */
function conflicts(settings: z.output<typeof settingsSchema>, region: string | undefined): Problem[] {
  const { vpcId, subnetIds, securityGroupIds, domainName, certificateArn: arn } = settings
  const certificateRegion = certificateArn.exec(arn ?? '')?.groups?.region
  const inChina: Problem[] = [
    ...(settings.alertPhones.length > 0
      ? [
          [
            'alertPhones',
            `SNS sends no text messages from ${region}; subscribe an HTTPS endpoint of an SMS provider to the topic instead`,
          ] as const,
        ]
      : []),
    ...(settings.legacyHttp
      ? [
          [
            'legacyHttp',
            `CloudFront in mainland China (${region}) serves only a domain of your own with an ICP filing; put a reverse proxy that takes plain HTTP before the callback address instead`,
          ] as const,
        ]
      : []),
  ]
  return [
    ...whole(
      { vpcId, subnetIds: subnetIds[0], securityGroupIds: securityGroupIds[0] },
      'a function is in a VPC by all three',
    ),
    ...whole({ domainName, certificateArn: arn }, 'a name needs its certificate'),
    ...(region !== undefined && certificateRegion !== undefined && certificateRegion !== region
      ? [['certificateArn', `the certificate is in ${certificateRegion}, the stack in ${region}`] as const]
      : []),
    ...(isInMainlandChina(region) ? inChina : []),
  ]
}

/** Values that need each other: the first that is missing, where others are not. */
function whole(parts: Readonly<Record<string, string | undefined>>, reason: string): Problem[] {
  const keys = Object.keys(parts)
  const missing = keys.filter((key) => parts[key] === undefined)
  const [first] = missing
  return first === undefined || missing.length === keys.length ? [] : [[first, `must be given as well: ${reason}`]]
}

const stackNameKey = 'name'

/** The keys of the CDK context (contract, section 2): the settings, and the name of the stack. */
export const contextKeys = [stackNameKey, ...Object.keys(settingsSchema.shape)]

/**
 * Reads the CDK context.
 *
 * @throws Error naming the key and the reason for each wrong value.
 */
export function readContext(
  lookUp: (key: string) => unknown,
  region?: string,
): { readonly name: string; readonly settings: Settings } {
  const given = Object.fromEntries(
    contextKeys.map((key) => [key, lookUp(key)]).filter(([, value]) => value !== undefined && value !== null),
  )
  const { [stackNameKey]: givenName, ...rest } = given
  const name = stackName.safeParse(givenName)
  if (!name.success) throw new Error(`context "${stackNameKey}": ${name.error.issues[0]?.message}`)
  return { name: name.data, settings: readSettings(rest, region, 'context') }
}
