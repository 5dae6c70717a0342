import { describe, expect, it } from 'vitest'

import { addedFilters, exactly } from './search'
import { bucketTimes, shownSeries } from './series'

describe('series of a chart', () => {
  it('shows five values and adds up the rest with the others', () => {
    const values = ['a', 'b', 'c', 'd', 'e', 'f'].map((value, at) => ({ value, others: false, buckets: [at, 1] }))
    const shown = shownSeries([...values, { others: true, buckets: [10, 0] }], 2)
    expect(shown.map(({ kind, value, counts }) => [kind, value, counts])).toEqual([
      ['value', 'a', [0, 1]],
      ['value', 'b', [1, 1]],
      ['value', 'c', [2, 1]],
      ['value', 'd', [3, 1]],
      ['value', 'e', [4, 1]],
      ['others', '', [15, 1]],
    ])
    expect(new Set(shown.map(({ tone }) => tone)).size).toBe(6)
  })

  it('tells apart what does not say from the others, and leaves out others of which there are none', () => {
    const shown = shownSeries([{ others: false, buckets: [2] }, { value: '', others: false, buckets: [1] }, { others: true, buckets: [0] }], 1)
    expect(shown.map(({ kind }) => kind)).toEqual(['none', 'value'])
  })

  it('begins at or before the range', () => {
    expect(bucketTimes('1970-01-01T00:01:30Z', 60_000, 2)).toEqual([60_000, 120_000])
  })
})

describe('filters of a link', () => {
  it('mean the very value, whatever it begins with', () => {
    expect(['eu', '!x', '>5', '*', '*x', '\\y', ''].map(exactly)).toEqual(['eu', '\\!x', '\\>5', '\\*', '*x', '\\\\y', ''])
  })

  it('are added beside those that are there, each once', () => {
    const search = { level: ['ERROR'], q: ['x'] }
    expect(addedFilters(search, [['level', 'ERROR'], ['level', 'FATAL'], ['tag.region', '!eu']])).toEqual({ level: ['ERROR', 'FATAL'], 'tag.region': ['!eu'] })
  })
})
