/** One issue: how often and for whom, one of its events with stack and circumstances, and what happened around it. */

import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useMemo } from 'react'

import { ServerError } from '../../api/client'
import { eventQuery, issueQuery, ISSUES_PRESET } from '../../api/issues'
import type { IssueAnswer } from '../../api/issues'
import { Button } from '../../kit/Button'
import { useText } from '../../kit/language'
import { Loading } from '../../kit/States'
import { asText, isObject, text } from '../../lib/json'
import { one, parseSearch } from '../../lib/search'
import { rangeParameters, useAddress } from '../../parts/address'
import type { Address } from '../../parts/address'
import { Failure } from '../../parts/Failure'
import { PageLink } from '../../parts/Links'
import { Partial } from '../../parts/Partial'
import { RangeBar, useMoment } from '../../parts/RangeBar'
import { Event } from './Event'
import { Head } from './Head'
import { ISSUE } from './text'
import '../../parts/explorer.css'
import './issue.css'

const NOT_FOUND = 404

export default function IssuePage() {
  const texts = useText(ISSUE)
  const id = idOf(useParams({ strict: false })) ?? ''
  const address = useAddress(ISSUES_PRESET)
  const { project, range, zone, search, change } = address
  const { now, move } = useMoment(address)
  const asked = useMemo(() => rangeParameters(range, now, zone), [range, now, zone])
  const issue = useQuery(issueQuery(id, project, asked))
  const list = one(search, 'in')
  return (
    <>
      <div className="explorer-bar issue-bar">
        <PageLink to="/errors" search={list === undefined ? {} : parseSearch(list)} className="button plain">
          {texts.toList}
        </PageLink>
        <RangeBar address={address} onRefresh={move} />
      </div>
      {issue.isPending ? (
        <Loading />
      ) : issue.isError ? (
        <>
          <Failure error={issue.error} onRetry={() => void issue.refetch()} />
          {issue.error instanceof ServerError && issue.error.status === NOT_FOUND && (
            <div className="actions">
              <Button onPress={() => change({ from: 'now-30d', to: undefined })}>{texts.widen}</Button>
            </div>
          )}
        </>
      ) : (
        <Issue found={issue.data} address={address} />
      )}
    </>
  )
}

/** Routes are made from a table, so the router cannot know the names in their paths. */
function idOf(parameters: unknown): string | undefined {
  return isObject(parameters) ? asText(parameters['id']) : undefined
}

function Issue({ found, address }: { found: IssueAnswer; address: Address }) {
  const wanted = one(address.search, 'event')
  const isLatest = wanted === undefined || wanted === text(found.latest, 'event_id')
  return (
    <article className="issue">
      <Partial statistics={found.statistics} />
      <Head found={found} address={address} />
      {isLatest ? <Event event={found.latest} found={found} address={address} /> : <NamedEvent id={wanted} found={found} address={address} />}
    </article>
  )
}

/** An event that the link names. */
function NamedEvent({ id, found, address }: { id: string; found: IssueAnswer; address: Address }) {
  const event = useQuery(eventQuery(id, address.project))
  if (event.isPending) return <Loading />
  if (event.isError) return <Failure error={event.error} onRetry={() => void event.refetch()} />
  return <Event event={event.data} found={found} address={address} />
}
