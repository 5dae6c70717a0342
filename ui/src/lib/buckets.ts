/** Buckets of a histogram as a chart draws them: every one of the range, also those without rows. */

export interface Counted {
  time: string
  counts: Record<string, number>
}

export interface Columns {
  times: number[]
  series: { name: string; counts: number[] }[]
}

/** Buckets that a chart draws at most; a longer range is cut at its newer end. */
export const BUCKETS_MAX = 1000

export function columnsOf(buckets: readonly Counted[], bucketMs: number, from: number, to: number): Columns {
  const known = new Map(buckets.map((bucket) => [Date.parse(bucket.time), bucket.counts]))
  const first = Math.floor(from / bucketMs) * bucketMs
  const times: number[] = []
  for (let time = first; time < to && times.length < BUCKETS_MAX; time += bucketMs) times.push(time)
  const names = [...new Set(buckets.flatMap((bucket) => Object.keys(bucket.counts)))]
  const series = names.map((name) => ({ name, counts: times.map((time) => known.get(time)?.[name] ?? 0) }))
  return { times, series }
}
