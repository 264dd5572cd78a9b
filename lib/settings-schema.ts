import { isIP } from 'node:net'
import { Token } from 'aws-cdk-lib'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { z } from 'zod'

/** `-c key=value` passes strings; `cdk.json` and the construct's properties may be booleans, numbers and lists. */
const flag = z
  .union([z.boolean(), z.enum(['true', 'false'])], { error: 'must be true or false' })
  .transform((value) => value === true || value === 'true')

const wholeNumber = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`
  // Only digits are accepted: an unset shell variable (an empty string) must not become 0.
  return z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], { error })
    .pipe(z.int(error).min(min, error).max(max, error))
}

/** The retentions that CloudWatch Logs accepts, in days, without the endless one. */
const logRetentions = Object.values(RetentionDays)
  .filter((value): value is RetentionDays => typeof value === 'number' && value !== RetentionDays.INFINITE)
  .sort((a, b) => a - b)

const logRetention = wholeNumber(1, 3653).refine((days) => logRetentions.includes(days), {
  error: ({ input }) =>
    `CloudWatch Logs cannot keep logs for ${input} days, but for ${nearestRetentions(Number(input))}`,
})

function nearestRetentions(days: number): string {
  const nearest = [logRetentions.findLast((other) => other < days), logRetentions.find((other) => other > days)]
  return nearest.filter((other) => other !== undefined).join(' or ')
}

const commaList = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(','))], {
    error: 'must be a comma-separated list',
  })
  .transform((items) => [...new Set(items.map((item) => item.trim()).filter((item) => item !== ''))])

const quote = (input: unknown) => JSON.stringify(input)

const cidr = z.string().refine(isCidr, {
  error: ({ input }) => `${quote(input)} is not an address range like 203.0.113.0/24`,
})

const emailAddress = z.email({ error: ({ input }) => `${quote(input)} is not an e-mail address` })

const phoneNumber = z.string().regex(/^\+[1-9]\d{6,14}$/, {
  error: ({ input }) => `${quote(input)} is not a phone number in E.164 format, like +8613800138000`,
})

const timeZone = z.string().refine(isTimeZone, {
  error: ({ input }) => `${quote(input)} is not an IANA time zone`,
})

const hostName = z.string().refine((text) => isToken(text) || isHostName(text), {
  error: ({ input }) => `${quote(input)} is not a host name like avd-events.example.com`,
})

/** As in a URL, since robots are recognised by it. An address is for robots on this machine. */
const chatHost = z
  .string()
  .transform((text) => text.toLowerCase())
  .refine(isUrlHost, {
    error: ({ input }) => `${quote(input)} is not a host, or a host with a port, like robots.example.com:8443`,
  })

export const certificateArnPattern = /^arn:aws[a-z-]*:acm:(?<region>[a-z0-9-]+):\d{12}:certificate\/[\w-]+$/

const certificateArn = z.string().refine((text) => isToken(text) || certificateArnPattern.test(text), {
  error: ({ input }) => `${quote(input)} is not the ARN of an ACM certificate`,
})

/** The id of an existing resource, or of one that the same app creates. */
const resourceId = (prefix: string) => {
  const pattern = new RegExp(`^${prefix}-[0-9a-f]{8,17}$`)
  return z.string().refine((text) => isToken(text) || pattern.test(text), {
    error: ({ input }) => `${quote(input)} is not an id like ${prefix}-0a1b2c3d4e5f60718`,
  })
}

const tableName = z.string().refine((text) => isToken(text) || /^[A-Za-z0-9_.-]{3,255}$/.test(text), {
  error: ({ input }) => `${quote(input)} is not the name of a table: 3 to 255 letters, digits, or _ . -`,
})

/** The keys, defaults and allowed values of docs/contract.md, section 2. */
export const settingsSchema = z.strictObject({
  allowUnsigned: flag.default(false),
  // An unset shell variable (an empty string) must not allow all addresses.
  allowedCidrs: z
    .unknown()
    .refine((given) => typeof given !== 'string' || /[^\s,]/.test(given), 'is empty: omit it to allow all addresses')
    .pipe(commaList)
    .pipe(z.array(cidr))
    .default([]),
  avdBaseUrl: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })], { error: 'must be an http or https URL' })
    .default(''),
  sweepMinutes: wholeNumber(1, 60).default(1),
  sweepGraceSeconds: wholeNumber(0, 86_400).default(120),
  retentionDays: wholeNumber(30, 3650).default(400),
  alertWindowMinutes: wholeNumber(0, 1440).default(10),
  alertEmails: commaList.pipe(z.array(emailAddress)).default([]),
  alertPhones: commaList.pipe(z.array(phoneNumber)).default([]),
  chat: flag.default(false),
  chatHosts: commaList.pipe(z.array(chatHost)).default([]),
  legacyHttp: flag.default(false),
  vpcId: resourceId('vpc').optional(),
  subnetIds: commaList.pipe(z.array(resourceId('subnet'))).default([]),
  securityGroupIds: commaList.pipe(z.array(resourceId('sg'))).default([]),
  timeZone: timeZone.default('Asia/Shanghai'),
  provisionedConcurrency: wholeNumber(0, 900).default(0),
  receiveConcurrency: wholeNumber(0, 10_000).default(0),
  applyConcurrency: wholeNumber(2, 1000).default(20),
  logRetentionDays: logRetention.default(180),
  domainName: hostName.optional(),
  certificateArn: certificateArn.optional(),
  queriesPerSecond: wholeNumber(0, 2500).default(0),
  existingEventLog: tableName.optional(),
  existingState: tableName.optional(),
})

export type ParsedSettings = z.output<typeof settingsSchema>

function isCidr(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const family = address.includes('%') ? 0 : isIP(address)
  if (family === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

function isHostName(text: string): boolean {
  return text.length <= 253 && /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*$/.test(text)
}

function isUrlHost(text: string): boolean {
  return isToken(text) || (/^[a-z0-9.:[\]-]+$/.test(text) && URL.parse(`https://${text}`)?.host === text)
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** A value that CloudFormation resolves: a string token, or an item of a list token. */
function isToken(text: string): boolean {
  return Token.isUnresolved(text) || Token.isUnresolved([text])
}
