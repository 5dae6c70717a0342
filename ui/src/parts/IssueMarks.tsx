/** How an issue stands, whose it is and whether it is new: as a shape and words. */

import type { IssueAssignee, IssueState } from '../api/issues'
import type { IconName } from '../kit/Icon'
import { Icon } from '../kit/Icon'
import { useLanguage, useText } from '../kit/language'
import { SafeText } from '../kit/SafeText'
import { useZone } from '../kit/zone'
import { clock, millis } from '../lib/instant'
import type { Language } from '../lib/language'
import { count } from '../lib/numbers'
import type { Zone } from '../lib/zone'
import { ISSUE_WORK } from './issues-text'

type Words = (typeof ISSUE_WORK)['en']

const SHAPES: Record<string, { icon: IconName; tone: string }> = {
  unresolved: { icon: 'info', tone: 'plain' },
  resolved: { icon: 'check', tone: 'good' },
  ignored: { icon: 'pause', tone: 'plain' },
  regressed: { icon: 'refresh', tone: 'error' },
}

export function StateMark({ state }: { state: IssueState }) {
  const texts = useText(ISSUE_WORK)
  const shape = SHAPES[state.name] ?? { icon: 'help', tone: 'plain' }
  return (
    <span className={`mark tone-${shape.tone}`}>
      <Icon name={shape.icon} />
      {texts.state(state.name)}
    </span>
  )
}

export function NewMark() {
  const texts = useText(ISSUE_WORK)
  return (
    <span className="mark tone-info" title={texts.newHint}>
      <Icon name="plus" />
      {texts.isNew}
    </span>
  )
}

/** Until when or in which release a state holds; nothing for those that hold without more ado. */
export function useTerms(): (state: IssueState) => string | undefined {
  const texts = useText(ISSUE_WORK)
  const language = useLanguage()
  const zone = useZone()
  return (state) => termsOf(state, texts, language, zone)
}

function termsOf(state: IssueState, texts: Words, language: Language, zone: Zone): string | undefined {
  const { name, terms, release = '', until = '' } = state
  const [counted, most] = [count(state.counted ?? 0, language), count(state.count ?? 0, language)]
  if (name === 'regressed') return release === '' ? undefined : texts.cameBackIn(release)
  switch (terms) {
    case 'in_release':
      return texts.inRelease(release)
    case 'next_release':
      return release === '' ? texts.anyNextRelease : texts.nextRelease(release)
    case 'forever':
      return texts.forever
    case 'time':
      return texts.untilTime(clock(millis(until), zone, 'minute'))
    case 'events':
      return texts.untilEvents(counted, most)
    case 'users':
      return texts.untilUsers(counted, most)
    default:
      return undefined
  }
}

export function nameOf({ name, email }: IssueAssignee): string {
  return name === '' ? email : name
}

export function Assignee({ assignee }: { assignee: IssueAssignee | undefined }) {
  const texts = useText(ISSUE_WORK)
  return assignee === undefined ? <span className="quiet">{texts.nobody}</span> : <SafeText>{nameOf(assignee)}</SafeText>
}
