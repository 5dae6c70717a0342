import { describe, expect, it } from 'vitest'

import type { Lines, LiveEvent } from './live'
import { linesAfter as after, noLines } from './live'

const KEEPING = { max: 200, nameOf: (row: string) => row }
const linesAfter = (before: Lines<string>, event: LiveEvent<string>) => after(before, event, KEEPING)
const row = (at: number) => `line ${String(at)}`
const rows = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => row(from + at))
const run = (...events: LiveEvent<string>[]) => events.reduce(linesAfter, noLines<string>())
const seen = (lines: Lines<string>) => lines.shown.map(({ row }) => row)

describe('lines of a live tail', () => {
  it('stand newest first, each under a name that it keeps', () => {
    const first = run({ kind: 'came', rows: rows(1, 2), isReading: false })
    const second = linesAfter(first, { kind: 'came', rows: rows(3, 3), isReading: false })
    expect(seen(second)).toEqual(['line 3', 'line 2', 'line 1'])
    expect(second.shown.slice(1)).toEqual(first.shown)
    expect(new Set(second.shown.map(({ sequence }) => sequence)).size).toBe(3)
  })

  it('wait while somebody reads, and then keep their order', () => {
    const waiting = run(
      { kind: 'came', rows: rows(1, 1), isReading: false },
      { kind: 'came', rows: rows(2, 3), isReading: true },
      // Back at the top, but not yet shown: what comes now must not overtake.
      { kind: 'came', rows: rows(4, 4), isReading: false },
    )
    expect([seen(waiting), waiting.meanwhile]).toEqual([['line 1'], 3])
    const after = linesAfter(waiting, { kind: 'show' })
    expect([seen(after), after.meanwhile]).toEqual([['line 4', 'line 3', 'line 2', 'line 1'], 0])
  })

  it('are bounded, while the counter goes on', () => {
    const many = Array.from({ length: KEEPING.max + 10 }, () => row(1))
    const lines = run({ kind: 'came', rows: many, isReading: false }, { kind: 'came', rows: many, isReading: true })
    expect([lines.shown.length, lines.waiting.length, lines.meanwhile]).toEqual([KEEPING.max, KEEPING.max, KEEPING.max + 10])
  })

  it('are not repeated when the stream is opened again', () => {
    const again = run(
      { kind: 'opened', backlog: 100 },
      { kind: 'came', rows: rows(1, 3), isReading: false },
      { kind: 'opened', backlog: 100 },
      { kind: 'came', rows: rows(2, 3), isReading: false },
      { kind: 'came', rows: rows(3, 4), isReading: false },
    )
    expect(seen(again)).toEqual(['line 4', 'line 3', 'line 2', 'line 1'])
  })

  it('may well be alike within one stream', () => {
    expect(seen(run({ kind: 'opened', backlog: 100 }, { kind: 'came', rows: [row(1), row(1)], isReading: false }))).toEqual(['line 1', 'line 1'])
  })

  it('go when other ones are asked for', () => {
    expect(run({ kind: 'came', rows: rows(1, 3), isReading: true }, { kind: 'clear' })).toMatchObject({ shown: [], waiting: [], meanwhile: 0 })
  })
})
