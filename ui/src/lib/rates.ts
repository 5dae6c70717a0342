/** What came in, minute by minute, as columns of a chart. */

import { millis } from './instant'

const MINUTE_MS = 60_000
const MINUTES = 60

interface Counted {
  protocol: string
  rows: number
}

interface Minute {
  at: string
  protocols: readonly Counted[]
}

export interface RateColumns {
  /** Starts of the last 60 minutes, the running one last. */
  times: number[]
  series: { name: string; counts: number[] }[]
}

/** A minute of which the server says nothing is one in which nothing came, or before it counted. */
export function minuteColumns(at: string, minutes: readonly Minute[]): RateColumns {
  const last = Math.floor(millis(at) / MINUTE_MS) * MINUTE_MS
  const times = Array.from({ length: MINUTES }, (_, index) => last - (MINUTES - 1 - index) * MINUTE_MS)
  const counts = new Map<string, number[]>()
  for (const minute of minutes) {
    const index = Math.floor((millis(minute.at) - (times[0] ?? 0)) / MINUTE_MS)
    for (const { protocol, rows } of minute.protocols) {
      const column = counts.get(protocol) ?? new Array<number>(MINUTES).fill(0)
      counts.set(protocol, column)
      if (index >= 0 && index < MINUTES) column[index] = (column[index] ?? 0) + rows
    }
  }
  const names = [...counts.keys()].sort()
  return { times, series: names.map((name) => ({ name, counts: counts.get(name) ?? [] })) }
}

interface Part {
  bytes: number
  rows: number
  segments: number
}

/** Sums of parts under one name, the largest first. */
export function summed<T extends Part>(parts: readonly T[], nameOf: (part: T) => string): (Part & { name: string })[] {
  const sums = new Map<string, Part & { name: string }>()
  for (const part of parts) {
    const name = nameOf(part)
    const sum = sums.get(name) ?? { name, bytes: 0, rows: 0, segments: 0 }
    sums.set(name, { name, bytes: sum.bytes + part.bytes, rows: sum.rows + part.rows, segments: sum.segments + part.segments })
  }
  return [...sums.values()].sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1))
}
