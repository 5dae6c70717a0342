/** The audit explorer: questions in plain words, filters, counts over time, and the entries, newest first. */

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'

import { overviewQuery } from '../../api/lists'
import { Button } from '../../kit/Button'
import { Icon } from '../../kit/Icon'
import { useText } from '../../kit/language'
import { one } from '../../lib/search'
import { rangeParameters, resolved, useAddress } from '../../parts/address'
import type { Address } from '../../parts/address'
import { FacetPanel, FilterChips } from '../../parts/Filters'
import { HistogramChart } from '../../parts/HistogramChart'
import { RangeBar, useMoment, zoomTo } from '../../parts/RangeBar'
import { SearchBox } from '../../parts/SearchBox'
import { Answer } from './Answer'
import { ColumnsMenu } from './columns'
import { Entries } from './Entries'
import { LiveEntries } from './LiveEntries'
import { AUDIT } from './text'
import '../../parts/explorer.css'
import './audit.css'

const FACETS = ['action', 'actor_email', 'category', 'target_type', 'outcome', 'severity', 'ip', 'origin', 'batch_id']

export default function AuditPage() {
  const texts = useText(AUDIT)
  const address = useAddress('24h')
  const { now, move } = useMoment(address)
  const question = one(address.search, 'ask')
  const live = one(address.search, 'live') === 'on'
  return (
    <>
      <div className="explorer-bar">
        <SearchBox id="page-ask" address={address} name="ask" label={texts.ask} placeholder={texts.askPlaceholder} />
      </div>
      {question !== undefined && <Answer question={question} address={address} />}
      <div className="explorer-bar">
        <SearchBox address={address} name="q" label={texts.search} placeholder={texts.search} />
        <Button pressed={live} label={texts.liveOn} onPress={() => address.change({ live: live ? undefined : 'on' }, 'replace')}>
          <Icon name={live ? 'pause' : 'play'} /> {texts.live}
        </Button>
        <ColumnsMenu address={address} />
        <RangeBar address={address} onRefresh={move} />
      </div>
      <Explorer address={address} now={now} live={live} />
    </>
  )
}

function Explorer({ address, now, live }: { address: Address; now: number; live: boolean }) {
  const texts = useText(AUDIT)
  const { project, parameters, range, zone } = address
  const asked = useMemo(() => [...parameters, ...rangeParameters(range, now, zone)], [parameters, range, now, zone])
  const overview = useQuery(overviewQuery('audit', project, asked, FACETS))
  const total = overview.data?.histogram?.total
  return (
    <div className="explorer">
      <FacetPanel address={address} facets={overview.data?.facets ?? []} total={total ?? 0} titles={texts.column} />
      <div className="explorer-main">
        <FilterChips address={address} />
        {!live && !overview.isError && (
          <HistogramChart histogram={overview.data?.histogram} range={resolved(range, now, zone)} onZoom={zoomTo(address)} />
        )}
        {live ? <LiveEntries address={address} /> : <Entries address={address} asked={asked} total={total} facets={overview.data?.facets ?? []} />}
      </div>
    </div>
  )
}
