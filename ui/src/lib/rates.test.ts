import { describe, expect, it } from 'vitest'

import { minuteColumns, summed } from './rates'

describe('the last hour by minutes', () => {
  const minute = (at: string, rows: Record<string, number>) => ({ at, protocols: Object.entries(rows).map(([protocol, count]) => ({ protocol, rows: count })) })

  it('has a column for each minute, the running one last', () => {
    const { times, series } = minuteColumns('2026-11-28T07:30:20Z', [minute('2026-11-28T07:28:55.979791509Z', { logs: 5 }), minute('2026-11-28T07:30:00Z', { logs: 7, audit: 1 })])
    expect(times).toHaveLength(60)
    expect(new Date(times[59] ?? 0).toISOString()).toBe('2026-11-28T07:30:00.000Z')
    expect(series.map(({ name }) => name)).toEqual(['audit', 'logs'])
    expect(series[1]?.counts.slice(-3)).toEqual([5, 0, 7])
    expect(series[0]?.counts.slice(-3)).toEqual([0, 0, 1])
  })

  it('adds what fell into the same minute, and leaves out what is older', () => {
    const { series } = minuteColumns('2026-11-28T07:30:20Z', [minute('2026-11-28T05:00:00Z', { logs: 9 }), minute('2026-11-28T07:30:00Z', { logs: 1 }), minute('2026-11-28T07:30:10Z', { logs: 2 })])
    expect(series[0]?.counts.reduce((sum, value) => sum + value, 0)).toBe(3)
  })
})

describe('parts of the store', () => {
  it('are summed by name, the largest first', () => {
    const parts = [
      { tier: 'warm', bytes: 5, rows: 1, segments: 1 },
      { tier: 'hot', bytes: 4, rows: 2, segments: 1 },
      { tier: 'hot', bytes: 4, rows: 3, segments: 2 },
    ]
    expect(summed(parts, ({ tier }) => tier)).toEqual([
      { name: 'hot', bytes: 8, rows: 5, segments: 3 },
      { name: 'warm', bytes: 5, rows: 1, segments: 1 },
    ])
  })
})
