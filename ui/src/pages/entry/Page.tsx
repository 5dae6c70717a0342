/** One audit entry: a sentence first, then who, what, when, where and why, what changed, and how to follow it. */

import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'

import { entryQuery } from '../../api/lists'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Tabs } from '../../kit/Tabs'
import { Time } from '../../kit/Time'
import { useTellActorZone } from '../../kit/zone'
import { namedRow } from '../../lib/cases'
import { changesOf } from '../../lib/changes'
import { duration } from '../../lib/instant'
import type { Row } from '../../lib/json'
import { asText, isObject, number, text } from '../../lib/json'
import { one } from '../../lib/search'
import { zoneName, zoneTold } from '../../lib/zone'
import { AddToCase } from '../../parts/AddToCase'
import { useAddress } from '../../parts/address'
import { DiffView } from '../../parts/DiffView'
import { Failure } from '../../parts/Failure'
import { ActorLink, PageLink, TargetLink } from '../../parts/Links'
import { OutcomeMark, SeverityMark } from '../../parts/Marks'
import { Sentence } from '../../parts/Summary'
import { Neighbours } from './Neighbours'
import { ErrorsOfRequest } from './Errors'
import { History, Proof, Raw, Surroundings } from './Panels'
import { ENTRY } from './text'
import '../../parts/explorer.css'
import './entry.css'

export default function EntryPage() {
  const id = idOf(useParams({ strict: false }))
  const { project } = useAddress()
  const entry = useQuery(entryQuery(id ?? '', project))
  if (entry.isPending) return <Loading />
  if (entry.isError) return <Failure error={entry.error} onRetry={() => void entry.refetch()} />
  const row = entry.data.rows[0]
  if (row === undefined) return null
  return <Entry row={row} states={entry.data.rows} sentence={entry.data.sentence} />
}

/** Routes are made from a table, so the router cannot know the names in their paths. */
function idOf(parameters: unknown): string | undefined {
  return isObject(parameters) ? asText(parameters['id']) : undefined
}

function Entry({ row, states, sentence }: { row: Row; states: Row[]; sentence: string | undefined }) {
  useTellActorZone(zoneTold(row))
  const texts = useText(ENTRY)
  const address = useAddress()
  const { search, change } = address
  const state = text(row, 'state')
  return (
    <article className="entry">
      <Neighbours row={row} address={address} />
      <h2 className="entry-sentence">
        <Sentence row={row} english={sentence ?? text(row, 'action')} />
      </h2>
      {state === 'intent' && <p className="mark tone-warning">{texts.intended}</p>}
      {states.length > 1 && <p className="quiet">{texts.steps(states.length)}</p>}
      <EntryFacts row={row} />
      <RequestLinks row={row} />
      <ErrorsOfRequest row={row} />
      <Tabs
        label={texts.tabs}
        chosen={one(search, 'tab') ?? 'changes'}
        onChoose={(tab) => change({ tab: tab === 'changes' ? undefined : tab }, 'replace')}
        tabs={[
          { id: 'changes', label: texts.changes, content: () => <DiffView changes={changesOf(row['changes'])} /> },
          { id: 'timeline', label: texts.timeline, content: () => <Surroundings row={row} /> },
          { id: 'history', label: texts.history, content: () => <History row={row} /> },
          { id: 'raw', label: texts.raw, content: () => <Raw rows={states} /> },
          { id: 'proof', label: texts.proof, content: () => <Proof row={row} /> },
        ]}
      />
    </article>
  )
}

function EntryFacts({ row }: { row: Row }) {
  const texts = useText(ENTRY)
  const took = number(row, 'duration_ns')
  const request = [text(row, 'request_method'), text(row, 'request_path'), text(row, 'request_status')].filter((part) => part !== undefined).join(' ')
  const facts: [string, React.ReactNode][] = [
    [texts.who, <ActorLink key="who" row={row} />],
    [texts.what, <SafeText key="what">{text(row, 'action')}</SafeText>],
    [texts.target, <TargetLink key="target" row={row} />],
    [texts.when, <When key="when" row={row} />],
    [texts.where, <SafeText key="where">{[text(row, 'ip'), text(row, 'user_agent')].filter((part) => part !== undefined).join(' · ')}</SafeText>],
    [texts.why, <SafeText key="why">{text(row, 'reason')}</SafeText>],
    [
      texts.result,
      <span key="result" className="entry-result">
        <OutcomeMark outcome={text(row, 'outcome')} /> <SeverityMark severity={text(row, 'severity')} />
      </span>,
    ],
    [texts.request, request === '' ? null : <SafeText key="request" code>{request}</SafeText>],
    [texts.service, text(row, 'service') === undefined ? null : <SafeText key="service">{text(row, 'service')}</SafeText>],
    [texts.error, text(row, 'error_message') === undefined ? null : <SafeText key="error">{text(row, 'error_message')}</SafeText>],
    [texts.duration, took === undefined ? null : <bdi key="took" dir="ltr">{duration(took)}</bdi>],
  ]
  return (
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
  )
}

/** In the zone of the screen, and in the actor's where it is known and another. */
function When({ row }: { row: Row }) {
  const texts = useText(ENTRY)
  const { zone, change } = useAddress()
  const time = text(row, 'time') ?? ''
  const theirs = zoneTold(row)
  return (
    <>
      <Time value={time} precision="millisecond" withZone />
      {theirs !== undefined && zoneName(theirs) !== zoneName(zone) && (
        <span className="entry-theirs">
          <Time value={time} precision="second" withZone zone={theirs} />{' '}
          <button type="button" className="link" onClick={() => change({ zone: theirs }, 'replace')}>
            {texts.inTheirZone(theirs)}
          </button>
        </span>
      )}
    </>
  )
}

function RequestLinks({ row }: { row: Row }) {
  const texts = useText(ENTRY)
  const correlation = text(row, 'correlation_id')
  return (
    <p className="entry-links">
      <AddToCase row={namedRow('audit_logs', row)} />
      {correlation !== undefined && (
        <>
          <PageLink to="/logs" search={{ correlation_id: correlation, from: 'now-30d' }} className="button plain">
            {texts.logsOfRequest}
          </PageLink>
          <PageLink to="/timeline" search={{ correlation_id: correlation, from: 'now-30d' }} className="button plain">
            {texts.everythingOfRequest}
          </PageLink>
        </>
      )}
    </p>
  )
}
