import type { WarningCode } from './api-types.ts'
import { type Child, h } from './dom.ts'
import { warningList } from './warnings.ts'
import { currentLanguage, formatClock, type TextKey, translate } from './words.ts'

export type DisplayedProblem = 'connectionLost' | 'stale' | { readonly message: string }

export type LayoutState = {
  /** The navigation link to mark as current. */
  readonly currentPath: string | undefined
  /** ms since 1970; undefined until data has been loaded. */
  readonly loadedAt: number | undefined
  readonly problem: DisplayedProblem | undefined
  readonly warnings: readonly WarningCode[]
  /** The rendered page; undefined until its data has been loaded. */
  readonly content: readonly Child[] | undefined
}

const navigation: readonly (readonly [path: string, text: TextKey])[] = [
  ['#/', 'board'],
  ['#/recordings', 'recordings'],
  ['#/boxes', 'boxes'],
  ['#/ingestion', 'ingestion'],
]

export const navigationPaths = navigation.map(([path]) => path)

export function layout(state: LayoutState): HTMLElement[] {
  return [
    h('a', { href: '#main', class: 'skip', 'data-action': 'skip' }, translate('skip')),
    header(state),
    main(state),
  ]
}

function header({ currentPath, loadedAt }: LayoutState): HTMLElement {
  const links = navigation.map(([path, text]) =>
    h('li', {}, h('a', { href: path, 'aria-current': path === currentPath ? 'page' : undefined }, translate(text))),
  )
  return h(
    'header',
    {},
    h('p', { class: 'brand' }, translate('title')),
    h('nav', { 'aria-label': translate('navigation') }, h('ul', {}, ...links)),
    h(
      'p',
      { class: 'updated', id: 'updated' },
      loadedAt === undefined ? translate('loading') : `${translate('updated')} ${formatClock(loadedAt)}`,
    ),
    languageButton(),
    h('button', { type: 'button', 'data-action': 'sign-out' }, translate('signOut')),
  )
}

function main(state: LayoutState): HTMLElement {
  const { problem, warnings, content } = state
  const placeholder = h('p', { class: 'quiet' }, problem === undefined ? translate('loading') : '')
  return h(
    'main',
    { id: 'main', tabindex: -1 },
    // The alert element is always present: screen readers announce only changes to an existing one.
    h('div', { id: 'problem', role: 'alert', class: problem === undefined ? '' : 'problem' }, problemText(state)),
    h(
      'div',
      { id: 'warnings', role: 'status', class: warnings.length === 0 ? '' : 'warnings' },
      warnings.length > 0 && warningList(warnings),
    ),
    ...(content ?? [placeholder]),
  )
}

function problemText({ problem, loadedAt }: LayoutState): string {
  if (problem === undefined) return ''
  if (typeof problem === 'object') return problem.message
  return loadedAt === undefined
    ? translate('connectionLostBeforeData')
    : `${translate(problem)} ${formatClock(loadedAt)}`
}

function languageButton(): HTMLElement {
  return h(
    'button',
    { type: 'button', 'data-action': 'language', lang: currentLanguage() === 'zh' ? 'en' : 'zh-CN' },
    translate('language'),
  )
}

/** @param message why the last attempt failed. */
export function signInForm(message = ''): HTMLElement {
  const tokenField = {
    id: 'token',
    type: 'password',
    autocomplete: 'off',
    'aria-describedby': 'token-help token-problem',
  }
  return h(
    'main',
    { id: 'main', class: 'sign-in', 'data-key': 'sign-in' },
    h('h1', {}, translate('title')),
    h(
      'form',
      { 'data-action': 'sign-in' },
      h('label', { for: 'token' }, translate('tokenLabel')),
      h('input', tokenField),
      h('p', { id: 'token-help', class: 'quiet' }, translate('tokenHelp')),
      h('p', { id: 'token-problem', role: 'alert', class: 'error' }, message),
      h('button', { type: 'submit', class: 'primary' }, translate('signIn')),
    ),
    languageButton(),
  )
}
