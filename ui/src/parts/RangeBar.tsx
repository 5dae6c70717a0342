/** The range of time of a screen, kept in its link, and its refreshing. */

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

import { TimeRangePicker } from '../kit/TimeRangePicker'
import type { Range } from '../lib/range'
import { one } from '../lib/search'
import type { Address } from './address'

/** The clock; what it says is kept in state. */
function present(): number {
  return Date.now()
}

/** The moment that a screen looks from: the same for all its requests, moved by refreshing. */
export function useMoment(address: Address): { now: number; move: () => void } {
  const key = `${address.range.from} ${address.range.to}`
  const [moment, setMoment] = useState(() => ({ key, now: present() }))
  if (moment.key !== key) setMoment({ key, now: present() })
  const seconds = Number(one(address.search, 'refresh') ?? 0)
  useEffect(() => {
    if (!(seconds > 0)) return undefined
    const timer = setInterval(() => setMoment((before) => ({ ...before, now: Date.now() })), seconds * 1000)
    return () => clearInterval(timer)
  }, [seconds])
  return { now: moment.now, move: () => setMoment({ key, now: Date.now() }) }
}

export function RangeBar({ address, onRefresh }: { address: Address; onRefresh: () => void }) {
  const { search, range, zone, change } = address
  const queries = useQueryClient()
  return (
    <TimeRangePicker
      range={range}
      onChange={({ from, to }) => change({ from, to: to === 'now' ? undefined : to })}
      zone={zone}
      onZone={(next) => change({ zone: next === 'local' ? undefined : next }, 'replace')}
      refresh={Number(one(search, 'refresh') ?? 0)}
      onRefresh={(seconds) => change({ refresh: seconds === 0 ? undefined : String(seconds) }, 'replace')}
      onRefreshNow={() => {
        onRefresh()
        void queries.invalidateQueries()
      }}
    />
  )
}

/** What dragging over a chart does. */
export function zoomTo(address: Address): (range: Range) => void {
  return ({ from, to }) => address.change({ from: new Date(from).toISOString(), to: new Date(to).toISOString() })
}
