/** The histogram of a list, by level or severity. The chart itself is loaded when it is first needed. */

import { lazy, Suspense, useMemo } from 'react'

import type { Histogram } from '../api/lists'
import type { Series } from '../kit/Chart'
import { useText } from '../kit/language'
import { Loading } from '../kit/States'
import { columnsOf } from '../lib/buckets'
import type { Range } from '../lib/range'
import { toneOf } from './Marks'
import { PARTS } from './text'

const Chart = lazy(() => import('../kit/Chart').then((module) => ({ default: module.Chart })))

const ORDER = ['', 'TRACE', 'DEBUG', 'INFO', 'WARN', 'WARNING', 'ERROR', 'FATAL', 'CRITICAL']

interface Props {
  histogram: Histogram | undefined
  range: Range
  onZoom: (range: Range) => void
  /** What a press on the name of a level does. */
  onLevel?: ((level: string) => void) | undefined
}

export function HistogramChart({ histogram, range, onZoom, onLevel }: Props) {
  const texts = useText(PARTS)
  const bucketMs = (histogram?.bucket_seconds ?? 60) * 1000
  const { from, to } = range
  const drawn = useMemo(() => {
    const { times, series } = columnsOf((histogram?.buckets ?? []) as { time: string; counts: Record<string, number> }[], bucketMs, from, to)
    // Some rows have no level; where rows of this kind never have one, nothing is missing.
    const unnamed = histogram?.by === '' ? texts.all : texts.noSeverity
    const sorted = series.sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name))
    return { times, series: sorted.map((one) => ({ ...one, tone: toneOf(one.name), name: one.name === '' ? unnamed : one.name, ...choiceOf(one.name, texts.only, onLevel) })) }
  }, [histogram, bucketMs, from, to, texts, onLevel])
  if (histogram === undefined) return <Loading lines={3} />
  return (
    <Suspense fallback={<Loading lines={3} />}>
      <Chart label={texts.histogram} times={drawn.times} bucketMs={bucketMs} series={drawn.series} onZoom={onZoom} />
    </Suspense>
  )
}

function choiceOf(level: string, only: (value: string) => string, onLevel: Props['onLevel']): Pick<Series, 'choose'> {
  return onLevel === undefined || level === '' ? {} : { choose: { label: only(level), run: () => onLevel(level) } }
}
