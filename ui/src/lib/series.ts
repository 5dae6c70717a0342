/** Series of counts as a chart draws them: the most frequent ones, and all others together. */

export interface Valued {
  /** Absent for what does not say, and for the others together. */
  value?: string
  others: boolean
  buckets: readonly number[]
}

export interface Shown {
  kind: 'value' | 'none' | 'others'
  value: string
  tone: string
  counts: number[]
}

const TONES = ['first', 'second', 'third', 'fourth', 'fifth']

/** So many as have a tone of their own, in the order in which they come, and what is left together. */
export function shownSeries(values: readonly Valued[], buckets: number): Shown[] {
  const shown: Shown[] = []
  const others: Shown = { kind: 'others', value: '', tone: 'plain', counts: new Array<number>(buckets).fill(0) }
  for (const { value, others: isOthers, buckets: counts } of values) {
    const tone = TONES[shown.length]
    if (isOthers || tone === undefined) others.counts = others.counts.map((sum, at) => sum + (counts[at] ?? 0))
    else shown.push({ kind: value === undefined ? 'none' : 'value', value: value ?? '', tone, counts: [...counts] })
  }
  return others.counts.some((sum) => sum > 0) ? [...shown, others] : shown
}

/** Starts of buckets that follow each other, the first at or before `from`, in milliseconds since 1970. */
export function bucketTimes(from: string, bucketMs: number, buckets: number): number[] {
  const first = Math.floor(Date.parse(from) / bucketMs) * bucketMs
  return Array.from({ length: buckets }, (_, at) => first + at * bucketMs)
}
