import { useEffect } from 'preact/hooks'
import { findPage } from '../pages/find-page.tsx'
import { address } from '../state/address.ts'
import { followHealth } from '../state/health.ts'
import { isAskingTabs } from '../state/session.ts'
import { token } from '../state/token.ts'
import { translate } from '../words.ts'
import { Header } from './header.tsx'
import { Problem } from './problem.tsx'
import { SignIn } from './sign-in.tsx'
import { Warnings } from './warnings.tsx'

export function Console() {
  if (token.value !== null) return <SignedIn key={token.value} />
  return isAskingTabs.value ? <AskingTabs /> : <SignIn />
}

/** Shown for a moment, until the other tabs have had time to give this one the token. */
function AskingTabs() {
  return (
    <main id="main" class="sign-in">
      <h1>{translate('title')}</h1>
      <p class="quiet">{translate('loading')}</p>
    </main>
  )
}

function SignedIn() {
  useEffect(followHealth, [])
  const { title, key, page } = findPage(address.value)
  useTitle(title)
  useFocusOnNavigation(key)
  return (
    <>
      <button type="button" class="skip" onClick={focusContent}>
        {translate('skip')}
      </button>
      <Header />
      <main id="main" tabIndex={-1}>
        <Problem />
        <Warnings />
        {page}
      </main>
    </>
  )
}

function focusContent(): void {
  document.querySelector('main')?.focus({ preventScroll: true })
}

function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${translate('title')}`
  }, [title])
}

/** Moves the focus to the content of a new page, so that the keyboard and screen readers begin there. */
function useFocusOnNavigation(key: string): void {
  useEffect(focusContent, [key])
}
