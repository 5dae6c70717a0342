/** Everything as it happens. Whoever scrolls down reads: new rows then wait behind a counter. */

import { useRef, useState } from 'react'

import type { ActivityRow } from '../../api/activity'
import { downloadUrl } from '../../api/lists'
import { useLive } from '../../api/live'
import { Button } from '../../kit/Button'
import { useLanguage, useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Notice } from '../../kit/States'
import { Time } from '../../kit/Time'
import { isObject, number, text } from '../../lib/json'
import { count } from '../../lib/numbers'
import { one } from '../../lib/search'
import { useAddress } from '../../parts/address'
import { ActorLink, PageLink } from '../../parts/Links'
import { SeverityMark, SignalMark } from '../../parts/Marks'
import { ACTIVITY } from './text'

/** Rows that the page keeps. */
const ROWS_MAX = 500
const BACKLOG = '100'
const RATE_MAX = '50'
/** Scrolled further than this, the reader reads. */
const READING_PX = 80

export function Feed() {
  const texts = useText(ACTIVITY)
  const language = useLanguage()
  const { search, change, project } = useAddress()
  const only = one(search, 'only') === 'errors' ? 'errors' : 'all'
  const box = useRef<HTMLOListElement>(null)
  const [rows, setRows] = useState<ActivityRow[]>([])
  const [waiting, setWaiting] = useState<ActivityRow[]>([])
  const [skipped, setSkipped] = useState(0)
  const state = useLive<ActivityRow>({
    url: downloadUrl('/api/v1/activity/stream', project, [
      ['only', only],
      ['backlog', BACKLOG],
      ['rate_max', RATE_MAX],
    ]),
    events: ['skipped', 'lagged'],
    onRows: (fresh) => {
      const newest = [...fresh].reverse()
      const isReading = (box.current?.scrollTop ?? 0) > READING_PX
      const set = isReading ? setWaiting : setRows
      set((before) => [...newest, ...before].slice(0, ROWS_MAX))
    },
    onEvent: (name, data) => {
      if (name === 'skipped' && isObject(data)) setSkipped((before) => before + (number(data, 'count') ?? 0))
    },
  })
  const show = () => {
    setRows((before) => [...waiting, ...before].slice(0, ROWS_MAX))
    setWaiting([])
    box.current?.scrollTo({ top: 0 })
  }
  const choose = (next: 'all' | 'errors') => {
    setRows([])
    setWaiting([])
    setSkipped(0)
    change({ only: next === 'all' ? undefined : next }, 'replace')
  }
  return (
    <section aria-label={texts.feed} className="feed">
      <header className="feed-head">
        <h2>{texts.feed}</h2>
        <Button pressed={only === 'all'} onPress={() => choose('all')}>
          {texts.all}
        </Button>
        <Button pressed={only === 'errors'} onPress={() => choose('errors')}>
          {texts.onlyErrors}
        </Button>
        {waiting.length > 0 && (
          <Button kind="primary" onPress={show}>
            {texts.paused(count(waiting.length, language))}
          </Button>
        )}
      </header>
      {state === 'lost' && <Notice icon="warning" tone="warning" title={texts.lost} />}
      {skipped > 0 && <p className="quiet">{texts.skipped(count(skipped, language))}</p>}
      {rows.length === 0 && state === 'open' ? (
        <FirstRecord />
      ) : (
        <ol ref={box} className="feed-rows" tabIndex={0}>
          {rows.map((row, at) => (
            <FeedRow key={`${row.time} ${row.signal} ${row.id ?? ''} ${rows.length - at}`} row={row} />
          ))}
        </ol>
      )}
    </section>
  )
}

function FeedRow({ row }: { row: ActivityRow }) {
  const fields = row.fields
  const correlation = text(fields, 'correlation_id')
  const summary = <SafeText>{row.summary}</SafeText>
  return (
    <li className="feed-row">
      <Time value={row.time} timeOnly precision="millisecond" />
      <SignalMark signal={row.signal} />
      <SeverityMark severity={row.severity} />
      <span className="feed-what">
        {row.signal === 'audit_logs' && row.id !== undefined ? (
          <PageLink to={`/audit/${row.id}`} search={{}}>
            {summary}
          </PageLink>
        ) : correlation !== undefined ? (
          <PageLink to="/timeline" search={{ correlation_id: correlation, from: 'now-24h' }}>
            {summary}
          </PageLink>
        ) : (
          <PageLink to="/timeline" search={{ around: row.time }}>
            {summary}
          </PageLink>
        )}
      </span>
      <span className="feed-who">
        {row.signal === 'audit_logs' ? <ActorLink row={fields} /> : <SafeText>{text(fields, 'service')}</SafeText>}{' '}
        <SafeText code className="quiet">
          {text(fields, 'ip')}
        </SafeText>
      </span>
    </li>
  )
}

/** No data ever: how to send the first record from a shell. */
function FirstRecord() {
  const texts = useText(ACTIVITY)
  const body = '{"action":"order_deleted","actor_email":"dana@example.com","target_type":"order","target_id":"17","reason":"duplicate"}'
  const line = `curl -sS ${location.origin}/api/v1/audit -H 'Authorization: Bearer KEY' -H 'Content-Type: application/json' -d '${body}'`
  return (
    <Notice
      title={texts.quiet}
      actions={
        <PageLink to="/welcome" search={{}} className="button primary">
          {texts.sendFirst}
        </PageLink>
      }
    >
      <p>{texts.quietBody}</p>
      <pre dir="ltr" tabIndex={0} className="first-line">
        {line}
      </pre>
      <p>{texts.keyHint}</p>
    </Notice>
  )
}
