/** Everything as it happens. Whoever scrolls down reads: new rows then wait behind a counter. */

import { useRef, useState } from 'react'

import type { ActivityRow } from '../../api/activity'
import { downloadUrl } from '../../api/lists'
import { Button } from '../../kit/Button'
import { useLanguage, useText } from '../../kit/language'
import { Notice } from '../../kit/States'
import { count } from '../../lib/numbers'
import { one } from '../../lib/search'
import { useAddress } from '../../parts/address'
import { PageLink } from '../../parts/Links'
import { useLiveRows } from '../../parts/useLiveRows'
import { FeedRow } from './FeedRow'
import { ACTIVITY } from './text'

const BACKLOG = 100
const RATE_MAX = '50'
/** Scrolled further than this, the reader reads. */
const READING_PX = 80
/** An open stream without a row so long has none. */
const SETTLED_MS = 700

const KEEPING = { max: 200, nameOf: (row: ActivityRow) => [row.time, row.signal, row.id ?? row.summary].join(' ') }

export function Feed() {
  const texts = useText(ACTIVITY)
  const language = useLanguage()
  const { search, change, project } = useAddress()
  const only = one(search, 'only') === 'errors' ? 'errors' : 'all'
  const box = useRef<HTMLOListElement>(null)
  const [settled, setSettled] = useState(false)
  const isReading = () => (box.current?.scrollTop ?? 0) > READING_PX
  const live = useLiveRows<ActivityRow>({
    url: downloadUrl('/api/v1/activity/stream', project, [
      ['only', only],
      ['backlog', String(BACKLOG)],
      ['rate_max', RATE_MAX],
    ]),
    keeping: KEEPING,
    backlog: BACKLOG,
    isReading,
    onOpened: () => setTimeout(() => setSettled(true), SETTLED_MS),
  })
  const { lines, state, skipped } = live
  const show = () => {
    live.show()
    box.current?.scrollTo({ top: 0 })
  }
  const choose = (next: 'all' | 'errors') => {
    if (next === only) return
    live.clear()
    setSettled(false)
    change({ only: next === 'all' ? undefined : next }, 'replace')
  }
  const isEmpty = lines.shown.length === 0 && settled && state === 'open'
  return (
    <section aria-label={texts.feed} className="feed">
      <header className="feed-head">
        <h2>{texts.feed}</h2>
        {lines.waiting.length > 0 && (
          <Button kind="primary" onPress={show}>
            {texts.paused(count(lines.meanwhile, language))}
          </Button>
        )}
        <Button pressed={only === 'all'} onPress={() => choose('all')}>
          {texts.all}
        </Button>
        <Button pressed={only === 'errors'} onPress={() => choose('errors')}>
          {texts.onlyErrors}
        </Button>
      </header>
      {state === 'lost' && <Notice icon="warning" tone="warning" title={texts.lost} />}
      {skipped > 0 && <p className="quiet">{texts.skipped(count(skipped, language))}</p>}
      {isEmpty && only === 'all' && <FirstRecord />}
      {isEmpty && only === 'errors' && <Notice title={texts.noErrors} actions={<Button onPress={() => choose('all')}>{texts.all}</Button>} />}
      {!isEmpty && (
        <ol ref={box} className="feed-rows" tabIndex={0} onScroll={() => lines.waiting.length > 0 && !isReading() && show()}>
          {lines.shown.map(({ sequence, row }) => (
            <FeedRow key={sequence} row={row} />
          ))}
        </ol>
      )}
    </section>
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
