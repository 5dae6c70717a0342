/** What an issue is called, and how it is in numbers. */

import { lazy, Suspense, useMemo } from 'react'

import type { IssueAnswer } from '../../api/issues'
import { Copy } from '../../kit/Copy'
import { useLanguage, useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Ago, Time } from '../../kit/Time'
import { count } from '../../lib/numbers'
import { SeverityMark, toneOf } from '../../parts/Marks'
import { ISSUE } from './text'

const Chart = lazy(() => import('../../kit/Chart').then((module) => ({ default: module.Chart })))

export function Head({ found }: { found: IssueAnswer }) {
  const texts = useText(ISSUE)
  const language = useLanguage()
  const { issue } = found
  const facts: [string, React.ReactNode][] = [
    [texts.events, <strong key="events">{count(issue.events, language)}</strong>],
    [texts.users, <strong key="users">{count(issue.users, language)}</strong>],
    [texts.lastSeen, <Seen key="last" at={issue.last_seen} />],
    [texts.firstSeen, <Seen key="first" at={issue.first_seen} />],
    [texts.releases, <SafeText key="releases">{issue.releases.join(', ')}</SafeText>],
    [texts.environments, <SafeText key="environments">{issue.environments.join(', ')}</SafeText>],
    [texts.id, <Copy key="id" value={issue.id} label={texts.id} />],
  ]
  return (
    <header className="issue-head">
      <div>
        <h2 className="issue-name">
          <SafeText>{issue.title === '' ? texts.untitled : issue.title}</SafeText>
        </h2>
        <p className="issue-where">
          <SeverityMark severity={issue.level} /> <SafeText code>{issue.culprit}</SafeText> <SafeText className="quiet">{issue.platform}</SafeText>
        </p>
      </div>
      <div className="issue-counts">
        <dl className="facts card">
          {facts.map(([title, shown]) => (
            <div key={title} className="fact">
              <dt>{title}</dt>
              <dd>{shown}</dd>
            </div>
          ))}
        </dl>
        <Over found={found} />
      </div>
    </header>
  )
}

function Seen({ at }: { at: string }) {
  return (
    <>
      <Ago value={at} /> <span className="quiet">· </span>
      <Time value={at} />
    </>
  )
}

/** Its events over the range. */
function Over({ found }: { found: IssueAnswer }) {
  const texts = useText(ISSUE)
  const { issue, from, bucket_seconds: width } = found
  const { times, series } = useMemo(() => {
    const bucketMs = width * 1000
    const first = Math.floor(Date.parse(from) / bucketMs) * bucketMs
    return {
      times: issue.buckets.map((_, at) => first + at * bucketMs),
      series: [{ name: texts.events, tone: toneOf(issue.level ?? ''), counts: issue.buckets }],
    }
  }, [issue, from, width, texts])
  return (
    <Suspense fallback={<Loading lines={3} />}>
      <Chart label={texts.overTime} times={times} bucketMs={width * 1000} series={series} />
    </Suspense>
  )
}
