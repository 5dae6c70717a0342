/** The log explorer: search and filters, counts by level, fields beside the lines, a live tail. */

import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'

import { downloadUrl, overviewQuery } from '../../api/lists'
import { Button } from '../../kit/Button'
import { Icon } from '../../kit/Icon'
import { useText } from '../../kit/language'
import { Loading } from '../../kit/States'
import { readQuery } from '../../lib/query'
import { one } from '../../lib/search'
import { rangeParameters, resolved, useAddress } from '../../parts/address'
import type { Address } from '../../parts/address'
import { Emptiness } from '../../parts/Emptiness'
import { Failure } from '../../parts/Failure'
import { FacetPanel, FilterChips } from '../../parts/Filters'
import { HistogramChart } from '../../parts/HistogramChart'
import { RangeBar, useMoment, zoomTo } from '../../parts/RangeBar'
import { useListRows } from '../../parts/useListRows'
import { SEARCH_ID } from '../../parts/useRowsPage'
import { LiveLines } from './LiveLines'
import { LogRows } from './LogRows'
import { LOGS } from './text'
import '../../parts/explorer.css'
import './logs.css'

const FACETS = ['level', 'service', 'host', 'environment', 'logger', 'release']
export default function LogsPage() {
  const address = useAddress('1h')
  const { now, move } = useMoment(address)
  const live = one(address.search, 'live') === 'on'
  return (
    <>
      <div className="explorer-bar">
        <Query address={address} />
        <LiveSwitch address={address} live={live} />
        <RangeBar address={address} onRefresh={move} />
      </div>
      <Explorer address={address} now={now} live={live} />
    </>
  )
}

function LiveSwitch({ address, live }: { address: Address; live: boolean }) {
  const texts = useText(LOGS)
  return (
    <Button pressed={live} label={texts.liveOn} onPress={() => address.change({ live: live ? undefined : 'on' }, 'replace')}>
      <Icon name={live ? 'pause' : 'play'} /> {texts.live}
    </Button>
  )
}

/** One field for words and filters; filters become chips, words stay. */
function Query({ address }: { address: Address }) {
  const texts = useText(LOGS)
  const kept = one(address.search, 'q') ?? ''
  const [typed, setTyped] = useState({ kept, text: kept })
  const [wrong, setWrong] = useState<string | undefined>()
  if (typed.kept !== kept) setTyped({ kept, text: kept })
  const submit = () => {
    const read = readQuery(typed.text)
    if (read.kind === 'wrong') {
      setWrong(read.part)
      return
    }
    setWrong(undefined)
    const added = read.typed.filters.map(([name, value]): [string, string[]] => [name, [...(address.search[name] ?? []), value]])
    address.change({ ...Object.fromEntries(added), q: read.typed.words })
    setTyped({ kept: read.typed.words, text: read.typed.words })
  }
  return (
    <form
      className="search-box"
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Icon name="search" />
      <input
        id={SEARCH_ID}
        className="input"
        type="search"
        dir="auto"
        aria-label={texts.search}
        aria-invalid={wrong !== undefined}
        aria-describedby="query-wrong"
        placeholder={texts.search}
        value={typed.text}
        onChange={(event) => setTyped({ kept, text: event.target.value })}
      />
      <p id="query-wrong" className="field-error query-wrong" role="alert">
        {wrong === undefined ? '' : texts.badFilter(wrong)}
      </p>
    </form>
  )
}

function Explorer({ address, now, live }: { address: Address; now: number; live: boolean }) {
  const texts = useText(LOGS)
  const { project, parameters, range, zone } = address
  const asked = useMemo(() => [...parameters, ...rangeParameters(range, now, zone)], [parameters, range, now, zone])
  const overview = useQuery(overviewQuery('logs', project, asked, FACETS))
  const total = overview.data?.histogram?.total
  return (
    <div className="explorer">
      <FacetPanel address={address} facets={overview.data?.facets ?? []} total={total ?? 0} titles={texts.column} />
      <div className="explorer-main">
        <FilterChips address={address} />
        {!live && !overview.isError && <HistogramChart histogram={overview.data?.histogram} range={resolved(range, now, zone)} onZoom={zoomTo(address)} />}
        {live ? <LiveLines address={address} /> : <Lines address={address} asked={asked} total={total} />}
      </div>
    </div>
  )
}

interface LinesProps {
  address: Address
  asked: [string, string][]
  total: number | undefined
}

function Lines({ address, asked, total }: LinesProps) {
  const texts = useText(LOGS)
  const { project } = address
  const { list, rows, more } = useListRows('logs', project, asked)
  if (list.isPending) return <Loading />
  if (list.isError) return <Failure error={list.error} onRetry={() => void list.refetch()} />
  const statistics = list.data.pages[0]?.statistics
  if (rows.length === 0 && statistics !== undefined) return <Emptiness address={address} statistics={statistics} />
  const url = (format: string) => downloadUrl('/api/v1/logs/export', project, [...asked, ['format', format]])
  return (
    <>
      <LogRows address={address} rows={rows} total={total} onNearEnd={more} />
      <p className="below">
        <a className="link" href={url('csv')} download="logs.csv">
          {texts.csv}
        </a>
        <a className="link" href={url('ndjson')} download="logs.ndjson">
          {texts.ndjson}
        </a>
      </p>
    </>
  )
}
