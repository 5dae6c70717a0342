/** What an issue is called, and how it is in numbers. */

import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useMemo } from 'react'

import type { IssueAnswer } from '../../api/issues'
import { Copy } from '../../kit/Copy'
import { useLanguage, useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Ago, Time } from '../../kit/Time'
import { count } from '../../lib/numbers'
import { one, parseSearch, patched } from '../../lib/search'
import type { Address } from '../../parts/address'
import { IssueActs } from '../../parts/IssueActs'
import { Assignee, NewMark, StateMark, useTerms } from '../../parts/IssueMarks'
import { SeverityMark, toneOf } from '../../parts/Marks'
import { ISSUE } from './text'
import { WORK } from './work-text'

const Chart = lazy(() => import('../../kit/Chart').then((module) => ({ default: module.Chart })))

export function Head({ found, address }: { found: IssueAnswer; address: Address }) {
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
        <Standing found={found} />
      </div>
      <Acts found={found} address={address} />
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

function Standing({ found: { issue } }: { found: IssueAnswer }) {
  const texts = useText(WORK)
  const terms = useTerms()(issue.state)
  return (
    <p className="issue-standing">
      <StateMark state={issue.state} />
      {terms !== undefined && <SafeText>{terms}</SafeText>}
      {issue.new && <NewMark />}
      <span>
        {texts.assignee}: <Assignee assignee={issue.assignee} />
      </span>
    </p>
  )
}

function Acts({ found, address: { project, search } }: { found: IssueAnswer; address: Address }) {
  const navigate = useNavigate()
  const issues = useMemo(() => [found.issue], [found.issue])
  const list = one(search, 'in')
  const own = { project: search['project'], zone: search['zone'] }
  const toList = () => void navigate({ to: '/errors', search: patched(list === undefined ? {} : parseSearch(list), own) } as never)
  return <IssueActs issues={issues} project={project} onDeleted={toList} />
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
