import { isIP } from 'node:net'
import { z } from 'zod'

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
  .union([z.array(z.string()), z.string().transform((text) => text.split(','))])
  .transform((items) => [...new Set(items.map((item) => item.trim()).filter((item) => item !== ''))])

function isCidr(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

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

const resourceId = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), {
    error: (issue) => `${JSON.stringify(issue.input)} is not an id like ${prefix}-0a1b2c3d4e5f60718`,
  })

const contextSchema = z.object({
  /** Names the stack, so that several installations live in one account. */
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'must be a CloudFormation stack name: letters, digits, hyphens')
    .default('Northbound'),
  /** Accept callbacks that carry no `check_code`. */
  allowUnsigned: flag.default(false),
  /** Source addresses that may call back; empty: all. */
  allowedCidrs: commaList.pipe(z.array(cidr)).default([]),
  /** Address of the platform, where the secret names none. */
  avdBaseUrl: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })], { error: 'must be an http or https address' })
    .default(''),
  /** Minutes between two looks at the platform's room list. */
  sweepMinutes: wholeNumber(1, 60).default(1),
  /** How long something must be missing in the room list before it counts as gone. */
  sweepGraceSeconds: wholeNumber(0, 86_400).default(120),
  /** How long the event log and the state of closed rooms are kept. */
  retentionDays: wholeNumber(1, 3650).default(400),
  /** The same box with the same ports alerts once in so many minutes. */
  alertWindowMinutes: wholeNumber(0, 1440).default(10),
  /** Who gets alerts by e-mail. Each address must confirm once. */
  alertEmails: commaList.pipe(z.array(emailAddress)).default([]),
  /** Who gets alerts as text messages. */
  alertPhones: commaList.pipe(z.array(phoneNumber)).default([]),
  /** The network from which the platform is asked, where it has no public address. */
  vpcId: resourceId('vpc').optional(),
  subnetIds: commaList.pipe(z.array(resourceId('subnet'))).default([]),
  securityGroupIds: commaList.pipe(z.array(resourceId('sg'))).default([]),
  /** The zone of `start_time` and `stop_time` where they carry none, and of the times in alerts. */
  timeZone: z
    .string()
    .refine(isTimeZone, { error: (issue) => `${JSON.stringify(issue.input)} is not an IANA time zone` })
    .default('Asia/Shanghai'),
})

/** The context of one deployment, checked and with its defaults. */
export type Settings = z.output<typeof contextSchema>

export const contextKeys = Object.keys(contextSchema.shape)

/**
 * Reads the CDK context (contract, section 2).
 *
 * @param region where it will be deployed, as far as that is known: some values do not work everywhere.
 * @throws Error naming the key and the reason for each wrong value.
 */
export function readContext(lookUp: (key: string) => unknown, region?: string): Settings {
  const given = Object.fromEntries(
    contextKeys.map((key) => [key, lookUp(key)]).filter(([, value]) => value !== undefined && value !== null),
  )
  const parsed = contextSchema.safeParse(given)
  if (parsed.success) {
    const { vpcId, subnetIds, securityGroupIds } = parsed.data
    const network = { vpcId, subnetIds: subnetIds[0], securityGroupIds: securityGroupIds[0] }
    const missing = Object.entries(network).filter(([, value]) => value === undefined)
    const [first] = missing
    if (first !== undefined && missing.length < 3)
      throw new Error(`context "${first[0]}": must be given as well: a function is in a VPC by all three`)
    if (region?.startsWith('cn-') && parsed.data.alertPhones.length > 0)
      throw new Error(
        `context "alertPhones": SNS sends no text messages from ${region}; subscribe an HTTPS endpoint of an SMS provider to the topic instead`,
      )
    return parsed.data
  }
  throw new Error(parsed.error.issues.map((issue) => `context "${String(issue.path[0])}": ${issue.message}`).join('; '))
}
