import { signal } from '@preact/signals'

export type ConsoleLanguage = 'zh' | 'en'

const storageKey = 'northbound-language'

function initialLanguage(): ConsoleLanguage {
  const chosen = sessionStorage.getItem(storageKey)
  if (chosen === 'zh' || chosen === 'en') return chosen
  return /^zh\b/i.test(navigator.language) ? 'zh' : 'en'
}

/** The language of the page. Components that read it are rendered again when it changes. */
export const language = signal<ConsoleLanguage>(initialLanguage())

export function chooseLanguage(chosen: ConsoleLanguage): void {
  language.value = chosen
  sessionStorage.setItem(storageKey, chosen)
}

/** The locale of times and numbers. */
export const currentLocale = () => (language.value === 'zh' ? 'zh-CN' : 'en-GB')
