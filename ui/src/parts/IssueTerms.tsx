/** Asks for what a state needs: the release of a resolution, or until when an issue is ignored. */

import { useState } from 'react'

import type { IssueSummary, SetIssueState } from '../api/issues'
import { Button } from '../kit/Button'
import { Dialog } from '../kit/Dialog'
import { TextField } from '../kit/Fields'
import { useText } from '../kit/language'
import { useZone } from '../kit/zone'
import { rfc3339 } from '../lib/instant'
import { resolveInstant } from '../lib/range'
import { visibleText } from '../lib/visible'
import type { Zone } from '../lib/zone'
import { ISSUE_WORK } from './issues-text'
import { Refusal } from './Refusal'

export type Asked = 'release' | 'until' | 'events' | 'users'

interface Props {
  asked: Asked
  issues: readonly IssueSummary[]
  error: unknown
  isPending: boolean
  onState: (state: SetIssueState) => void
  onClose: () => void
}

const RELEASES_SHOWN = 5

export function TermsDialog({ asked, issues, error, isPending, onState, onClose }: Props) {
  const texts = useText(ISSUE_WORK)
  const zone = useZone()
  const [typed, setTyped] = useState('')
  const [isWrong, setWrong] = useState(false)
  const seen = [...new Set(issues.flatMap(({ releases }) => releases))].slice(-RELEASES_SHOWN)
  const said = {
    release: { label: texts.release, hint: [texts.releaseHint, ...(seen.length === 0 ? [] : [texts.releasesSeen(visibleText(seen.join(', ')))])].join(' '), bad: '' },
    until: { label: texts.until, hint: texts.untilHint, bad: texts.untilBad },
    events: { label: texts.events, hint: texts.eventsHint, bad: texts.countBad },
    users: { label: texts.users, hint: texts.usersHint, bad: texts.countBad },
  }[asked]
  const title = asked === 'release' ? texts.resolve : texts.ignore
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <form
        className="issue-form"
        onSubmit={(event) => {
          event.preventDefault()
          const state = stateOf(asked, typed.trim(), zone)
          setWrong(state === undefined)
          if (state !== undefined) onState(state)
        }}
      >
        <TextField label={said.label} value={typed} onChange={setTyped} description={said.hint} error={isWrong ? said.bad : undefined} code autoFocus />
        <Refusal error={error} />
        <div className="issue-acts">
          <Button type="submit" kind="primary" isPending={isPending}>
            {title}
          </Button>
          <Button onPress={onClose}>{texts.cancel}</Button>
        </div>
      </form>
    </Dialog>
  )
}

/** What was typed as a state; undefined if it is none. */
function stateOf(asked: Asked, typed: string, zone: Zone): SetIssueState | undefined {
  const now = Date.now()
  switch (asked) {
    case 'release':
      return { name: 'resolved', terms: 'in_release', ...(typed === '' ? {} : { release: typed }) }
    case 'until': {
      const at = resolveInstant(typed, now, zone)
      return at === undefined || at <= now ? undefined : { name: 'ignored', terms: 'time', until: rfc3339(at) }
    }
    case 'events':
    case 'users':
      return /^[1-9]\d{0,9}$/.test(typed) ? { name: 'ignored', terms: asked, count: Number(typed) } : undefined
  }
}
