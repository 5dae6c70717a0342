/** Rows of a timeline: when, which signal, what, and by which key each was joined. */

import { useEffect, useRef } from 'react'

import type { TimelineRow } from '../api/lists'
import { useRowsCursor } from '../kit/Rows'
import { Icon } from '../kit/Icon'
import { useText } from '../kit/language'
import { SafeText } from '../kit/SafeText'
import { Time } from '../kit/Time'
import { namedOf } from '../lib/cases'
import { asText, text } from '../lib/json'
import type { Row } from '../lib/json'
import { AddToCase } from './AddToCase'
import { ActorLink, ErrorLink, PageLink } from './Links'
import { SeverityMark, SignalMark } from './Marks'
import { Summary } from './Summary'
import { PARTS } from './text'
import { useRowsKeys } from './useRowsPage'
import './timeline.css'

interface Props {
  rows: readonly TimelineRow[]
  /** Key of the open row. */
  open: string | undefined
  onOpen: (key: string | undefined) => void
  /** Id of the row whose page this is. */
  here?: string | undefined
}

export function timelineKey(row: TimelineRow): string {
  return `${row.time} ${row.signal} ${row.id ?? row.summary}`
}

export function TimelineRows({ rows, open, onOpen, here }: Props) {
  const list = useRef<HTMLOListElement>(null)
  const cursor = useRowsCursor(rows.length)
  const summary = (at: number) => list.current?.querySelectorAll<HTMLElement>('.timeline-summary').item(at)
  const toggle = (key: string) => onOpen(open === key ? undefined : key)
  useRowsKeys(
    cursor,
    () => {
      const row = rows[cursor.at]
      if (row !== undefined) toggle(timelineKey(row))
    },
    () => onOpen(undefined),
  )
  // The current row is the one with the focus, so Enter opens it.
  useEffect(() => {
    if (cursor.at >= 0) summary(cursor.at)?.focus()
  }, [cursor.at])
  // A row that was chosen elsewhere, as on the lanes or in a link, is brought into sight.
  const openAt = rows.findIndex((row) => timelineKey(row) === open)
  useEffect(() => {
    if (openAt >= 0) summary(openAt)?.scrollIntoView({ block: 'nearest' })
  }, [openAt])
  return (
    <ol ref={list} className="timeline">
      {rows.map((row, at) => {
        const key = timelineKey(row)
        return <TimelineItem key={`${key} ${at}`} row={row} isHere={here !== undefined && row.id === here} isOpen={open === key} onToggle={() => toggle(key)} />
      })}
    </ol>
  )
}

interface ItemProps {
  row: TimelineRow
  isHere: boolean
  isOpen: boolean
  onToggle: () => void
}

function TimelineItem({ row, isHere, isOpen, onToggle }: ItemProps) {
  const texts = useText(PARTS)
  const fields = row.fields
  return (
    <li className={isHere ? `timeline-item lane-${row.signal} here` : `timeline-item lane-${row.signal}`} aria-current={isHere || undefined}>
      <Time value={row.time} precision="millisecond" />
      <SignalMark signal={row.signal} />
      <SeverityMark severity={row.severity} />
      <div className="timeline-what">
        <button type="button" className="timeline-summary" aria-expanded={isOpen} onClick={onToggle}>
          <Summary row={row} />
        </button>
        <Joined row={row} />
        {isHere && <span className="mark tone-info">{texts.here}</span>}
      </div>
      <span className="timeline-who">{row.signal === 'audit_logs' || text(fields, 'actor_id') !== undefined ? <ActorLink row={fields} /> : <SafeText>{text(fields, 'service')}</SafeText>}</span>
      {isOpen && (
        <div className="timeline-details">
          <PageLink to="/timeline" search={{ around: row.signal === 'audit_logs' ? (row.id ?? row.time) : row.time }} className="button plain">
            {texts.aroundIt}
          </PageLink>{' '}
          {row.signal === 'audit_logs' && row.id !== undefined && (
            <PageLink to={`/audit/${row.id}`} search={{}} className="button plain">
              {texts.openEntry}
            </PageLink>
          )}
          {row.signal === 'error_events' && (
            <ErrorLink row={{ ...fields, event_id: row.id }} className="button plain">
              {texts.openError}
            </ErrorLink>
          )}
          <p className="case-actions">
            <AddToCase row={namedOf(row)} />
          </p>
          <Facts row={fields} />
        </div>
      )}
    </li>
  )
}

/** By which key the row came here, and how sure that is. */
function Joined({ row }: { row: TimelineRow }) {
  const texts = useText(PARTS)
  const { key, value, certainty } = row.joined_by
  const isGuess = certainty === 'guess'
  const word = isGuess ? texts.guess : certainty === 'request' ? texts.request : texts.asked
  return (
    <span className={isGuess ? 'joined guess' : 'joined'}>
      {isGuess && <Icon name="help" />}
      {texts.joined(key)}
      {value !== undefined && (
        <>
          {' '}
          <SafeText code>{value}</SafeText>
        </>
      )}{' '}
      · {word}
    </span>
  )
}

/** All fields of a row, by name. Ids of requests lead on. */
export function Facts({ row }: { row: Row }) {
  const linked = ['correlation_id', 'trace_id', 'session_id', 'batch_id']
  return (
    <dl className="facts">
      {Object.entries(row).map(([name, value]) => {
        const shown = asText(value)
        if (shown === undefined) return null
        return (
          <div key={name} className="fact">
            <dt>
              <SafeText code>{name}</SafeText>
            </dt>
            <dd>
              {linked.includes(name) ? (
                <PageLink to="/timeline" search={{ [name]: shown, from: 'now-30d' }}>
                  <SafeText code>{shown}</SafeText>
                </PageLink>
              ) : (
                <SafeText code={name.endsWith('id') || name.endsWith('time')}>{shown}</SafeText>
              )}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
