/** One row of a case as it was found; opened, all that is kept of it, and the ways to where it came from. */

import { useQuery } from '@tanstack/react-query'

import { caseItemQuery } from '../../api/cases'
import type { CaseItem, CaseRow, CaseView } from '../../api/cases'
import { entryQuery, stillThereQuery } from '../../api/lists'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Time } from '../../kit/Time'
import { keptFields } from '../../lib/cases'
import { changesOf } from '../../lib/changes'
import { millis, rfc3339 } from '../../lib/instant'
import { one } from '../../lib/search'
import { useAddress } from '../../parts/address'
import { DiffView } from '../../parts/DiffView'
import { Failure } from '../../parts/Failure'
import { PageLink } from '../../parts/Links'
import { SeverityMark, SignalMark } from '../../parts/Marks'
import { Summary } from '../../parts/Summary'
import { Facts } from '../../parts/TimelineRows'
import { Note } from './Notes'
import { CASE } from './text'

interface Props {
  view: CaseView
  item: CaseItem
  row: CaseRow
  locked: string | undefined
}

export function RowItem({ view, item, row, locked }: Props) {
  const texts = useText(CASE)
  const { search, change } = useAddress()
  const isOpen = one(search, 'open') === String(item.number)
  return (
    <li className={`timeline-item lane-${row.signal}`}>
      <Time value={row.time} precision="millisecond" withZone />
      <SignalMark signal={row.signal} />
      <SeverityMark severity={row.severity} />
      <div className="timeline-what">
        <button
          type="button"
          className="timeline-summary"
          aria-expanded={isOpen}
          onClick={() => change({ open: isOpen ? undefined : String(item.number) }, 'replace')}
        >
          <Summary row={{ signal: row.signal, summary: row.summary, fields: row.told }} />
        </button>
        <Note view={view} item={item} locked={locked} />
      </div>
      <span className="timeline-who">
        {row.project !== view.project && (
          <>
            {texts.project} <SafeText code>{row.project}</SafeText>
          </>
        )}
      </span>
      {isOpen && (
        <div className="timeline-details" role="group" aria-label={texts.kept}>
          <Ways row={row} />
          <Kept id={view.id} item={item} />
        </div>
      )}
    </li>
  )
}

function Kept({ id, item }: { id: string; item: CaseItem }) {
  const texts = useText(CASE)
  const whole = useQuery(caseItemQuery(id, item.number))
  if (whole.isPending) return <Loading lines={3} />
  if (whole.isError) return <Failure error={whole.error} onRetry={() => void whole.refetch()} />
  const { fields, left_out: leftOut = [] } = whole.data.row ?? {}
  const changes = changesOf(fields?.['changes'])
  return (
    <>
      {changes.length > 0 && <DiffView changes={changes} />}
      <Facts row={keptFields(fields)} />
      {leftOut.length > 0 && (
        <p className="quiet">
          {texts.leftOut} <SafeText code>{leftOut.join(', ')}</SafeText>
        </p>
      )}
    </>
  )
}

/** Where the row came from, as long as it is there. */
function Ways({ row }: { row: CaseRow }) {
  const texts = useText(CASE)
  return (
    <p className="case-actions">
      {row.signal === 'audit_logs' && row.id !== undefined && <EntryWay id={row.id} project={row.project} />}
      {row.signal === 'logs' && <LineWay row={row} />}
      <PageLink to="/timeline" search={{ around: row.time, project: row.project }} className="button plain">
        {texts.toTimeline}
      </PageLink>
    </p>
  )
}

function EntryWay({ id, project }: { id: string; project: string }) {
  const texts = useText(CASE)
  const entry = useQuery(entryQuery(id, project))
  if (entry.isPending) return null
  if (entry.isError) return <span className="quiet">{texts.goneSince}</span>
  return (
    <PageLink to={`/audit/${id}`} search={{ project }} className="button plain">
      {texts.toEntry}
    </PageLink>
  )
}

/** Ranges in links are in milliseconds. */
function millisecondOf(time: string): { from: string; to: string } {
  return { from: rfc3339(millis(time)), to: rfc3339(millis(time) + 1) }
}

function LineWay({ row }: { row: CaseRow }) {
  const texts = useText(CASE)
  const { project, time, seq } = row
  const found = useQuery(stillThereQuery('logs', project, { time, seq }))
  if (found.isPending) return null
  if (found.data !== true) return <span className="quiet">{texts.goneSince}</span>
  return (
    <PageLink to="/logs" search={{ project, ...millisecondOf(time), open: `${time} ${seq}` }} className="button plain">
      {texts.toLine}
    </PageLink>
  )
}
