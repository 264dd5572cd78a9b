import { usageError } from './cli-error.ts'

/** The callback URL of a local run. */
export const localCallbackUrl = 'http://127.0.0.1:3322/room_event_history'

/** @throws CliError if it is no http or https URL. */
export function readUrl(option: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw usageError({
    en: `${option} must be an http or https URL, not "${text}"`,
    zh: `${option} 必须是 http 或 https 地址，而不是“${text}”`,
  })
}

/**
 * Refuses to send made-up events to another machine without `--yes`: they would become part of its rooms and figures.
 *
 * @throws CliError
 */
export function confirmTarget({ hostname }: URL, isConfirmed: boolean): void {
  if (isConfirmed || isLoopback(hostname)) return
  throw usageError({
    en: `${hostname} is another machine, and the events would count there: add --yes if you mean it`,
    zh: `${hostname} 不是本机，事件会计入其数据：确认无误请加 --yes`,
  })
}

/** Whether a host name is that of this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}
