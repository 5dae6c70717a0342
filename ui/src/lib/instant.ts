/** Instants as the server writes them (RFC 3339 with nanoseconds), and as people read them. */

import type { Zone } from './zone'
import { offsetAt, wallTime } from './zone'
import type { Language } from './language'
import { localeOf } from './language'

/** Milliseconds since 1970 of an RFC 3339 text; NaN if it is none. */
export function millis(text: string): number {
  return Date.parse(text.replace(/(\.\d{3})\d+/, '$1'))
}

/** RFC 3339 in UTC, as links write absolute times. */
export function rfc3339(at: number): string {
  return new Date(at).toISOString()
}

/** The instant a nanosecond later, for ranges whose end is exclusive. */
export function justAfter(text: string): string {
  const found = /^(.*:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/.exec(text)
  if (found === null) return text
  const [, seconds = '', fraction = '', zone = ''] = found
  const nanos = Number(fraction.padEnd(9, '0')) + 1
  if (nanos < 1_000_000_000) return `${seconds}.${String(nanos).padStart(9, '0')}${zone}`
  return rfc3339(millis(`${seconds}${zone}`) + 1000)
}

const two = (value: number): string => String(value).padStart(2, '0')

export type Precision = 'minute' | 'second' | 'millisecond'

/** `2026-11-21 14:03:07.250`: the same in every language, so that it can be compared and copied. */
export function clock(at: number, zone: Zone, precision: Precision = 'second'): string {
  const wall = wallTime(at, zone)
  const day = `${wall.year}-${two(wall.month)}-${two(wall.day)}`
  return `${day} ${timeOfDay(at, zone, precision)}`
}

export function timeOfDay(at: number, zone: Zone, precision: Precision = 'second'): string {
  const wall = wallTime(at, zone)
  const minutes = `${two(wall.hour)}:${two(wall.minute)}`
  if (precision === 'minute') return minutes
  const seconds = `${minutes}:${two(wall.second)}`
  return precision === 'second' ? seconds : `${seconds}.${String(((at % 1000) + 1000) % 1000).padStart(3, '0')}`
}

/** `UTC`, `UTC+02:00`. */
export function offsetText(at: number, zone: Zone): string {
  const minutes = Math.round(offsetAt(at, zone) / 60_000)
  if (minutes === 0) return 'UTC'
  const size = Math.abs(minutes)
  return `UTC${minutes < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/** Everything that is known: zone, nanoseconds as sent, UTC, epoch. */
export function fullPrecision(text: string, zone: Zone): string {
  const at = millis(text)
  if (Number.isNaN(at)) return text
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? ''
  const nanos = fraction === '' ? '' : `.${fraction}`
  return `${clock(at, zone)}${nanos} ${offsetText(at, zone)}\n${text}\nepoch ${Math.floor(at / 1000)}${nanos}`
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
]

const RELATIVE = new Map<Language, Intl.RelativeTimeFormat>()

/** `3 minutes ago`. */
export function ago(at: number, now: number, language: Language): string {
  let format = RELATIVE.get(language)
  if (format === undefined) {
    format = new Intl.RelativeTimeFormat(localeOf(language), { numeric: 'auto' })
    RELATIVE.set(language, format)
  }
  const apart = at - now
  for (const [unit, size] of STEPS) {
    if (Math.abs(apart) >= size) return format.format(Math.trunc(apart / size), unit)
  }
  return format.format(0, 'second')
}

/** `1.5 s`, `20 ms`, `3 min`. */
export function duration(nanos: number): string {
  const ms = nanos / 1e6
  if (ms < 1) return `${(nanos / 1000).toFixed(0)} µs`
  if (ms < 1000) return `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
  return `${(ms / 60_000).toFixed(1)} min`
}
