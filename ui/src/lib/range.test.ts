import { describe, expect, it } from 'vitest'

import { absoluteRange, durationOf, parseRange, presetOf, resolveInstant, resolveRange, zoomOut } from './range'
import { addDays, instantOf, startOfDay } from './zone'

// A Saturday, 12:00 in UTC and 13:00 in Berlin.
const NOW = Date.UTC(2026, 10, 28, 12)
const BERLIN = 'Europe/Berlin'

describe('typed ranges', () => {
  const cases: [string, string, string][] = [
    ['6h', 'now-6h', 'now'],
    ['last 90 minutes', 'now-90m', 'now'],
    ['now-2d', 'now-2d', 'now'],
    ['today', '2026-11-28T00:00:00.000Z', 'now'],
    ['yesterday', '2026-11-27T00:00:00.000Z', '2026-11-28T00:00:00.000Z'],
    ['אתמול', '2026-11-27T00:00:00.000Z', '2026-11-28T00:00:00.000Z'],
    ['yesterday 14:00-15:00', '2026-11-27T14:00:00.000Z', '2026-11-27T15:00:00.000Z'],
    ['yesterday 14:00–15:00', '2026-11-27T14:00:00.000Z', '2026-11-27T15:00:00.000Z'],
    ['yesterday 23:00-01:00', '2026-11-27T23:00:00.000Z', '2026-11-28T01:00:00.000Z'],
    ['2026-11-21', '2026-11-21T00:00:00.000Z', '2026-11-22T00:00:00.000Z'],
    ['2026-11-21 14:00 - 2026-11-21 15:30', '2026-11-21T14:00:00.000Z', '2026-11-21T15:30:00.000Z'],
    ['now-2h to now-1h', 'now-2h', 'now-1h'],
    ['1795824000', '2026-11-27T23:55:00.000Z', '2026-11-28T00:05:00.000Z'],
    ['2026-11-21T14:00:00Z', '2026-11-21T13:55:00.000Z', '2026-11-21T14:05:00.000Z'],
  ]
  it.each(cases)('%s', (typed, from, to) => {
    expect(parseRange(typed, NOW, 'UTC')).toEqual({ from, to })
  })

  it.each(['', 'nonsense', '2026-13-01', '15:00-', 'yesterday at noon', 'now-'])('%j is none', (typed) => {
    expect(parseRange(typed, NOW, 'UTC')).toBeUndefined()
  })

  it('counts in the zone of the screen', () => {
    expect(parseRange('yesterday 14:00-15:00', NOW, BERLIN)).toEqual({ from: '2026-11-27T13:00:00.000Z', to: '2026-11-27T14:00:00.000Z' })
  })
})

describe('instants', () => {
  it.each([
    ['1795824000', 1795824000000],
    ['1795824000000', 1795824000000],
    ['1795824000000000000', 1795824000000],
    ['2026-11-28T02:00:00+02:00', 1795824000000],
    ['now-1h30m', NOW - 5_400_000],
  ])('%s', (text, at) => {
    expect(resolveInstant(text, NOW, 'UTC')).toBe(at)
  })

  it('durations have units', () => {
    expect(durationOf('1h30m')).toBe(5_400_000)
    expect(durationOf('5')).toBeUndefined()
    expect(durationOf('h')).toBeUndefined()
  })
})

describe('summer time', () => {
  it('the hour that is skipped and the one that comes twice have an instant', () => {
    const wall = { year: 2026, month: 3, day: 29, hour: 2, minute: 30, second: 0 }
    expect(new Date(instantOf(wall, BERLIN)).toISOString()).toBe('2026-03-29T01:30:00.000Z')
    const twice = { year: 2026, month: 10, day: 25, hour: 2, minute: 30, second: 0 }
    expect(new Date(instantOf(twice, BERLIN)).toISOString()).toBe('2026-10-25T00:30:00.000Z')
  })

  it('a day may have 23 or 25 hours', () => {
    const spring = startOfDay(Date.UTC(2026, 2, 29, 12), BERLIN)
    expect(addDays(spring, 1, BERLIN) - spring).toBe(23 * 3_600_000)
    const autumn = startOfDay(Date.UTC(2026, 9, 25, 12), BERLIN)
    expect(addDays(autumn, 1, BERLIN) - autumn).toBe(25 * 3_600_000)
  })
})

describe('links', () => {
  it('share writes absolute time', () => {
    expect(absoluteRange({ from: 'now-1h', to: 'now' }, NOW, 'UTC')).toEqual({ from: '2026-11-28T11:00:00.000Z', to: '2026-11-28T12:00:00.000Z' })
  })

  it('knows presets, refuses what ends before it begins, and widens', () => {
    expect(presetOf({ from: 'now-6h', to: 'now' })).toBe('6h')
    expect(presetOf({ from: 'now-6h', to: '2026-11-28' })).toBeUndefined()
    expect(resolveRange({ from: 'now', to: 'now-1h' }, NOW, 'UTC')).toBeUndefined()
    expect(zoomOut({ from: NOW - 2000, to: NOW - 1000 }, NOW)).toEqual({ from: NOW - 2500, to: NOW - 500 })
    expect(zoomOut({ from: NOW - 2000, to: NOW }, NOW).to).toBe(NOW)
  })
})
