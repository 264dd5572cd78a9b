import { isDocumented } from '../core/protocol/documented-parameters.ts'
import type { CallbackParameters } from './callback-parameters.ts'
import { documentedValues, eventDescriptions } from './documented-events.ts'
import type { Text } from './language.ts'
import { showText } from './show-text.ts'
import { printNotice, type Terminal } from './terminal.ts'

/** Says on standard error what the document would not expect of a callback. It is sent nevertheless, to see what the receiver does. */
export function warnAboutParameters(
  terminal: Pick<Terminal, 'stderr' | 'language'>,
  parameters: CallbackParameters,
): void {
  for (const warning of listParameterWarnings(parameters)) printNotice(terminal, warning)
}

/** What contradicts the document (docs/protocol.md, Events). */
export function listParameterWarnings(parameters: CallbackParameters): Text[] {
  const { event = '' } = parameters
  const documented = Object.hasOwn(eventDescriptions, event) ? eventDescriptions[event] : undefined
  if (documented === undefined) {
    const name = showText(event)
    if (event === '') return [{ en: 'warning: there is no event', zh: '警告：缺少 event' }]
    return [{ en: `warning: the document has no event "${name}"`, zh: `警告：文档中没有事件“${name}”` }]
  }
  const required = ['trace_id', ...documented.required]
  const missing = required.filter((name) => !parameters[name])
  const unknown = Object.keys(parameters).filter((name) => !isDocumented(name))
  const values = Object.entries(parameters).filter(
    ([name, value]) => !isDocumentedValue(name, value, documented.eventTypes),
  )
  return [
    ...missing.map((name) => ({
      en: `warning: ${event} needs the parameter ${name}`,
      zh: `警告：${event} 需要参数 ${name}`,
    })),
    ...unknown.map((name) => ({
      en: `warning: the document has no parameter "${showText(name)}"`,
      zh: `警告：文档中没有参数“${showText(name)}”`,
    })),
    ...values.map(([name, value]) => ({
      en: `warning: "${showText(value)}" is no documented value of ${name}`,
      zh: `警告：“${showText(value)}”不是文档中 ${name} 的取值`,
    })),
  ]
}

function isDocumentedValue(name: string, value: string, eventTypes: readonly string[]): boolean {
  if (name === 'event') return true
  const values = name === 'event_type' ? eventTypes : (documentedValues[name] ?? [])
  return value === '' || values.length === 0 || values.some((known) => known.toLowerCase() === value.toLowerCase())
}
