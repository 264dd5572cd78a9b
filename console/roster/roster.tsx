import { useMemo, useState } from 'preact/hooks'
import type { ApiTimelinePerson } from '../api-types.ts'
import { translate } from '../words.ts'
import { compareRoster } from './compare-roster.ts'
import { decodeRoster, parseRoster } from './parse-roster.ts'
import { RosterResult } from './roster-result.tsx'

const maxFileBytes = 1024 * 1024

/** Compares those who attended with a roster, which does not leave the browser. */
export function Roster({ people }: { people: readonly ApiTimelinePerson[] }) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState('')
  const comparison = useMemo(() => {
    const roster = parseRoster(text)
    return roster.length === 0 ? undefined : compareRoster(roster, people)
  }, [text, people])
  const readFile = async (file: File | undefined) => {
    if (file === undefined) return
    const isTooLarge = file.size > maxFileBytes
    setProblem(isTooLarge ? translate('rosterTooLarge') : '')
    if (!isTooLarge) setText(decodeRoster(new Uint8Array(await file.arrayBuffer())))
  }
  return (
    <details id="roster" class="roster">
      <summary>{translate('roster')}</summary>
      <p class="quiet">{translate('rosterHelp')}</p>
      <div class="tools">
        <label>
          {translate('rosterText')}
          <textarea
            id="roster-text"
            rows={5}
            dir="auto"
            autocomplete="off"
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <label>
          {translate('rosterFile')}
          <input
            type="file"
            id="roster-file"
            accept=".txt,.csv,text/plain,text/csv"
            onChange={({ currentTarget }) => void readFile(currentTarget.files?.[0])}
          />
        </label>
      </div>
      <p role="alert" class="error">
        {problem}
      </p>
      {comparison !== undefined && <RosterResult comparison={comparison} />}
    </details>
  )
}
