import { z } from 'zod'
import type { DoctorContext } from '../context.ts'
import { type Finding, findingsOf } from '../finding.ts'
import type { Check } from '../run-checks.ts'

const dayMs = 86_400_000
/** The longest interval that the API counts. */
const countedDays = 31

const callbacksSchema = z.object({
  kinds: z.array(z.object({ sent_by: z.enum(['media_server', 'master']).nullable(), callbacks: z.number() })),
})

/** Whether events have come from the two services of the platform. */
export function sendersCheck(context: DoctorContext): Check {
  return {
    name: 'senders',
    async run(signal) {
      const to = context.now()
      const count = async (days: number) => {
        const query = new URLSearchParams({
          from: new Date(to - days * dayMs).toISOString(),
          to: new Date(to).toISOString(),
        })
        const { kinds } = await context.api.read(`/api/callbacks?${query}`, callbacksSchema, signal)
        const sum = (service: string) =>
          kinds.filter(({ sent_by }) => sent_by === service).reduce((total, { callbacks }) => total + callbacks, 0)
        return { mediaServer: sum('media_server'), master: sum('master') }
      }
      const [day, month] = await Promise.all([count(1), count(countedDays)])
      return [checkMediaServer(day.mediaServer, month.mediaServer), checkMaster(month.master)]
    },
  }
}

function checkMediaServer(today: number, month: number): Finding {
  const { ok, remark } = findingsOf('media_server')
  if (today > 0)
    return ok({
      en: `${today} events came from media_server in the last 24 hours`,
      zh: `最近 24 小时收到 media_server 的 ${today} 个事件`,
    })
  if (month > 0)
    return remark(
      { en: 'no event came from media_server in the last 24 hours', zh: '最近 24 小时没有收到 media_server 的事件' },
      {
        next: {
          en: 'If meetings took place, look at its back-office page.',
          zh: '如果期间有会议，请检查 media_server 的管理后台页面。',
        },
        page: 'docs/runbook.md#callbacks-missing',
      },
    )
  return remark(
    {
      en: `no event came from media_server in the last ${countedDays} days`,
      zh: `最近 ${countedDays} 天没有收到 media_server 的事件`,
    },
    {
      next: {
        en: 'Enter the callback address and the key on its back-office page, then enter a room.',
        zh: '请在 media_server 的管理后台页面填入回调地址和密钥，然后进入一个房间。',
      },
      page: 'docs/protocol.md#who-calls-whom',
    },
  )
}

function checkMaster(month: number): Finding {
  const { ok, remark } = findingsOf('master')
  if (month > 0)
    return ok({
      en: `${month} warnings came from master in the last ${countedDays} days`,
      zh: `最近 ${countedDays} 天收到 master 的 ${month} 次告警`,
    })
  return remark(
    {
      en: 'whether master reaches this address is not known: it calls only when a port check fails',
      zh: '无法得知 master 能否访问该地址：它只在端口检查失败时才会回调',
    },
    {
      next: {
        en: 'To provoke a call, block a port of a spare media server with its firewall until a warning arrives.',
        zh: '如需触发一次回调，可用防火墙暂时拦截一台备用媒体服务器的某个端口，直到收到告警。',
      },
      page: 'docs/runbook.md#port-check',
    },
  )
}
