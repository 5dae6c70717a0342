/** Investigate: one actor, thing, session, request, trace, batch or moment, through all signals. */

import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'

import type { Parameters } from '../../api/lists'
import { timelineQuery } from '../../api/lists'
import { Button } from '../../kit/Button'
import { Select, TextField } from '../../kit/Fields'
import { useText } from '../../kit/language'
import { Loading, Notice } from '../../kit/States'
import { useTellActorZone } from '../../kit/zone'
import { rfc3339 } from '../../lib/instant'
import type { Row } from '../../lib/json'
import { one } from '../../lib/search'
import type { Search } from '../../lib/search'
import type { Zone } from '../../lib/zone'
import { zoneTold } from '../../lib/zone'
import { rangeParameters, resolved, useAddress } from '../../parts/address'
import type { Address } from '../../parts/address'
import { Emptiness } from '../../parts/Emptiness'
import { Failure } from '../../parts/Failure'
import { Lanes } from '../../parts/Lanes'
import { Partial } from '../../parts/Partial'
import { RangeBar, useMoment } from '../../parts/RangeBar'
import { PARTS } from '../../parts/text'
import { timelineKey, TimelineRows } from '../../parts/TimelineRows'
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
  const signals = one(search, 'signals')
  const asked: Parameters = [
    [kind, one(search, kind) ?? ''],
    ['order', one(search, 'order') ?? 'asc'],
    ['limit', PAGE_ROWS],
    ...(signals === undefined ? [] : ([['signals', signals]] as Parameters)),
    ...(kind === 'around' ? ([['window', `${windowOf(search)}m`]] as Parameters) : rangeParameters(range, now, zone)),
  ]
  const timeline = useInfiniteQuery(timelineQuery(project, asked))
  const rows = useMemo(() => timeline.data?.pages.flatMap((page) => page.rows) ?? [], [timeline.data])
  useTellActorZone(useMemo(() => firstZone(rows), [rows]))
  const open = one(search, 'open')
  const show = (key: string | undefined) => change({ open: key }, 'replace')
  if (timeline.isPending) return <Loading />
  if (timeline.isError) return <Failure error={timeline.error} onRetry={() => void timeline.refetch()} />
  const statistics = timeline.data.pages[0]?.statistics
  // What is followed is no filter that could be taken away, but the choice of signals is.
  const bare: Address = { ...address, parameters: signals === undefined ? [] : [['signals', signals]] }
  return (
    <>
      <div className="explorer-bar">
        <SignalChoice chosen={signals?.split(',')} onChoose={(next) => change({ signals: next?.join(','), open: undefined })} />
        <Wider address={address} kind={kind} now={now} />
      </div>
      <Partial statistics={timeline.data.pages.find((page) => page.statistics.partial)?.statistics} />
      {rows.length === 0 && statistics !== undefined ? (
        <Emptiness address={bare} statistics={statistics} />
      ) : (
        <>
          <Lanes rows={rows} open={open} keyOf={timelineKey} onOpen={show} />
          <TimelineRows rows={rows} open={open} onOpen={show} />
        </>
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

/** Of the first row that tells one. */
function firstZone(rows: readonly { fields: Row }[]): Zone | undefined {
  for (const { fields } of rows) {
    const told = zoneTold(fields)
    if (told !== undefined) return told
  }
  return undefined
}

const SIGNALS = ['audit_logs', 'logs', 'error_events', 'session_events', 'spans']

/** `undefined`: all of them. */
function SignalChoice({ chosen, onChoose }: { chosen: readonly string[] | undefined; onChoose: (signals: readonly string[] | undefined) => void }) {
  const texts = useText(TIMELINE)
  const parts = useText(PARTS)
  const all = chosen === undefined
  const toggle = (signal: string) => {
    const next = SIGNALS.filter((one) => (one === signal ? !(chosen?.includes(one) ?? false) : (chosen?.includes(one) ?? false)))
    onChoose(next.length === 0 || next.length === SIGNALS.length ? undefined : next)
  }
  return (
    <div className="signal-choice" role="group" aria-label={texts.signals}>
      <Button pressed={all} onPress={() => onChoose(undefined)}>
        {texts.allSignals}
      </Button>
      {SIGNALS.map((signal) => (
        <Button key={signal} pressed={!all && chosen.includes(signal)} onPress={() => toggle(signal)}>
          {parts.signal(signal)}
        </Button>
      ))}
    </div>
  )
}

/** Minutes on each side of a moment. */
function windowOf(search: Search): number {
  const minutes = Number.parseInt(one(search, 'window') ?? '', 10)
  return minutes > 0 ? minutes : WIDER_MINUTES
}

/** Five minutes more on each side: of a moment its window, of everything else the range. */
function Wider({ address, kind, now }: { address: Address; kind: Kind; now: number }) {
  const texts = useText(TIMELINE)
  const { search, change, range, zone } = address
  const minutes = windowOf(search)
  const widen = () => {
    if (kind === 'around') {
      change({ window: `${minutes + WIDER_MINUTES}m` })
      return
    }
    const { from, to } = resolved(range, now, zone)
    const more = WIDER_MINUTES * 60_000
    change({ from: rfc3339(from - more), to: range.to === 'now' ? undefined : rfc3339(to + more) })
  }
  return (
    <>
      <Button onPress={widen}>{texts.wider}</Button>
      {kind === 'around' && <span className="quiet">{texts.window(minutes)}</span>}
    </>
  )
}
