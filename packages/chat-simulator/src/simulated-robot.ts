import { dingtalkRules } from './dingtalk-rules.ts'
import { feishuRules } from './feishu-rules.ts'
import type { RefusalCause, RobotReply, RobotRequest, RobotRules, RobotSettings } from './robot-rules.ts'
import { SlidingWindow } from './sliding-window.ts'
import { wecomRules } from './wecom-rules.ts'

export type ServiceName = 'wecom' | 'dingtalk' | 'feishu'

/**
 * What goes wrong with a request, besides what the message itself causes.
 *
 * - `hanging`: no response.
 * - `reset`: the connection is reset.
 * - `http_500`, `redirect`: a response with status 500 or 302.
 * - `firewall_page`: status 200 with an HTML page, as a proxy or a firewall responds.
 * - `address_banned`: DingTalk's firewall refuses the address, with JSON that has no `errcode`.
 * - `too_large`: a response that does not end.
 * - `removed`, `disabled`, `busy`: the service refuses the robot.
 * - an object: the robot responds with it.
 */
export type RobotFault =
  | 'hanging'
  | 'reset'
  | 'http_500'
  | 'redirect'
  | 'firewall_page'
  | 'address_banned'
  | 'too_large'
  | RefusalCause
  | RobotReply

/** A message that reached the group. */
export type ReceivedMessage = {
  readonly service: ServiceName
  readonly token: string
  /** ms since 1970. */
  readonly at: number
  /** As the group shows it. */
  readonly text: string
}

export const rulesOf: Readonly<Record<ServiceName, RobotRules>> = {
  wecom: wecomRules,
  dingtalk: dingtalkRules,
  feishu: feishuRules,
}

/** A group robot. Its settings, and what goes wrong, can be changed at any time. */
export class SimulatedRobot {
  readonly service: ServiceName
  readonly token: string
  /** Address to post to; complete, with the token. */
  readonly url: string
  readonly messages: ReceivedMessage[] = []
  /** Replies of the robot to requests, in order; empty for a fault that sends no reply. */
  readonly replies: RobotReply[] = []
  settings: RobotSettings
  /** Applies to every request until it is set to undefined. */
  fault: RobotFault | undefined
  readonly #windows: readonly SlidingWindow[]

  /** Use `SimulatedChat.addRobot` instead. */
  constructor(service: ServiceName, token: string, baseUrl: string, settings: RobotSettings) {
    this.service = service
    this.token = token
    this.url = `${baseUrl}${rulesOf[service].addressOf(token)}`
    this.settings = settings
    this.#windows = rulesOf[service].limits.map((limit) => new SlidingWindow(limit))
  }

  /** Handles a post as the service does: settings first, then limits. */
  receive(request: RobotRequest): RobotReply {
    const reply = this.#respond(request)
    this.replies.push(reply)
    return reply
  }

  #respond(request: RobotRequest): RobotReply {
    const { now } = request
    const rules = rulesOf[this.service]
    const { fault } = this
    if (typeof fault === 'object') return fault
    if (fault === 'removed' || fault === 'disabled' || fault === 'busy') return rules.refusal(fault)
    const exceeded = this.#windows.findIndex((window) => window.isExceeded(now))
    if (exceeded !== -1) return rules.throttled(exceeded)
    const checked = rules.check(request, this.settings)
    if ('reply' in checked) return checked.reply
    for (const window of this.#windows) window.add(now)
    this.messages.push({ service: this.service, token: this.token, at: now, text: checked.text })
    return rules.accepted
  }
}
