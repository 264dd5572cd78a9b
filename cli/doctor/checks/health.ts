import { z } from 'zod'
import type { Text } from '../../language.ts'
import type { DoctorContext } from '../context.ts'
import { type Finding, findingsOf } from '../finding.ts'
import { parseAnswer } from '../query-api.ts'
import type { Check } from '../run-checks.ts'

const statsSchema = z.object({
  queue_depth: z.number(),
  dead_letters: z.number(),
  drift_last_sweep: z.number().nullable(),
  last_sweep_at: z.iso.datetime().nullable(),
  last_sweep_ok: z.boolean().nullable(),
  reconciliation: z.enum(['on', 'off']).nullable(),
  last_callback_at: z.iso.datetime().nullable(),
  warnings: z.array(z.string()),
})

export type Stats = z.output<typeof statsSchema>

/** ms between two readings of a queue that is not empty. */
const rereadMs = 1_500
const maxReadings = 4
/** Messages that may wait in a queue of a busy installation. */
const maxUsualDepth = 100
/** Sweeps run at least every hour. */
const maxSweepAgeMs = 90 * 60_000

/** Whether the API answers, the queues are empty, and the last sweep succeeded. */
export function healthCheck(context: DoctorContext): Check {
  return {
    name: 'api',
    needsResponse: true,
    async run(signal) {
      const answer = await context.api.get('/api/stats', signal)
      const { status } = answer
      const { ok, problem } = findingsOf('api')
      if (status !== 200) return [problem(describeStatus(status), adviceOf(status))]
      const stats = parseAnswer(answer, statsSchema)
      const milliseconds = Math.round(answer.duration)
      return [
        ok({ en: `the API answers in ${milliseconds} ms`, zh: `API 在 ${milliseconds} 毫秒内响应` }),
        await checkQueue(context, stats, signal),
        checkDeadLetters(stats),
        checkSweep(stats, context.now()),
        ...checkWarnings(stats),
      ]
    },
  }
}

function describeStatus(status: number) {
  if (status === 401) return { en: 'the API refuses the token', zh: 'API 拒绝该令牌' }
  return { en: `the API answers ${status}`, zh: `API 返回 ${status}` }
}

function adviceOf(status: number) {
  if (status === 401) {
    const next = {
      en: 'Use the token in the secret of output ApiTokenSecretArn.',
      zh: '请使用 ApiTokenSecretArn 对应的 secret 中的令牌。',
    }
    return { next, page: 'docs/runbook.md#secret-unusable' }
  }
  return {
    next: { en: 'Look at the log of the function query-api.', zh: '请查看函数 query-api 的日志。' },
    page: 'docs/runbook.md#query-api-errors',
  }
}

/** A queue that is being emptied is in order. The probe itself may be in it. */
async function checkQueue({ api }: DoctorContext, stats: Stats, signal: AbortSignal): Promise<Finding> {
  const { ok, remark, problem } = findingsOf('queue')
  let depth = stats.queue_depth
  for (let reading = 1; depth > 0 && reading < maxReadings; reading++) {
    await new Promise((resolve) => setTimeout(resolve, rereadMs))
    depth = (await api.read('/api/stats', statsSchema, signal)).queue_depth
  }
  if (depth === 0) return ok({ en: 'the event queue is empty', zh: '事件队列为空' })
  const text = { en: `${depth} messages wait in the event queue`, zh: `事件队列中有 ${depth} 条消息等待处理` }
  const next = {
    en: 'See whether the number falls; if not, look at the log of apply-events.',
    zh: '请观察该数字是否下降；若不下降，请查看 apply-events 的日志。',
  }
  const advice = { next, page: 'docs/runbook.md#oldest-message' }
  return depth > maxUsualDepth ? problem(text, advice) : remark(text, advice)
}

function checkDeadLetters({ dead_letters: count }: Stats): Finding {
  const { ok, problem } = findingsOf('dead_letters')
  if (count === 0) return ok({ en: 'there are no dead letters', zh: '没有处理失败的事件（死信）' })
  return problem(
    { en: `${count} events could not be applied and are dead letters`, zh: `有 ${count} 个处理失败的事件（死信）` },
    {
      next: { en: 'Find the cause in the log, then put them back.', zh: '请先在日志中查明原因，再重新投递。' },
      page: 'docs/runbook.md#dead-letters',
    },
  )
}

function checkSweep(stats: Stats, now: number): Finding {
  const { ok, remark, problem } = findingsOf('sweeps')
  const { reconciliation, last_sweep_at: at, last_sweep_ok: isOk, drift_last_sweep: drift } = stats
  const page = 'docs/runbook.md#sweeps-failing'
  if (reconciliation === null)
    return remark(
      { en: 'no sweep has run yet', zh: '尚未进行过核对' },
      { next: { en: 'Run doctor again in a few minutes.', zh: '请在几分钟后再次运行 doctor。' }, page },
    )
  if (reconciliation === 'off')
    return remark(
      {
        en: 'no platform is configured, so lost callbacks are not corrected',
        zh: '未配置平台，丢失的回调无法通过核对修正',
      },
      {
        next: { en: 'Fill in the secret of output AvdSecretArn.', zh: '请填写输出 AvdSecretArn 对应的 secret。' },
        page: 'docs/reconciliation.md#access-to-the-platform',
      },
    )
  if (!isOk)
    return problem(
      { en: 'the last sweep failed', zh: '最近一次核对失败' },
      { next: { en: 'The log of reconcile-rooms has the reason.', zh: '原因见 reconcile-rooms 的日志。' }, page },
    )
  if (at === null || now - Date.parse(at) > maxSweepAgeMs)
    return problem(
      { en: `no sweep has run since ${at}`, zh: `自 ${at} 起没有进行过核对` },
      {
        next: {
          en: 'Check that the schedule and the function reconcile-rooms are on.',
          zh: '请检查定时任务和函数 reconcile-rooms 是否启用。',
        },
        page: 'docs/runbook.md#reconcile-rooms-throttles',
      },
    )
  return ok({
    en: `the last sweep succeeded, at ${at}, with ${drift ?? 0} differences`,
    zh: `最近一次核对成功（${at}），差异数 ${drift ?? 0}`,
  })
}

/** By the code of the API. The other codes are what other findings say. */
const warningTexts: ReadonlyMap<string, Text> = new Map([
  ['callbacks_missing', { en: 'people are in rooms, but no callbacks arrive', zh: '房间内有用户，但没有收到回调' }],
  [
    'mass_disappearance',
    {
      en: "many rooms or participants are missing from the platform's room list",
      zh: '大量房间或用户从平台的房间列表中消失',
    },
  ],
  ['port_check', { en: 'the master cannot reach ports of a media server', zh: '有媒体服务器的端口无法访问' }],
  [
    'refused_signatures',
    {
      en: 'callbacks with a missing or wrong check_code were refused within the last hour',
      zh: '过去一小时内有回调因 check_code 缺失或错误被拒绝',
    },
  ],
])

/** What the API warns about and no other finding says. */
function checkWarnings({ warnings }: Stats): Finding[] {
  const { problem } = findingsOf('warnings')
  const next: Text = { en: 'Follow the runbook.', zh: '请按处理手册处理。' }
  return warnings.flatMap((code) => {
    const text = warningTexts.get(code)
    return text === undefined ? [] : [problem(text, { next, page: `docs/runbook.md#${code.replaceAll('_', '-')}` })]
  })
}
