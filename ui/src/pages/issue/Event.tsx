/** One event of an issue: who met it and where, the stack, its circumstances, and beside them what happened. */

import { useQuery } from '@tanstack/react-query'

import type { IssueAnswer } from '../../api/issues'
import { issueFeedbackQuery } from '../../api/issues'
import { filesQuery } from '../../api/lists'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Tabs } from '../../kit/Tabs'
import { Time } from '../../kit/Time'
import { useTellActorZone } from '../../kit/zone'
import { namedRow } from '../../lib/cases'
import type { Row } from '../../lib/json'
import { text } from '../../lib/json'
import { one } from '../../lib/search'
import { exceptionsOf, listOf } from '../../lib/stack'
import { zoneTold } from '../../lib/zone'
import { AddToCase } from '../../parts/AddToCase'
import type { Address } from '../../parts/address'
import { ActorLink, PageLink } from '../../parts/Links'
import { Breadcrumbs } from './Breadcrumbs'
import { Comments } from './Comments'
import { Grouping, Raw, Request, Surroundings, Tags } from './Details'
import { Feedback } from './Feedback'
import { Files } from './Files'
import { Happened } from './Happened'
import { History } from './History'
import { Navigator } from './Navigator'
import { Stack } from './Stack'
import { ISSUE } from './text'
import { Together } from './Together'
import { WORK } from './work-text'

interface Props {
  event: Row
  found: IssueAnswer
  address: Address
}

export function Event({ event, found, address }: Props) {
  useTellActorZone(zoneTold(event))
  const texts = useText(ISSUE)
  const work = useText(WORK)
  const { search, change, project } = address
  const key = text(event, 'event_id')
  const issue = found.issue.id
  const files = useQuery({ ...filesQuery(key ?? '', project), enabled: key !== undefined })
  const feedback = useQuery(issueFeedbackQuery(issue, project))
  return (
    <div className="issue-event">
      <div className="issue-main">
        <Navigator event={event} issue={issue} range={found} address={address} />
        <EventFacts event={event} />
        <Stack key={key} exceptions={exceptionsOf(event)} />
        <Tabs
          label={texts.parts}
          chosen={one(search, 'tab') ?? 'breadcrumbs'}
          onChoose={(tab) => change({ tab: tab === 'breadcrumbs' ? undefined : tab }, 'replace')}
          tabs={[
            { id: 'breadcrumbs', label: texts.breadcrumbs, content: () => <Breadcrumbs key={key} crumbs={listOf(event['breadcrumbs'])} /> },
            { id: 'request', label: texts.request, content: () => <Request event={event} /> },
            { id: 'surroundings', label: texts.surroundings, content: () => <Surroundings event={event} /> },
            { id: 'tags', label: texts.tags, content: () => <Tags event={event} found={found} range={{ from: search['from'], to: search['to'] }} /> },
            { id: 'files', label: texts.files(files.data?.rows.length ?? 0), content: () => <Files files={files} project={project} /> },
            { id: 'feedback', label: texts.feedback(feedback.data?.feedback.length ?? 0), content: () => <Feedback feedback={feedback} event={key} address={address} issue={issue} /> },
            { id: 'grouping', label: texts.grouping, content: () => <Grouping found={found} /> },
            { id: 'raw', label: texts.raw, content: () => <Raw event={event} /> },
            { id: 'comments', label: work.comments, content: () => <Comments key={issue} issue={issue} project={project} /> },
            { id: 'history', label: work.history, content: () => <History issue={issue} project={project} /> },
            { id: 'together', label: work.together, content: () => <Together found={found} address={address} /> },
          ]}
        />
      </div>
      <Happened event={event} address={address} />
    </div>
  )
}

function EventFacts({ event }: { event: Row }) {
  const texts = useText(ISSUE)
  const request = [text(event, 'request_method'), text(event, 'request_path')].filter((part) => part !== undefined).join(' ')
  const facts: [string, React.ReactNode][] = [
    [texts.when, <Time key="when" value={text(event, 'time') ?? ''} precision="millisecond" withZone />],
    [texts.who, <ActorLink key="who" row={event} />],
    [texts.address, code(event, 'ip')],
    [texts.asked, request === '' ? null : <SafeText key="request" code>{request}</SafeText>],
    [texts.transaction, code(event, 'transaction')],
    [texts.release, code(event, 'release')],
    [texts.environment, code(event, 'environment')],
    [texts.host, code(event, 'host')],
    [texts.message, text(event, 'type') === undefined && exceptionsOf(event).length === 0 ? <SafeText key="message">{text(event, 'title')}</SafeText> : null],
  ]
  const correlation = text(event, 'correlation_id')
  return (
    <>
      <dl className="facts card">
        {facts.map(([title, shown]) =>
          shown === null ? null : (
            <div key={title} className="fact">
              <dt>{title}</dt>
              <dd>{shown}</dd>
            </div>
          ),
        )}
      </dl>
      <p className="issue-links">
        <AddToCase row={namedRow('error_events', { ...event, id: event['event_id'] })} />
        {correlation !== undefined && (
          <PageLink to="/logs" search={{ correlation_id: correlation, from: 'now-30d' }} className="button plain">
            {texts.logsOfRequest}
          </PageLink>
        )}
      </p>
    </>
  )
}

function code(event: Row, name: string): React.ReactNode {
  const value = text(event, name)
  return value === undefined ? null : <SafeText code>{value}</SafeText>
}
