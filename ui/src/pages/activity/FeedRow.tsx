/** One thing that happened: when, what, who, from where, and the ways on from it. */

import { memo } from 'react'

import type { ActivityRow } from '../../api/activity'
import { Icon } from '../../kit/Icon'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Time } from '../../kit/Time'
import { text } from '../../lib/json'
import { ActorLink, actorOf, ErrorLink, PageLink } from '../../parts/Links'
import { SeverityMark, SignalMark } from '../../parts/Marks'
import { Summary } from '../../parts/Summary'
import { ACTIVITY } from './text'

// Many rows stay as they are while new ones come.
export const FeedRow = memo(function FeedRow({ row }: { row: ActivityRow }) {
  const fields = row.fields
  const correlation = text(fields, 'correlation_id')
  const isEntry = row.signal === 'audit_logs'
  return (
    <li className="feed-row">
      <Time value={row.time} timeOnly precision="millisecond" />
      <SignalMark signal={row.signal} />
      <SeverityMark severity={row.severity} />
      <span className="feed-what">
        <WhatLink row={row} correlation={correlation} />
        {isEntry && correlation !== undefined && <RequestLink correlation={correlation} />}
      </span>
      <span className="feed-who">
        {isEntry || actorOf(fields) !== undefined ? <ActorLink row={fields} /> : <SafeText>{text(fields, 'service')}</SafeText>}{' '}
        <SafeText code className="quiet">
          {text(fields, 'ip')}
        </SafeText>
      </span>
    </li>
  )
})

function WhatLink({ row, correlation }: { row: ActivityRow; correlation: string | undefined }) {
  const summary = <Summary row={row} />
  if (row.signal === 'audit_logs' && row.id !== undefined) {
    return (
      <PageLink to={`/audit/${row.id}`} search={{}} className="link feed-summary">
        {summary}
      </PageLink>
    )
  }
  if (row.signal === 'error_events' && text(row.fields, 'issue_id') !== undefined) {
    return (
      <ErrorLink row={{ ...row.fields, event_id: row.id }} className="link feed-summary">
        {summary}
      </ErrorLink>
    )
  }
  return (
    <PageLink
      to="/timeline"
      search={correlation === undefined ? { around: row.time } : { correlation_id: correlation, from: 'now-24h' }}
      className="link feed-summary"
    >
      {summary}
    </PageLink>
  )
}

function RequestLink({ correlation }: { correlation: string }) {
  const texts = useText(ACTIVITY)
  return (
    <PageLink to="/timeline" search={{ correlation_id: correlation, from: 'now-24h' }} className="feed-request link">
      <Icon name="timeline" />
      <span className="visually-hidden">{texts.request}</span>
      <SafeText code>{correlation}</SafeText>
    </PageLink>
  )
}
