/** The audit explorer: questions in plain words, filters, counts over time, and the entries, newest first. */

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'

import { downloadUrl, listQuery, overviewQuery } from '../../api/lists'
import { useLanguage, useText } from '../../kit/language'
import { Rows, useRowsCursor } from '../../kit/Rows'
import type { RowsColumn } from '../../kit/Rows'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Time } from '../../kit/Time'
import { collapsed } from '../../lib/batches'
import type { Line } from '../../lib/batches'
import { text } from '../../lib/json'
import { count } from '../../lib/numbers'
import { one, patched } from '../../lib/search'
import { rangeParameters, resolved, useAddress } from '../../parts/address'
import type { Address } from '../../parts/address'
import { Emptiness } from '../../parts/Emptiness'
import { Failure } from '../../parts/Failure'
import { FacetPanel, FilterChips } from '../../parts/Filters'
import { HistogramChart } from '../../parts/HistogramChart'
import { ActorLink, TargetLink } from '../../parts/Links'
import { OutcomeMark } from '../../parts/Marks'
import { RangeBar, useMoment, zoomTo } from '../../parts/RangeBar'
import { SearchBox } from '../../parts/SearchBox'
import { useRowsKeys } from '../../parts/useRowsPage'
import { Answer } from './Answer'
import { AUDIT } from './text'
import '../../parts/explorer.css'
import './audit.css'

const FACETS = ['action', 'actor_email', 'category', 'target_type', 'outcome', 'severity', 'ip', 'origin', 'batch_id']
const PAGE_ROWS = '200'

export default function AuditPage() {
  const texts = useText(AUDIT)
  const address = useAddress('24h')
  const { now, move } = useMoment(address)
  const question = one(address.search, 'ask')
  return (
    <>
      <div className="explorer-bar">
        <SearchBox id="page-ask" address={address} name="ask" label={texts.ask} placeholder={texts.askPlaceholder} />
      </div>
      {question !== undefined && <Answer question={question} address={address} />}
      <div className="explorer-bar">
        <SearchBox address={address} name="q" label={texts.search} placeholder={texts.search} />
        <RangeBar address={address} onRefresh={move} />
      </div>
      <Explorer address={address} now={now} />
    </>
  )
}

function Explorer({ address, now }: { address: Address; now: number }) {
  const texts = useText(AUDIT)
  const { project, parameters, range, zone } = address
  const asked = useMemo(() => [...parameters, ...rangeParameters(range, now, zone)], [parameters, range, now, zone])
  const overview = useQuery(overviewQuery('audit', project, asked, FACETS))
  const total = overview.data?.histogram?.total ?? 0
  return (
    <div className="explorer">
      <FacetPanel address={address} facets={overview.data?.facets ?? []} total={total} titles={texts.column} />
      <div className="explorer-main">
        <FilterChips address={address} />
        {overview.isError ? null : (
          <HistogramChart histogram={overview.data?.histogram} range={resolved(range, now, zone)} onZoom={zoomTo(address)} />
        )}
        <Entries address={address} asked={asked} total={overview.data?.histogram?.total} />
      </div>
    </div>
  )
}

interface EntriesProps {
  address: Address
  asked: [string, string][]
  total: number | undefined
}

function Entries({ address, asked, total }: EntriesProps) {
  const texts = useText(AUDIT)
  const navigate = useNavigate()
  const language = useLanguage()
  const { project } = address
  const list = useInfiniteQuery(listQuery('audit', project, [...asked, ['limit', PAGE_ROWS]]))
  const lines = useMemo(() => collapsed(list.data?.pages.flatMap((page) => page.rows) ?? []), [list.data])
  const cursor = useRowsCursor(lines.length)
  const columns = useColumns(address)
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const open = (line: Line) => {
    if (line.rows.length > 1) address.change({ batch_id: text(line.first, 'batch_id') })
    else void navigate({ to: `/audit/${text(line.first, 'id') ?? ''}`, search: patched({}, { project: address.search['project'], zone: address.search['zone'] }) } as never)
  }
  useRowsKeys(
    cursor,
    () => {
      const line = lines[cursor.at]
      if (line !== undefined) open(line)
    },
    () => cursor.set(-1),
  )
  if (list.isPending) return <Loading />
  if (list.isError) return <Failure error={list.error} onRetry={() => void list.refetch()} />
  const statistics = list.data.pages[0]?.statistics
  if (lines.length === 0 && statistics !== undefined) return <Emptiness address={address} statistics={statistics} />
  const url = (format: string) => downloadUrl('/api/v1/audit/export', project, [...asked, ['format', format]])
  return (
    <>
      <Rows label={texts.entries} columns={columns} rows={lines} keyOf={keyOf} onOpen={open} onNearEnd={more} total={total} cursor={cursor} minWidth={830} />
      <p className="below">
        {total !== undefined && <span>{`${texts.entries}: ${count(total, language)}`}</span>}
        <a className="link" href={url('csv')} download="audit.csv">
          {texts.csv}
        </a>
        <a className="link" href={url('ndjson')} download="audit.ndjson">
          {texts.ndjson}
        </a>
      </p>
    </>
  )
}

const keyOf = (line: Line): string => `${text(line.first, 'id') ?? ''} ${text(line.first, 'state') ?? ''}`

function useColumns(address: Address): RowsColumn<Line>[] {
  const texts = useText(AUDIT)
  const language = useLanguage()
  return useMemo(
    () => [
      { id: 'when', title: texts.when, width: '150px', cell: ({ first }) => <Time value={text(first, 'time') ?? ''} /> },
      { id: 'who', title: texts.who, width: 'minmax(110px, 1.2fr)', cell: ({ first }) => <ActorLink row={first} /> },
      {
        id: 'did',
        title: texts.did,
        width: 'minmax(150px, 1.4fr)',
        cell: ({ first, rows }) => (
          <>
            {rows.length > 1 && (
              <span className="batch-count" title={texts.batch(count(rows.length, language))}>
                {`×${count(rows.length, language)}`}
              </span>
            )}
            <SafeText>{text(first, 'action')}</SafeText>
          </>
        ),
      },
      { id: 'to', title: texts.toWhat, width: 'minmax(80px, 0.9fr)', cell: ({ first, rows }) => (rows.length > 1 ? <SafeText>{text(first, 'target_type')}</SafeText> : <TargetLink row={first} />) },
      { id: 'result', title: texts.result, width: '84px', cell: ({ first }) => <OutcomeMark outcome={text(first, 'outcome')} /> },
      { id: 'why', title: texts.why, width: 'minmax(80px, 1.2fr)', cell: ({ first }) => <SafeText>{text(first, 'reason') ?? text(first, 'description')}</SafeText> },
      { id: 'from', title: texts.from, width: '90px', cell: ({ first }) => <SafeText code>{text(first, 'ip')}</SafeText> },
    ],
    // The zone changes how times read.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [texts, language, address.zone],
  )
}
