import { describe, expect, it } from 'vitest'

import { placed } from './lanes'

describe('rows on lanes', () => {
  it('stand between the first and the last of all lanes', () => {
    const rows = [
      { lane: 'logs', at: 30 },
      { lane: 'audit', at: 10 },
      { lane: 'logs', at: 20 },
    ]
    const { from, to, lanes } = placed(rows, (row) => row)
    expect([from, to]).toEqual([10, 30])
    expect(lanes.map(({ name, marks }) => [name, marks.map(({ share }) => share)])).toEqual([
      ['audit', [0]],
      ['logs', [1, 0.5]],
    ])
  })

  it('of one moment stand at its beginning', () => {
    expect(placed([{ lane: 'a', at: 5 }], (row) => row).lanes[0]?.marks[0]?.share).toBe(0)
    expect(placed([], () => ({ lane: '', at: 0 })).lanes).toEqual([])
  })
})
