import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { probeParameters, probeRoomId } from '../../../core/protocol/probe.ts'
import { computeCheckCode } from '../../callback-parameters.ts'
import { CliError } from '../../cli-error.ts'
import type { DoctorContext } from '../context.ts'
import { type Finding, findingsOf } from '../finding.ts'
import { request } from '../http.ts'
import { parseAnswer } from '../query-api.ts'
import type { Check } from '../run-checks.ts'

/** ms after which a probe should be in the log: the queue's batching window and a cold start are less. */
const maxArrivalMs = 15_000
const pollMs = 500

const eventsSchema = z.object({ items: z.array(z.object({ trace_id: z.string() })) })

const reachable = findingsOf('callback')
const refusal = findingsOf('refusal')
const arrival = findingsOf('probe')

/** Whether callbacks that are unsigned or wrongly signed are refused, and a signed one is accepted and arrives in the log. */
export function probeCheck(context: DoctorContext): Check {
  return {
    name: 'probe',
    needsResponse: true,
    async run(signal) {
      const key = await context.readKey(signal).catch(() => undefined)
      const unsigned = await send(context, probeParameters(randomUUID()), signal)
      const access = checkAccess(unsigned)
      if (access.status !== 'ok') return [access]
      const forged = probeParameters(randomUUID())
      const wrong = await send(context, { ...forged, check_code: computeCheckCode(forged, randomUUID()) }, signal)
      const isTrial = context.isLocal && key === undefined
      const refused = checkRefusal(unsigned, wrong, isTrial)
      return [access, refused, await checkArrival(context, key, signal).catch(describeUnknownArrival)]
    },
  }
}

/** @returns the status of the response. */
async function send(
  { callbackUrl }: DoctorContext,
  parameters: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<number> {
  const url = new URL(callbackUrl)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return (await request(url, signal)).status
}

function checkAccess(status: number): Finding {
  if (status === 200 || status === 401)
    return reachable.ok({ en: 'the callback address answers', zh: '回调地址可以访问' })
  if (status === 403)
    return reachable.unknown(
      {
        en: "this machine's address is not in allowedCidrs, so no probe can be sent from here",
        zh: '本机地址不在 allowedCidrs 中，无法从本机发送探测回调',
      },
      {
        next: { en: 'Run doctor on a machine whose address is allowed.', zh: '请在允许的地址上运行 doctor。' },
        page: 'docs/api.md#responses-to-callbacks',
      },
    )
  return reachable.problem(
    { en: `the callback address answers ${status}`, zh: `回调地址返回 ${status}` },
    {
      next: { en: 'Look at the log of receive-callback.', zh: '请查看 receive-callback 的日志。' },
      page: 'docs/runbook.md#receive-callback-errors',
    },
  )
}

function checkRefusal(unsigned: number, wrong: number, isTrial: boolean): Finding {
  if (unsigned === 401 && wrong === 401)
    return refusal.ok({ en: 'unsigned and wrongly signed callbacks are refused', zh: '未签名和签名错误的回调会被拒绝' })
  const page = 'docs/api.md#responses-to-callbacks'
  if (wrong === 200 && unsigned === 401)
    return refusal.problem(
      {
        en: 'a wrongly signed callback was queued: the key cannot be read at the moment',
        zh: '签名错误的回调进入了队列：当前无法读取北向接口校验密钥',
      },
      {
        next: { en: 'Check the secret of output CheckCodeSecretArn.', zh: '请检查 CheckCodeSecretArn 对应的 secret。' },
        page: 'docs/runbook.md#secret-unusable',
      },
    )
  const text = {
    en: 'unsigned callbacks are accepted: anybody can send events',
    zh: '接受未签名的回调：任何人都可以发送事件',
  }
  const next = {
    en: 'Set a key on both back-office pages, then deploy without allowUnsigned.',
    zh: '请在两个管理后台页面填写北向接口校验密钥，然后去掉 allowUnsigned 重新部署。',
  }
  return isTrial ? refusal.remark(text, { next, page }) : refusal.problem(text, { next, page })
}

async function checkArrival(context: DoctorContext, key: string | undefined, signal: AbortSignal): Promise<Finding> {
  const traceId = randomUUID()
  const parameters = probeParameters(traceId)
  const signed = key === undefined ? parameters : { ...parameters, check_code: computeCheckCode(parameters, key) }
  const sentAt = context.now()
  const status = await send(context, signed, signal)
  if (status === 401 && key === undefined)
    return context.stack === undefined
      ? arrival.leftOut({ en: 'a signed probe needs --key-file', zh: '发送已签名的探测回调需要 --key-file' })
      : arrival.unknown(
          {
            en: 'no signed probe was sent: the key cannot be read',
            zh: '未发送已签名的探测回调：无法读取北向接口校验密钥',
          },
          {
            next: {
              en: 'Give --key-file, or repair the secret of output CheckCodeSecretArn.',
              zh: '请指定 --key-file，或修复 CheckCodeSecretArn 对应的 secret。',
            },
            page: 'docs/cli.md#doctor',
          },
        )
  if (status !== 200)
    return arrival.problem(
      { en: `a signed probe was answered with ${status}`, zh: `已签名的探测回调返回 ${status}` },
      {
        next: {
          en: 'Make sure that it is the key of the installation.',
          zh: '请确认所用密钥就是该部署实例的北向接口校验密钥。',
        },
        page: 'docs/runbook.md#refused-signatures',
      },
    )
  while (context.now() - sentAt < maxArrivalMs) {
    if (await isLogged(context, traceId, signal)) {
      const seconds = ((context.now() - sentAt) / 1000).toFixed(1)
      return key === undefined
        ? arrival.ok({
            en: `an unsigned probe arrived in the log within ${seconds} s`,
            zh: `未签名的探测回调在 ${seconds} 秒内写入事件日志`,
          })
        : arrival.ok({
            en: `a signed probe arrived in the log within ${seconds} s`,
            zh: `已签名的探测回调在 ${seconds} 秒内写入事件日志`,
          })
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
  return arrival.problem(
    {
      en: `a probe was accepted, but is not in the log after ${maxArrivalMs / 1000} s`,
      zh: `探测回调已被接受，但 ${maxArrivalMs / 1000} 秒后仍未写入事件日志`,
    },
    {
      next: { en: 'Look at the queue and at the log of apply-events.', zh: '请查看队列和 apply-events 的日志。' },
      page: 'docs/runbook.md#oldest-message',
    },
  )
}

/** The log is read from the API, which may refuse the token. */
function describeUnknownArrival(error: unknown): Finding {
  if (!(error instanceof CliError)) throw error
  const { en, zh } = error.text
  return arrival.unknown({
    en: `whether a probe arrives in the log is not known: ${en}`,
    zh: `无法得知探测回调是否写入事件日志：${zh}`,
  })
}

async function isLogged({ api }: DoctorContext, traceId: string, signal: AbortSignal): Promise<boolean> {
  const query = new URLSearchParams({ room_id: probeRoomId, order: 'newest', limit: '50' })
  const answer = await api.get(`/api/events?${query}`, signal)
  // The first probe of an installation finds no room.
  if (answer.status === 404) return false
  return parseAnswer(answer, eventsSchema).items.some(({ trace_id }) => trace_id === traceId)
}
