/** What happened: five minutes around the event, of the same request, trace, session and user, through all signals. */

import { useQueries } from '@tanstack/react-query'

import type { Parameters } from '../../api/lists'
import { timelinePageQuery } from '../../api/lists'
import { useText } from '../../kit/language'
import { Loading } from '../../kit/States'
import { keysOf, merged } from '../../lib/around'
import { millis, rfc3339 } from '../../lib/instant'
import type { Row } from '../../lib/json'
import { text } from '../../lib/json'
import { one } from '../../lib/search'
import type { Address } from '../../parts/address'
import { Failure } from '../../parts/Failure'
import { PageLink } from '../../parts/Links'
import { Partial } from '../../parts/Partial'
import { TimelineRows } from '../../parts/TimelineRows'
import { ISSUE } from './text'

const AROUND_MS = 5 * 60_000
/** Rows of one key that are asked for. */
const ROWS_MAX = '200'

export function Happened({ event, address }: { event: Row; address: Address }) {
  const texts = useText(ISSUE)
  const time = text(event, 'time') ?? ''
  return (
    <aside className="issue-happened" aria-labelledby="issue-happened">
      <h3 id="issue-happened">{texts.happened}</h3>
      <p className="quiet">{texts.happenedBody}</p>
      <Rows key={`${time} ${text(event, 'event_id') ?? ''}`} event={event} address={address} />
      <p>
        <PageLink to="/timeline" search={{ around: time }} className="button plain">
          {texts.everythingAround}
        </PageLink>
      </p>
    </aside>
  )
}

function Rows({ event, address }: { event: Row; address: Address }) {
  const texts = useText(ISSUE)
  const { project, search, change } = address
  const at = millis(text(event, 'time') ?? '')
  const around: Parameters = [['from', rfc3339(at - AROUND_MS)], ['to', rfc3339(at + AROUND_MS)], ['limit', ROWS_MAX]]
  const timelines = useQueries({ queries: keysOf(event).map(([name, value]) => timelinePageQuery(project, [[name, value], ...around])) })
  if (timelines.length === 0) return <p className="quiet">{texts.noKeys}</p>
  if (timelines.some((timeline) => timeline.isPending)) return <Loading lines={4} />
  const failed = timelines.find((timeline) => timeline.isError)
  const answers = timelines.flatMap(({ data }) => (data === undefined ? [] : [data]))
  const rows = merged(answers.map((answer) => answer.rows), (row) => `${row.signal} ${row.time} ${row.seq ?? row.id ?? row.summary}`)
  return (
    <>
      {failed !== undefined && <Failure error={failed.error} onRetry={() => void failed.refetch()} />}
      <Partial statistics={answers.find(({ statistics }) => statistics.partial)?.statistics} />
      {answers.some(({ next }) => next !== undefined) && <p className="mark tone-warning">{texts.moreHappened}</p>}
      <TimelineRows rows={rows} open={one(search, 'open')} here={text(event, 'event_id')} onOpen={(open) => change({ open }, 'replace')} />
    </>
  )
}
