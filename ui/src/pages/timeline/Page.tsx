/** Investigate: one actor, thing, session, request, trace, batch or moment, through all signals. */

import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'

import type { Parameters } from '../../api/lists'
import { timelineQuery } from '../../api/lists'
import { Button } from '../../kit/Button'
import { Select, TextField } from '../../kit/Fields'
import { useText } from '../../kit/language'
import { Loading, Notice } from '../../kit/States'
import { one, patched } from '../../lib/search'
import type { Search } from '../../lib/search'
import { rangeParameters, useAddress } from '../../parts/address'
import type { Address } from '../../parts/address'
import { Emptiness } from '../../parts/Emptiness'
import { Failure } from '../../parts/Failure'
import { RangeBar, useMoment } from '../../parts/RangeBar'
import { TimelineRows } from '../../parts/TimelineRows'
import { TIMELINE } from './text'
import '../../parts/explorer.css'

const KINDS = ['actor', 'target', 'correlation_id', 'session_id', 'trace_id', 'batch_id', 'around'] as const
type Kind = (typeof KINDS)[number]
const PAGE_ROWS = '200'
/** Minutes to each side that one press adds. */
const WIDER_MINUTES = 5

function kindOf(search: Search): Kind | undefined {
  return KINDS.find((kind) => search[kind] !== undefined)
}

export default function TimelinePage() {
  const texts = useText(TIMELINE)
  const address = useAddress('24h')
  const kind = kindOf(address.search)
  const { now, move } = useMoment(address)
  return (
    <>
      <Form key={`${kind ?? ''} ${kind === undefined ? '' : (one(address.search, kind) ?? '')}`} address={address} kind={kind ?? 'actor'} onRefresh={move} />
      {kind === undefined ? (
        <Notice icon="timeline" title={texts.start}>
          <p>{texts.startBody}</p>
        </Notice>
      ) : (
        <Story address={address} kind={kind} now={now} />
      )}
    </>
  )
}

function Form({ address, kind, onRefresh }: { address: Address; kind: Kind; onRefresh: () => void }) {
  const texts = useText(TIMELINE)
  const { search, change } = address
  const [chosen, setChosen] = useState<string>(kind)
  const [value, setValue] = useState(one(search, kind) ?? '')
  const submit = () => {
    const none = Object.fromEntries(KINDS.map((one) => [one, undefined]))
    change({ ...none, open: undefined, [chosen]: value.trim() })
  }
  return (
    <form
      className="explorer-bar labelled"
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Select label={texts.kind} value={chosen} options={KINDS.map((id) => ({ id, label: texts.kinds(id) }))} onChange={setChosen} />
      <div className="grow">
        <TextField label={texts.value} value={value} onChange={setValue} code />
      </div>
      <Button type="submit" kind="primary">
        {texts.go}
      </Button>
      <Select
        label={texts.order}
        value={one(search, 'order') ?? 'asc'}
        options={[
          { id: 'asc', label: texts.oldest },
          { id: 'desc', label: texts.newest },
        ]}
        onChange={(order) => change({ order: order === 'asc' ? undefined : order })}
      />
      {kind !== 'around' && <RangeBar address={address} onRefresh={onRefresh} />}
    </form>
  )
}

function Story({ address, kind, now }: { address: Address; kind: Kind; now: number }) {
  const texts = useText(TIMELINE)
  const { search, change, project, range, zone } = address
  const minutes = Number.parseInt(one(search, 'window') ?? '5', 10)
  const asked: Parameters = [
    [kind, one(search, kind) ?? ''],
    ['order', one(search, 'order') ?? 'asc'],
    ['limit', PAGE_ROWS],
    ...(kind === 'around' ? ([['window', `${minutes}m`]] as Parameters) : rangeParameters(range, now, zone)),
  ]
  const timeline = useInfiniteQuery(timelineQuery(project, asked))
  if (timeline.isPending) return <Loading />
  if (timeline.isError) return <Failure error={timeline.error} onRetry={() => void timeline.refetch()} />
  const rows = timeline.data.pages.flatMap((page) => page.rows)
  const statistics = timeline.data.pages[0]?.statistics
  // What is followed is no filter that could be taken away.
  const bare = { ...address, parameters: [], search: patched(search, {}) }
  return (
    <>
      {kind === 'around' && (
        <div className="explorer-bar">
          <Button onPress={() => change({ window: `${minutes + WIDER_MINUTES}m` })}>{texts.wider}</Button>
          <span className="quiet">
            {`${texts.window} ±${minutes} min`}
          </span>
        </div>
      )}
      {rows.length === 0 && statistics !== undefined ? (
        <Emptiness address={bare} statistics={statistics} />
      ) : (
        <TimelineRows rows={rows} open={one(search, 'open')} onOpen={(open) => change({ open }, 'replace')} />
      )}
      {timeline.hasNextPage && (
        <div className="actions">
          <Button onPress={() => void timeline.fetchNextPage()} isPending={timeline.isFetchingNextPage}>
            {texts.more}
          </Button>
        </div>
      )}
    </>
  )
}
