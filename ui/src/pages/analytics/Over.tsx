/** Errors over time, by one thing that they say; a value filters by a press. */

import { lazy, Suspense, useMemo } from 'react'

import type { IssueStatistics } from '../../api/issues'
import { useText } from '../../kit/language'
import { Loading } from '../../kit/States'
import { bucketTimes, shownSeries } from '../../lib/series'
import { visibleText } from '../../lib/visible'
import type { Address } from '../../parts/address'
import { zoomTo } from '../../parts/RangeBar'
import { ANALYTICS } from './text'

const Chart = lazy(() => import('../../kit/Chart').then((module) => ({ default: module.Chart })))

interface Props {
  statistics: IssueStatistics
  by: string
  onOnly: (value: string) => void
  address: Address
}

export function Over({ statistics, by, onOnly, address }: Props) {
  const texts = useText(ANALYTICS)
  const { from, bucket_seconds: width, series } = statistics
  const bucketMs = width * 1000
  const values = useMemo(() => series.find((one) => one.by === by)?.values ?? [], [series, by])
  const buckets = values[0]?.buckets.length ?? 0
  const times = useMemo(() => bucketTimes(from, bucketMs, buckets), [from, bucketMs, buckets])
  const drawn = useMemo(() => shownSeries(values, buckets), [values, buckets])
  const named = drawn.map(({ kind, value, tone, counts }) => {
    if (kind === 'others') return { name: texts.others, tone, counts }
    if (kind === 'none') return { name: texts.nobody(by), tone, counts }
    return { name: value, tone, counts, choose: { label: texts.only(visibleText(value)), run: () => onOnly(value) } }
  })
  return (
    <section aria-label={texts.by(by)}>
      <h3>{texts.by(by)}</h3>
      <Suspense fallback={<Loading lines={3} />}>
        <Chart label={texts.by(by)} times={times} bucketMs={bucketMs} series={named} onZoom={zoomTo(address)} />
      </Suspense>
    </section>
  )
}
