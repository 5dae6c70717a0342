/** What stands in the line of an issue. */

import { useMemo } from 'react'

import type { IssueSummary } from '../../api/issues'
import { useLanguage, useText } from '../../kit/language'
import type { RowsColumn } from '../../kit/Rows'
import { SafeText } from '../../kit/SafeText'
import { Sparkline } from '../../kit/Sparkline'
import { Ago } from '../../kit/Time'
import { count, shortCount } from '../../lib/numbers'
import { SeverityMark, toneOf } from '../../parts/Marks'
import { ERRORS } from './text'

/** Two lines: title, and where it broke. */
export const ROW_PX = 58
/** Below this width the table scrolls sideways within itself. */
export const TABLE_PX = 780

export function useIssueColumns(): readonly RowsColumn<IssueSummary>[] {
  const texts = useText(ERRORS)
  return useMemo(
    () => [
      { id: 'issue', title: texts.issue, width: 'minmax(260px, 1fr)', cell: (issue) => <Title issue={issue} /> },
      { id: 'level', title: texts.level, width: '86px', cell: ({ level }) => <SeverityMark severity={level} /> },
      { id: 'graph', title: texts.graph, width: '100px', cell: (issue) => <Graph issue={issue} /> },
      { id: 'events', title: texts.events, width: '64px', cell: ({ events }) => <Count value={events} /> },
      { id: 'users', title: texts.users, width: '76px', cell: ({ users }) => <Count value={users} /> },
      { id: 'seen', title: texts.seen, width: '140px', cell: (issue) => <Seen issue={issue} /> },
    ],
    [texts],
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
