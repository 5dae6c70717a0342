/** The frame of a page that lists a signal: query, live switch and range; fields beside; filters, counts and rows. */

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useMemo } from 'react'

import type { Facet, ListName, Parameters, Statistics } from '../api/lists'
import { overviewQuery } from '../api/lists'
import { Button } from '../kit/Button'
import { Icon } from '../kit/Icon'
import { useText } from '../kit/language'
import { one } from '../lib/search'
import type { Address } from './address'
import { rangeParameters, resolved } from './address'
import { FilterChips } from './Filters'
import { HistogramChart } from './HistogramChart'
import { Partial } from './Partial'
import { RangeBar, useMoment, zoomTo } from './RangeBar'
import { PARTS } from './text'
import './explorer.css'

/** What the server says about the rows of the filter, and how they are asked for. */
export interface Found {
  asked: Parameters
  total: number | undefined
  facets: readonly Facet[]
  /** Of an answer without rows it says where was looked. */
  statistics: Statistics | undefined
}

interface Props {
  address: Address
  list: ListName
  /** Columns whose values are counted. */
  facets: readonly string[]
  query: ReactNode
  /** Beside the live switch. */
  tools: (found: Found) => ReactNode
  panel: (found: Found) => ReactNode
  rows: (found: Found) => ReactNode
  /** What the screen asks for beside the filters, as a tab does. */
  more?: Parameters
  /** Left out where the server has no live tail of the list. */
  live?: ReactNode
  /** What a press on the name of a level in the histogram does. */
  onLevel?: (level: string) => void
}

const NONE: Parameters = []

export function Explorer({ address, list, facets, query, tools, panel, rows, more = NONE, live, onLevel }: Props) {
  const { project, parameters, range, zone, search } = address
  const { now, move } = useMoment(address)
  const asked = useMemo(() => [...parameters, ...more, ...rangeParameters(range, now, zone)], [parameters, more, range, now, zone])
  const overview = useQuery(overviewQuery(list, project, asked, facets))
  const found: Found = { asked, total: overview.data?.histogram?.total, facets: overview.data?.facets ?? [], statistics: overview.data?.statistics }
  const isLive = live !== undefined && one(search, 'live') === 'on'
  return (
    <>
      <div className="explorer-bar">
        {query}
        {live !== undefined && <LiveSwitch address={address} isLive={isLive} />}
        {tools(found)}
        <RangeBar address={address} onRefresh={move} />
      </div>
      <div className="explorer">
        {panel(found)}
        <div className="explorer-main">
          <FilterChips address={address} />
          {!isLive && !overview.isError && (
            <>
              <Partial statistics={overview.data?.statistics} />
              <HistogramChart histogram={overview.data?.histogram} range={resolved(range, now, zone)} onZoom={zoomTo(address)} onLevel={onLevel} />
            </>
          )}
          {isLive ? live : rows(found)}
        </div>
      </div>
    </>
  )
}

function LiveSwitch({ address, isLive }: { address: Address; isLive: boolean }) {
  const texts = useText(PARTS)
  return (
    <Button pressed={isLive} label={texts.liveOn} onPress={() => address.change({ live: isLive ? undefined : 'on', open: undefined }, 'replace')}>
      <Icon name={isLive ? 'pause' : 'play'} /> {texts.live}
    </Button>
  )
}
