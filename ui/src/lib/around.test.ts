import { describe, expect, it } from 'vitest'

import { keysOf, merged } from './around'

describe('what happened around an event', () => {
  it('is followed by what the event has, the closest first', () => {
    expect(keysOf({ actor_email: 'ann@example.com', session_id: '', trace_id: 'ab', correlation_id: 'r-1' })).toEqual([
      ['correlation_id', 'r-1'],
      ['trace_id', 'ab'],
      ['actor', 'ann@example.com'],
    ])
    expect(keysOf({ actor_id: '7', actor_email: 'ann@example.com' })).toEqual([['actor', '7'], ['actor', 'ann@example.com']])
    expect(keysOf({})).toEqual([])
  })

  it('has each row once, by its closest key, in order of time', () => {
    const row = (time: string, seq: number, by: string) => ({ time, seq, by })
    const byRequest = [row('2026-01-01T00:00:01Z', 2, 'request'), row('2026-01-01T00:00:01Z', 1, 'request')]
    const byUser = [row('2026-01-01T00:00:01Z', 1, 'user'), row('2026-01-01T00:00:00.5Z', 9, 'user')]
    expect(merged([byRequest, byUser], ({ time, seq }) => `${time} ${seq}`).map(({ seq, by }) => `${seq} ${by}`)).toEqual(['9 user', '1 request', '2 request'])
  })
})
