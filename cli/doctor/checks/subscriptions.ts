import { paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns'
import type { StackAccess } from '../context.ts'
import { type Finding, findingsOf } from '../finding.ts'
import type { Check } from '../run-checks.ts'

const { ok, remark, problem } = findingsOf('subscriptions')
const page = 'docs/runbook.md#notifications-failed'
const personal: ReadonlySet<string | undefined> = new Set(['email', 'email-json', 'sms'])

/** Whether alerts reach people: e-mail addresses have to be confirmed by a link that SNS sends to them. */
export function subscriptionsCheck({ installation }: StackAccess): Check {
  return {
    name: 'subscriptions',
    async run(abortSignal) {
      const client = new SNSClient(installation.clients)
      let [people, pending, others] = [0, 0, 0]
      const pages = paginateListSubscriptionsByTopic({ client }, { TopicArn: installation.output('AlertTopicArn') })
      for await (const { Subscriptions = [] } of pages) {
        abortSignal.throwIfAborted()
        for (const { SubscriptionArn, Protocol } of Subscriptions) {
          if (SubscriptionArn === 'PendingConfirmation') pending++
          else if (personal.has(Protocol)) people++
          else others++
        }
      }
      return [describe(people, pending, others)]
    },
  }
}

function describe(people: number, pending: number, others: number): Finding {
  if (pending > 0)
    return problem(
      {
        en: `${pending} addresses have not confirmed their subscription, so they get no alerts`,
        zh: `有 ${pending} 个地址尚未确认订阅，收不到告警`,
      },
      {
        next: {
          en: 'Follow the link in the e-mail of AWS Notifications, or subscribe the address again.',
          zh: '请点击 AWS Notifications 邮件中的链接；如已过期，请重新订阅该地址。',
        },
        page,
      },
    )
  if (people > 0)
    return ok({ en: `${people} addresses and numbers get alerts`, zh: `有 ${people} 个邮箱或手机号接收告警` })
  const text =
    others > 0
      ? {
          en: 'no e-mail address or phone number gets alerts, only programs and group robots',
          zh: '没有邮箱或手机号接收告警，只有程序和群机器人',
        }
      : { en: 'no one is subscribed to alerts', zh: '没有人接收告警' }
  const next = { en: 'Set alertEmails or alertPhones.', zh: '请设置 alertEmails 或 alertPhones。' }
  return remark(text, { next, page: 'docs/alerts.md#who-gets-them' })
}
