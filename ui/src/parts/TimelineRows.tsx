/** Rows of a timeline: when, which signal, what, and by which key each was joined. */

import type { TimelineRow } from '../api/lists'
import { useText } from '../kit/language'
import { SafeText } from '../kit/SafeText'
import { Time } from '../kit/Time'
import { namedOf } from '../lib/cases'
import { asText, text } from '../lib/json'
import type { Row } from '../lib/json'
import { AddToCase } from './AddToCase'
import { ActorLink, PageLink } from './Links'
import { SeverityMark, SignalMark } from './Marks'
import { PARTS } from './text'
import './timeline.css'

interface Props {
  rows: readonly TimelineRow[]
  /** Key of the open row. */
  open?: string | undefined
  onOpen?: (key: string | undefined) => void
}

export function timelineKey(row: TimelineRow): string {
  return `${row.time} ${row.signal} ${row.id ?? row.summary}`
}

export function TimelineRows({ rows, open, onOpen }: Props) {
  return (
    <ol className="timeline">
      {rows.map((row, at) => {
        const key = timelineKey(row)
        return <TimelineItem key={`${key} ${at}`} row={row} isOpen={open === key} onToggle={() => onOpen?.(open === key ? undefined : key)} />
      })}
    </ol>
  )
}

function TimelineItem({ row, isOpen, onToggle }: { row: TimelineRow; isOpen: boolean; onToggle: () => void }) {
  const texts = useText(PARTS)
  const fields = row.fields
  return (
    <li className={`timeline-item lane-${row.signal}`}>
      <Time value={row.time} precision="millisecond" />
      <SignalMark signal={row.signal} />
      <SeverityMark severity={row.severity} />
      <div className="timeline-what">
        <button type="button" className="timeline-summary" aria-expanded={isOpen} onClick={onToggle}>
          <SafeText>{row.summary}</SafeText>
        </button>
        <Joined row={row} />
      </div>
      <span className="timeline-who">{row.signal === 'audit_logs' || text(fields, 'actor_id') !== undefined ? <ActorLink row={fields} /> : <SafeText>{text(fields, 'service')}</SafeText>}</span>
      {isOpen && (
        <div className="timeline-details">
          {row.signal === 'audit_logs' && row.id !== undefined && (
            <PageLink to={`/audit/${row.id}`} search={{}}>
              {texts.openEntry}
            </PageLink>
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

function Joined({ row }: { row: TimelineRow }) {
  const texts = useText(PARTS)
  const { key, value, certainty } = row.joined_by
  const word = certainty === 'guess' ? texts.guess : certainty === 'request' ? texts.request : texts.asked
  return (
    <span className={certainty === 'guess' ? 'joined guess' : 'joined'} title={value}>
      {texts.joined(key)} · {word}
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
