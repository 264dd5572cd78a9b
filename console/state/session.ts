import { signal } from '@preact/signals'
import { forgetBodies } from '../conditional-get.ts'
import { type ConsoleLanguage, chooseLanguage, language } from '../language.ts'
import { forgetUserName } from '../people/user-names.ts'
import { forgetRoomNames } from '../rooms/room-names.ts'
import { forgetTimeZone } from '../time-zone.ts'
import type { TextKey } from '../words.ts'
import { goTo } from './address.ts'
import { forgetData } from './data-cache.ts'
import { forgetScroll } from './scroll.ts'
import { clearToken, isPossibleToken, storeToken, token } from './token.ts'

type TabMessage =
  | { readonly kind: 'token-wanted' }
  | { readonly kind: 'token'; readonly token: string; readonly language: ConsoleLanguage }
  | { readonly kind: 'signed-out' }

const answerTimeoutMs = 300

/** The other tabs of the console in this browser. */
const tabs = new BroadcastChannel('northbound')

/** Why the user is signed out, as shown in the sign-in form. */
export const signInProblem = signal<TextKey | undefined>(undefined)

/** Whether the tab waits for another tab to give it the token. */
export const isAskingTabs = signal(false)

/** Whether the API has accepted the token of this tab. */
let isAccepted = token.value !== null

/** Answers tabs that ask for the token, and asks for it if this tab has none. */
export function joinTabs(): void {
  tabs.onmessage = ({ data }: MessageEvent<TabMessage>) => receive(data)
  if (token.value !== null) return
  isAskingTabs.value = true
  send({ kind: 'token-wanted' })
  setTimeout(() => {
    isAskingTabs.value = false
  }, answerTimeoutMs)
}

function receive(message: TabMessage): void {
  if (message.kind === 'token-wanted' && token.value !== null && isAccepted)
    send({ kind: 'token', token: token.value, language: language.value })
  if (message.kind === 'token' && token.value === null) {
    isAskingTabs.value = false
    isAccepted = true
    signInProblem.value = undefined
    chooseLanguage(message.language)
    storeToken(message.token)
  }
  if (message.kind === 'signed-out') {
    if (token.value !== null) signInProblem.value = 'signedOutElsewhere'
    forgetEverything()
  }
}

const send = (message: TabMessage) => tabs.postMessage(message)

export function signIn(text: string): void {
  const typed = text.trim()
  if (!isPossibleToken(typed)) {
    signInProblem.value = typed === '' ? 'tokenEmpty' : 'tokenWrong'
    return
  }
  isAccepted = false
  signInProblem.value = undefined
  storeToken(typed)
}

/** Signs out in every tab. */
export function signOut(): void {
  send({ kind: 'signed-out' })
  signInProblem.value = undefined
  forgetEverything()
  goTo('#/')
}

/** Notes that the API has accepted the token. */
export function acceptToken(): void {
  isAccepted = true
}

/** Asks for the token again, because the API refused this one. The address stays, so the user returns to the same page. */
export function expireToken(): void {
  signInProblem.value = isAccepted ? 'sessionExpired' : 'tokenWrong'
  forgetEverything()
}

function forgetEverything(): void {
  clearToken()
  forgetBodies()
  forgetData()
  forgetScroll()
  forgetRoomNames()
  forgetUserName()
  forgetTimeZone()
  isAccepted = false
}
