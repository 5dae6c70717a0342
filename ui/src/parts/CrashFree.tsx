/** Sessions over time, those that ended in a crash apart, and the share of those that did not. */

import { lazy, Suspense, useMemo } from 'react'

import type { ReleaseHealthAnswer } from '../api/releases'
import { useLanguage, useText } from '../kit/language'
import { Loading } from '../kit/States'
import { count, finePercent } from '../lib/numbers'
import type { Address } from './address'
import { zoomTo } from './RangeBar'
import { RELEASES_SHARED } from './releases-text'

const Chart = lazy(() => import('../kit/Chart').then((module) => ({ default: module.Chart })))

export function CrashFree({ health, address }: { health: ReleaseHealthAnswer; address: Address }) {
  const texts = useText(RELEASES_SHARED)
  const language = useLanguage()
  const { over_time: buckets, bucket_seconds: width, sessions, crashed, crash_free_sessions: free } = health
  const { times, series } = useMemo(
    () => ({
      times: buckets.map(({ time }) => Date.parse(time)),
      series: [
        { name: texts.sound, tone: 'good', counts: buckets.map((bucket) => bucket.sessions - bucket.crashed) },
        { name: texts.crashed, tone: 'error', counts: buckets.map((bucket) => bucket.crashed) },
      ],
    }),
    [buckets, texts],
  )
  return (
    <>
      <p>
        <strong>{free === undefined ? '—' : finePercent(free)}</strong> {texts.crashFreeOf(count(sessions, language), sessions, count(crashed, language))}
      </p>
      <Suspense fallback={<Loading lines={3} />}>
        <Chart label={texts.overTime} times={times} bucketMs={width * 1000} series={series} onZoom={zoomTo(address)} />
      </Suspense>
    </>
  )
}
