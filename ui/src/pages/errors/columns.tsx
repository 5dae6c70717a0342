/** What stands in the line of an issue. */

import { createContext, use, useMemo } from 'react'

import type { IssueSummary } from '../../api/issues'
import { useLanguage, useText } from '../../kit/language'
import type { RowsColumn } from '../../kit/Rows'
import { SafeText } from '../../kit/SafeText'
import { Sparkline } from '../../kit/Sparkline'
import { Ago } from '../../kit/Time'
import { count, shortCount } from '../../lib/numbers'
import { visibleText } from '../../lib/visible'
import { Assignee, NewMark, StateMark, useTerms } from '../../parts/IssueMarks'
import { SeverityMark, toneOf } from '../../parts/Marks'
import { ERRORS } from './text'

/** Two lines: title, and where it broke. */
export const ROW_PX = 58
/** Below this width the table scrolls sideways within itself. */
export const TABLE_PX = 780

/** Which issues are selected, told to the boxes past the lines, which are not drawn anew for it. */
export interface Selection {
  has: (id: string) => boolean
  toggle: (id: string) => void
}

export const SelectionContext = createContext<Selection | undefined>(undefined)

export function useIssueColumns(selectable: boolean): readonly RowsColumn<IssueSummary>[] {
  const texts = useText(ERRORS)
  return useMemo(
    () => [
      ...(selectable ? [{ id: 'mark', title: '', width: '24px', fixed: true, cell: (issue: IssueSummary) => <Mark issue={issue} /> }] : []),
      { id: 'issue', title: texts.issue, width: 'minmax(160px, 1fr)', cell: (issue) => <Title issue={issue} /> },
      { id: 'level', title: texts.level, width: '76px', cell: ({ level }) => <SeverityMark severity={level} /> },
      { id: 'graph', title: texts.graph, width: '64px', cell: (issue) => <Graph issue={issue} /> },
      { id: 'events', title: texts.events, width: '56px', cell: ({ events }) => <Count value={events} /> },
      { id: 'users', title: texts.users, width: '60px', cell: ({ users }) => <Count value={users} /> },
      { id: 'state', title: texts.state, width: '140px', cell: (issue) => <State issue={issue} /> },
      { id: 'seen', title: texts.seen, width: '112px', cell: (issue) => <Seen issue={issue} /> },
    ],
    [texts, selectable],
  )
}

function Mark({ issue: { id, title } }: { issue: IssueSummary }) {
  const texts = useText(ERRORS)
  const selection = use(SelectionContext)
  return (
    <label className="issue-mark">
      <input type="checkbox" aria-label={texts.select(visibleText(title === '' ? texts.untitled : title))} checked={selection?.has(id) ?? false} onChange={() => selection?.toggle(id)} />
    </label>
  )
}

function State({ issue }: { issue: IssueSummary }) {
  const terms = useTerms()(issue.state)
  return (
    <div className="issue-line">
      <StateMark state={issue.state} /> {issue.new && <NewMark />}
      <p className="issue-culprit">
        <Assignee assignee={issue.assignee} />
        {terms !== undefined && ' · '}
        <SafeText>{terms}</SafeText>
      </p>
    </div>
  )
}

function Title({ issue }: { issue: IssueSummary }) {
  const texts = useText(ERRORS)
  const { title, culprit, releases, environments } = issue
  const beside = [...environments, ...(releases.length === 1 ? releases : [])]
  return (
    <div className="issue-line">
      <p className="issue-title">
        <SafeText>{title === '' ? texts.untitled : title}</SafeText>
      </p>
      <p className="issue-culprit">
        {culprit !== undefined && <SafeText code>{culprit}</SafeText>}
        {beside.map((one, at) => (
          <span key={one}>
            {(at > 0 || culprit !== undefined) && ' · '}
            <SafeText>{one}</SafeText>
          </span>
        ))}
      </p>
    </div>
  )
}

function Seen({ issue }: { issue: IssueSummary }) {
  const texts = useText(ERRORS)
  return (
    <div className="issue-line">
      <Ago value={issue.last_seen} />
      <p className="issue-culprit">
        {texts.since} <Ago value={issue.first_seen} />
      </p>
    </div>
  )
}

function Graph({ issue: { buckets, level } }: { issue: IssueSummary }) {
  const texts = useText(ERRORS)
  return <Sparkline counts={buckets} tone={toneOf(level ?? '')} label={texts.perBucket(buckets.join(', '))} />
}

function Count({ value }: { value: number }) {
  const language = useLanguage()
  return (
    <span className="issue-count" title={count(value, language)}>
      {shortCount(value, language)}
    </span>
  )
}
