import type { ChatService } from './chat-robots.ts'

/** An alert for one group robot, on the chat queue. */
export type RobotMessage = {
  /** The robot's id. */
  readonly robot: string
  readonly service: ChatService
  /** The ids of all robots of that service when the message was queued, in the order of the secret; see `findRecipient`. */
  readonly peers: readonly string[]
  /** The alert as the topic delivered it: the JSON of docs/contract.md, section 7, a CloudWatch alarm, or any other text. */
  readonly alert: string
  /** ms since 1970: when the topic delivered it. */
  readonly received_at: number
}

export interface ChatQueue {
  /** Sending a message twice makes the robot show it twice. @throws if the queue did not accept all of them after several attempts. */
  sendAll(messages: readonly RobotMessage[], signal?: AbortSignal): Promise<void>
}
