import type { ChatContext } from '../../core/notifications/chat/chat-alert.ts'
import { describeAlert } from '../../core/notifications/chat/describe-alert.ts'
import { buildMessages } from '../../core/notifications/chat/digests.ts'
import { renderAlert } from '../../core/notifications/chat/render-chat.ts'
import { createTestMessage } from '../../core/notifications/chat/test-message.ts'
import type { NotifyChatDependencies } from './dependencies.ts'

/** Creates the functions that write messages for robots. @param now ms since 1970. */
export function createComposer(
  context: ChatContext,
  now: () => number,
): Pick<NotifyChatDependencies, 'compose' | 'testText'> {
  return {
    compose: (alerts, language, maxBytes) =>
      buildMessages(
        alerts.map(({ alert, received_at }) => describeAlert({ body: alert, publishedAt: received_at }, context)),
        language,
        context,
        maxBytes,
      ),
    testText: (language) => renderAlert(createTestMessage(now(), context), language, context),
  }
}
