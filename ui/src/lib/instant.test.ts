import { describe, expect, it } from 'vitest'

import { ago, clock, duration, fullPrecision, justAfter, millis, offsetText, timeOfDay } from './instant'
import { asText, isObject, number, text } from './json'
import { instantOf, isZone, offsetAt, wallTime, zoneTold } from './zone'

const HOUR = 3_600_000

describe('zones that records tell', () => {
  it.each([
    [{ metadata: { timezone: 'Asia/Jerusalem' } }, 'Asia/Jerusalem'],
    [{ metadata: '{"timezone":"Asia/Jerusalem"}' }, 'Asia/Jerusalem'],
    [{ attributes: { timezone: 'Europe/Berlin' } }, 'Europe/Berlin'],
    [{ contexts: { culture: { timezone: 'America/New_York' } } }, 'America/New_York'],
    [{ metadata: { timezone: 'Moon/Base' } }, undefined],
    [{ metadata: { timezone: 'local' } }, undefined],
    [{ metadata: { timezone: 3 } }, undefined],
    [{ metadata: 'not JSON' }, undefined],
    [{}, undefined],
  ])('%j', (row, expected) => {
    expect(zoneTold(row)).toBe(expected)
  })
})

describe('zones', () => {
  it.each([
    ['UTC', true],
    ['local', true],
    ['Asia/Jerusalem', true],
    ['America/St_Johns', true],
    ['Mars/Olympus', false],
    ['', false],
  ])('%s is one: %s', (name, known) => {
    expect(isZone(name)).toBe(known)
  })

  it.each([
    ['2026-01-15T12:00:00Z', 'Asia/Jerusalem', 2],
    ['2026-07-15T12:00:00Z', 'Asia/Jerusalem', 3],
    ['2026-07-15T12:00:00Z', 'America/St_Johns', -2.5],
    ['1969-12-31T23:59:59.500Z', 'UTC', 0],
  ])('at %s %s is %s hours ahead', (at, zone, hours) => {
    expect(offsetAt(Date.parse(at), zone)).toBe(hours * HOUR)
  })

  it('have a wall clock that leads back to the instant, but for the second of two', () => {
    // Jerusalem: forward on 27 March 2026 at 02:00, back on 25 October at 02:00.
    for (const start of ['2026-03-26T20:00:00Z', '2026-10-24T19:00:00Z']) {
      for (let at = Date.parse(start), end = at + 8 * HOUR; at < end; at += HOUR / 2) {
        const back = instantOf(wallTime(at, 'Asia/Jerusalem'), 'Asia/Jerusalem')
        expect([at, at - HOUR], new Date(at).toISOString()).toContain(back)
        expect(wallTime(back, 'Asia/Jerusalem')).toEqual(wallTime(at, 'Asia/Jerusalem'))
      }
    }
  })
})

describe('instants', () => {
  const at = millis('2026-07-15T12:03:07.250123456Z')

  it('are read to the millisecond, whatever comes behind', () => {
    expect(at).toBe(Date.UTC(2026, 6, 15, 12, 3, 7, 250))
    expect(millis('2026-07-15T12:03:07Z')).toBe(at - 250)
    expect(millis('no time')).toBeNaN()
  })

  it('are written on the clock of their zone', () => {
    expect(clock(at, 'UTC', 'millisecond')).toBe('2026-07-15 12:03:07.250')
    expect(clock(at, 'Asia/Jerusalem', 'minute')).toBe('2026-07-15 15:03')
    expect(timeOfDay(-1, 'UTC', 'millisecond')).toBe('23:59:59.999')
    expect([offsetText(at, 'UTC'), offsetText(at, 'Asia/Jerusalem'), offsetText(at, 'America/St_Johns')]).toEqual(['UTC', 'UTC+03:00', 'UTC−02:30'])
  })

  it('lose nothing on hover', () => {
    expect(fullPrecision('2026-07-15T12:03:07.250123456Z', 'Asia/Jerusalem')).toBe(
      '2026-07-15 15:03:07.250123456 UTC+03:00\n2026-07-15T12:03:07.250123456Z\nepoch 1784116987.250123456',
    )
    expect(fullPrecision('no time', 'UTC')).toBe('no time')
  })

  it.each([
    [0, 'now'],
    [-1_500, '1 second ago'],
    [-59_999, '59 seconds ago'],
    [-60_000, '1 minute ago'],
    [-25 * HOUR, 'yesterday'],
    [2 * HOUR, 'in 2 hours'],
  ])('%s ms from now is %s', (apart, words) => {
    expect(ago(at + apart, at, 'en')).toBe(words)
  })

  it.each([
    [500, '1 µs'],
    [2_500_000, '2.5 ms'],
    [20_000_000, '20 ms'],
    [1_500_000_000, '1.50 s'],
    [90_000_000_000, '1.5 min'],
  ])('%s ns lasts %s', (nanos, words) => {
    expect(duration(nanos)).toBe(words)
  })
})

describe('values from the server', () => {
  it('become texts, and nothing where there is nothing', () => {
    expect(['a', 1, false, { a: [1] }, [null]].map(asText)).toEqual(['a', '1', 'false', '{"a":[1]}', '[null]'])
    expect([asText(null), asText(undefined), text({}, 'a')]).toEqual([undefined, undefined, undefined])
    expect([number({ a: 1 }, 'a'), number({ a: '1' }, 'a')]).toEqual([1, undefined])
    expect([isObject({}), isObject([]), isObject(null)]).toEqual([true, false, false])
  })
})

describe('the next nanosecond', () => {
  it.each([
    ['2026-01-01T00:00:00.123456789Z', '2026-01-01T00:00:00.123456790Z'],
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000000001Z'],
    ['2026-01-01T00:00:00.5+02:00', '2026-01-01T00:00:00.500000001+02:00'],
    ['2026-12-31T23:59:59.999999999Z', '2027-01-01T00:00:00.000Z'],
    ['yesterday', 'yesterday'],
  ])('of %s', (time, next) => expect(justAfter(time)).toBe(next))
})
