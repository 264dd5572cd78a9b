import { useEffect, useRef } from 'preact/hooks'
import { signIn, signInProblem } from '../state/session.ts'
import { translate } from '../words.ts'
import { LanguageButton } from './language-button.tsx'

export function SignIn() {
  const field = useRef<HTMLInputElement>(null)
  const title = translate('title')
  useEffect(() => {
    document.title = title
  }, [title])
  const submit = (event: Event) => {
    event.preventDefault()
    signIn(field.current?.value ?? '')
  }
  const problem = signInProblem.value
  return (
    <main id="main" class="sign-in">
      <h1>{title}</h1>
      <form onSubmit={submit}>
        <label for="token">{translate('tokenLabel')}</label>
        <input id="token" ref={field} type="password" autocomplete="off" aria-describedby="token-help token-problem" />
        <p id="token-help" class="quiet">
          {translate('tokenHelp')}
        </p>
        <p id="token-problem" role="alert" class="error">
          {problem !== undefined && translate(problem)}
        </p>
        <button type="submit" class="primary">
          {translate('signIn')}
        </button>
      </form>
      <LanguageButton />
    </main>
  )
}
