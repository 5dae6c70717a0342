import { describe, expect, it } from 'vitest'

import { compareInstants, inOrder, inRequests, keptFields, namedOf, namedRow } from './cases'

describe('rows named to a case', () => {
  it('have an id where there is one, and time and number in any case', () => {
    expect(namedRow('audit_logs', { id: 'a', time: 't', seq: 3, project: 'shop', action: 'x' })).toEqual({ signal: 'audit_logs', id: 'a', time: 't', seq: 3, project: 'shop' })
    expect(namedRow('logs', { time: 't', seq: 0 })).toEqual({ signal: 'logs', time: 't', seq: 0 })
    expect(namedRow('logs', { time: 't', seq: '7' })).toEqual({ signal: 'logs', time: 't' })
  })

  it('are found through their project, which timelines keep among the fields', () => {
    expect(namedOf({ signal: 'logs', time: 't', seq: 4, fields: { project: 'shop', body: 'b' } })).toEqual({ signal: 'logs', time: 't', seq: 4, project: 'shop' })
  })

  it('go in requests that the server takes', () => {
    expect(inRequests([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
    expect(inRequests([], 2)).toEqual([])
  })
})

describe('what a case holds', () => {
  it('is read by time to the nanosecond, notes apart', () => {
    const row = (number: number, time: string) => ({ number, added_at: `2026-01-01T00:00:0${number}Z`, row: { time, seq: 1 } })
    const items = [row(1, '2026-11-28T07:00:00.000000002Z'), { number: 2, added_at: '2026-01-02T00:00:00Z' }, row(3, '2026-11-28T07:00:00Z'), { number: 4, added_at: '2026-01-01T00:00:00Z' }]
    const { rows, notes } = inOrder(items)
    expect(rows.map((item) => item.number)).toEqual([3, 1])
    expect(notes.map((item) => item.number)).toEqual([4, 2])
  })

  it('is read within the same instant as it came in', () => {
    const at = (number: number, time: string, seq: number) => ({ number, added_at: 'x', row: { time, seq } })
    const items = [at(1, '2026-01-01T00:00:00.5Z', 9), at(3, '2026-01-01T00:00:00.500Z', 4), at(2, '2026-01-01T00:00:00.5Z', 4)]
    expect(inOrder(items).rows.map((item) => item.number)).toEqual([2, 3, 1])
    expect(compareInstants('2026-01-01T00:00:00.5Z', '2026-01-01T00:00:00.500000000Z')).toBe(0)
  })

  it('shows the other fields only', () => {
    expect(keptFields({ time: 't', project: 'p', changes: [], body: 'b' })).toEqual({ body: 'b' })
    expect(keptFields(undefined)).toEqual({})
  })
})
