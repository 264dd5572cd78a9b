import { InBrackets } from '../elements/in-brackets.tsx'
import { formatClock } from '../format.ts'
import { address, linkToPage } from '../state/address.ts'
import { loadStatus } from '../state/load-status.ts'
import { signOut } from '../state/session.ts'
import { nameForeignZone } from '../time-zone.ts'
import { splitTranslation, type TextKey, translate } from '../words.ts'
import { HealthDot } from './health-dot.tsx'
import { LanguageButton } from './language-button.tsx'

const links: readonly { readonly page: string; readonly text: TextKey }[] = [
  { page: '', text: 'board' },
  { page: 'people', text: 'people' },
  { page: 'recordings', text: 'recordings' },
  { page: 'usage', text: 'usage' },
  { page: 'boxes', text: 'boxes' },
  { page: 'health', text: 'health' },
]

export function Header() {
  return (
    <header>
      <p class="brand">{translate('title')}</p>
      <nav aria-label={translate('navigation')}>
        <ul>
          {links.map(({ page, text }) => (
            <li key={page}>
              <a href={linkToPage(page)} data-page={page} aria-current={isCurrent(page) ? 'page' : undefined}>
                {translate(text)}
                {page === 'health' && <HealthDot />}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <Updated />
      <LanguageButton />
      <button type="button" id="sign-out" onClick={signOut}>
        {translate('signOut')}
      </button>
    </header>
  )
}

function isCurrent(page: string): boolean {
  const { path } = address.value
  return path.length <= 1 && (path[0] ?? '') === page
}

function Updated() {
  const { loadedAt } = loadStatus.value
  const zone = nameForeignZone(loadedAt ?? Date.now())
  return (
    <p class="updated" id="updated">
      {loadedAt === undefined ? translate('loading') : <UpdatedAt time={formatClock(loadedAt)} />}
      {zone !== undefined && (
        <span id="time-zone" title={translate('timeZoneHelp')}>
          <InBrackets>{zone}</InBrackets>
        </span>
      )}
    </p>
  )
}

/** On a narrow screen only the time is shown. */
function UpdatedAt({ time }: { time: string }) {
  return splitTranslation('updated').map((part) =>
    typeof part === 'string' ? (
      <span key={part} class="updated-word">
        {part}
      </span>
    ) : (
      time
    ),
  )
}
