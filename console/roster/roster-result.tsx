import type { ComponentChildren } from 'preact'
import { InBrackets } from '../elements/in-brackets.tsx'
import { UserLink } from '../elements/links.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { translate } from '../words.ts'
import type { Attendee, RosterComparison } from './compare-roster.ts'

/** Who is missing, who cannot be told apart, and who attended besides. */
export function RosterResult({ comparison }: { comparison: RosterComparison }) {
  const { listed, attended, missing, ambiguous, additional } = comparison
  const counts = {
    listed,
    attended: attended.length,
    missing: missing.length,
    additional: additional.length,
  }
  return (
    <>
      <output id="roster-result">{translate('rosterResult', counts)}</output>
      <List id="roster-missing" title={translate('missing')}>
        {missing.map((text, index) => (
          <li key={`${index} ${text}`}>
            <WireText text={text} />
          </li>
        ))}
      </List>
      {ambiguous.length > 0 && (
        <List id="roster-ambiguous" title={translate('ambiguous')}>
          {ambiguous.map(({ text, listed: times, people }) => (
            <li key={text}>
              <WireText text={text} />
              <InBrackets>
                {translate('ambiguousOf', { listed: times })}
                <People people={people} />
              </InBrackets>
            </li>
          ))}
        </List>
      )}
      <List id="roster-additional" title={translate('additional')}>
        {additional.map((person) => (
          <li key={person.user_id}>
            <People people={[person]} />
          </li>
        ))}
      </List>
    </>
  )
}

function List({ id, title, children }: { id: string; title: string; children: readonly ComponentChildren[] }) {
  return (
    <section id={id} aria-label={title}>
      <h3>{title}</h3>
      {children.length === 0 ? <p class="quiet">{translate('none')}</p> : <ul class="names">{children}</ul>}
    </section>
  )
}

function People({ people }: { people: readonly Attendee[] }) {
  return people.map(({ user_id, user_name }, index) => (
    <span key={user_id}>
      {index > 0 && translate('listComma')}
      {user_name !== null && <WireText text={user_name} />} <UserLink id={user_id} />
    </span>
  ))
}
