import { parseAvdSecret } from '../../../adapters/avd/avd-settings.ts'
import type { DoctorContext } from '../context.ts'
import { type Finding, findingsOf } from '../finding.ts'
import { type HttpResult, request } from '../http.ts'
import type { Check } from '../run-checks.ts'

/** ms that do no harm. */
const maxUsualOffsetMs = 5_000
/** AWS refuses requests that are signed with a time further away. */
const maxSignedOffsetMs = 300_000

/** Whether this machine's clock agrees with that of AWS, and that of the platform with it. */
export function clockCheck(context: DoctorContext): Check {
  return {
    name: 'clock',
    async run(signal) {
      const response = await request(new URL('/api/openapi.json', context.api.url), signal)
      const own = checkOffset(measureOffset(response))
      const platform = await checkPlatform(context, measureOffset(response) ?? 0, signal)
      return platform === undefined ? [own] : [own, platform]
    },
  }
}

/**
 * Measures by how many ms this machine is at least ahead of the server; negative if it is behind. The server read its clock at some
 * time between request and response, and states it without the fraction of the second.
 */
export function measureOffset({
  localTime,
  serverTime,
  duration,
}: Pick<HttpResult, 'localTime' | 'serverTime' | 'duration'>): number | undefined {
  if (serverTime === undefined) return undefined
  const offset = localTime - (serverTime + 500)
  const uncertainty = 500 + duration / 2
  return Math.sign(offset) * Math.max(0, Math.abs(offset) - uncertainty)
}

export function checkOffset(offset: number | undefined): Finding {
  const { ok, remark, problem, unknown } = findingsOf('clock')
  if (offset === undefined) return unknown({ en: 'the API does not state its time', zh: 'API 的响应中没有时间' })
  const seconds = Math.round(offset / 1000)
  if (Math.abs(offset) <= maxUsualOffsetMs) return ok({ en: "this machine's clock is right", zh: '本机时钟正确' })
  const text = { en: `this machine's clock is off by ${seconds} s`, zh: `本机时钟误差 ${seconds} 秒` }
  const advice = { next: { en: 'Set the clock of this machine by NTP.', zh: '请用 NTP 校准本机时钟。' } }
  return Math.abs(offset) > maxSignedOffsetMs
    ? problem(text, { ...advice, page: 'docs/cli.md#doctor' })
    : remark(text, { ...advice, page: 'docs/cli.md#doctor' })
}

/** @param ownOffset ms by which this machine is ahead of AWS. @returns undefined if no platform is known. */
async function checkPlatform(
  { stack }: DoctorContext,
  ownOffset: number,
  signal: AbortSignal,
): Promise<Finding | undefined> {
  const { ok, remark } = findingsOf('platform_clock')
  const settings = await readPlatform(stack, signal).catch(() => undefined)
  if (settings === undefined) return undefined
  const page = 'docs/cli.md#doctor'
  const response = await request(new URL(settings), signal, { method: 'HEAD' }).catch(() => undefined)
  const offset = response && measureOffset(response)
  if (offset === undefined)
    return remark(
      { en: "the platform's clock cannot be read from this machine", zh: '从本机无法读取平台的时钟' },
      {
        next: { en: 'Check the clock and its NTP service on the server.', zh: '请在平台服务器上检查时钟及 NTP 同步。' },
        page,
      },
    )
  // How far the platform is behind AWS.
  const behind = offset - ownOffset
  const seconds = Math.round(behind / 1000)
  if (Math.abs(behind) <= maxUsualOffsetMs) return ok({ en: "the platform's clock is right", zh: '平台的时钟正确' })
  return remark(
    {
      en: `the platform's clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'behind' : 'ahead'}`,
      zh: `平台的时钟${seconds > 0 ? '慢' : '快'} ${Math.abs(seconds)} 秒`,
    },
    {
      next: {
        en: 'Set it by NTP: times of recordings are those of the platform.',
        zh: '请用 NTP 校准：录制时间取自平台。',
      },
      page,
    },
  )
}

async function readPlatform(stack: DoctorContext['stack'], signal: AbortSignal): Promise<string | undefined> {
  if (stack === undefined) return undefined
  const [text, defaultUrl] = await Promise.all([
    stack.readSecret(stack.installation.output('AvdSecretArn'), signal),
    stack.facts.readVariable('AVD_BASE_URL'),
  ])
  return parseAvdSecret(text, defaultUrl ?? '')?.base_url
}
