import { Webhook } from 'standardwebhooks'

/** Verifies a payload with Standard Webhooks. @returns a function that throws if the signature is invalid. */
export function createWebhookVerifier(key: string, payload: string): () => void {
  const webhook = new Webhook(key, { format: 'raw' })
  const id = 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W'
  const now = new Date()
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': webhook.sign(id, now, payload),
  }
  return () => {
    webhook.verify(payload, headers, { jsonParse: false })
  }
}
