/**
 * Ranges of time as people type them and as links carry them.
 *
 * A link holds two expressions: `now-6h`, or an absolute RFC 3339 time. They stay as they were chosen, so that a
 * reload moves with the clock; "share" writes them absolute.
 */

import type { Zone } from './zone'
import { addDays, instantOf, startOfDay, wallTime } from './zone'
import { rfc3339 } from './instant'

/** Both ends as expressions; an open `to` is now. */
export interface RangeText {
  from: string
  to: string
}

/** Both ends in milliseconds since 1970; `to` is not included. */
export interface Range {
  from: number
  to: number
}

export const PRESETS = ['5m', '15m', '1h', '6h', '24h', '7d', '14d', '30d'] as const
export type Preset = (typeof PRESETS)[number]

export function presetRange(preset: string): RangeText {
  return { from: `now-${preset}`, to: 'now' }
}

/** The preset that a range is, if it is one. */
export function presetOf(range: RangeText): Preset | undefined {
  if (range.to !== 'now') return undefined
  return PRESETS.find((preset) => range.from === `now-${preset}`)
}

const UNITS: Record<string, number> = {
  ms: 1,
  s: 1000,
  sec: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** Milliseconds of `90s`, `1h30m`, `7d`; undefined if it is no duration. */
export function durationOf(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*(ms|sec|s|min|m|h|d|w)/g)]
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text.replace(/\s+(?=\d)/g, '')) return undefined
  return parts.reduce((sum, [, size, unit]) => sum + Number(size) * (UNITS[unit ?? ''] ?? 0), 0)
}

/** The instant of one expression; undefined if it is none. */
export function resolveInstant(text: string, now: number, zone: Zone): number | undefined {
  const typed = text.trim()
  const relative = /^now(?:\s*-\s*(.+))?$/i.exec(typed)
  if (relative !== null) {
    const back = relative[1] === undefined ? 0 : durationOf(relative[1])
    return back === undefined ? undefined : now - back
  }
  if (/^\d{9,19}(\.\d+)?$/.test(typed)) return epoch(typed)
  return absolute(typed, now, zone)
}

/** Seconds, milliseconds, microseconds or nanoseconds, by the number of digits. */
function epoch(text: string): number {
  const digits = text.split('.')[0]?.length ?? 0
  const value = Number(text)
  if (digits <= 11) return value * 1000
  if (digits <= 14) return value
  return digits <= 17 ? value / 1000 : value / 1e6
}

const ABSOLUTE =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2})(?::(\d{2}))?(?::(\d{2}))?(?:[.,](\d+))?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i

function absolute(text: string, now: number, zone: Zone): number | undefined {
  const found = ABSOLUTE.exec(text)
  if (found === null) return clockTime(text, now, zone)
  const [, year, month, day, hour, minute, second, fraction, offset] = found
  const part = (value: string | undefined): number => Number(value ?? 0)
  const wall = {
    year: part(year),
    month: part(month),
    day: part(day),
    hour: part(hour),
    minute: part(minute),
    second: part(second),
  }
  if (wall.month > 12 || wall.month < 1 || wall.day > 31 || wall.day < 1 || wall.hour > 24) return undefined
  if (wall.minute > 59 || wall.second > 60) return undefined
  const milliseconds = fraction === undefined ? 0 : Number(`0.${fraction}`) * 1000
  if (offset === undefined) return instantOf(wall, zone) + milliseconds
  const utc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second) + milliseconds
  return utc - offsetMillis(offset)
}

function offsetMillis(text: string): number {
  const found = /^([+-])(\d{2}):?(\d{2})$/.exec(text)
  if (found === null) return 0
  const size = Number(found[2]) * 3_600_000 + Number(found[3]) * 60_000
  return found[1] === '-' ? -size : size
}

/** `14:00`, `14:00:30`, of today. */
function clockTime(text: string, now: number, zone: Zone): number | undefined {
  const found = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text)
  if (found === null || Number(found[1]) > 24 || Number(found[2]) > 59) return undefined
  const [hour, minute, second] = [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)]
  return instantOf({ ...wallTime(now, zone), hour, minute, second }, zone)
}

export function resolveRange(text: RangeText, now: number, zone: Zone): Range | undefined {
  const from = resolveInstant(text.from, now, zone)
  const to = resolveInstant(text.to, now, zone)
  if (from === undefined || to === undefined || from >= to) return undefined
  return { from, to }
}

/** What others see when they open the link later. */
export function absoluteRange(text: RangeText, now: number, zone: Zone): RangeText {
  const range = resolveRange(text, now, zone)
  return range === undefined ? text : { from: rfc3339(range.from), to: rfc3339(range.to) }
}

const DAYS: Record<string, number> = { today: 0, yesterday: -1, היום: 0, אתמול: -1 }
const NOW = /^(now|עכשיו)$/i

/**
 * The range of a typed text: `6h`, `last 90 minutes`, `now-6h`, `yesterday`, `yesterday 14:00-15:00`,
 * `2026-11-21 14:00 - 15:30`, `2026-11-21`, a single instant (five minutes to each side).
 */
export function parseRange(typed: string, now: number, zone: Zone): RangeText | undefined {
  const text = typed.trim().replace(/\s+/g, ' ').replace(/[–—]/g, '-')
  if (text === '') return undefined
  const length = durationOf(normalUnits(text.replace(/^(last|past) /i, '')))
  if (length !== undefined && length > 0) return presetRange(normalUnits(text.replace(/^(last|past) /i, '')))
  return namedDay(text, now, zone) ?? twoEnds(text, now, zone) ?? around(text, now, zone)
}

function normalUnits(text: string): string {
  return text
    .replace(/\s*(minutes?|mins?)\b/gi, 'm')
    .replace(/\s*(hours?|hrs?)\b/gi, 'h')
    .replace(/\s*(seconds?|secs?)\b/gi, 's')
    .replace(/\s*days?\b/gi, 'd')
    .replace(/\s*weeks?\b/gi, 'w')
}

function namedDay(text: string, now: number, zone: Zone): RangeText | undefined {
  const [first = '', ...others] = text.split(' ')
  const apart = DAYS[first.toLowerCase()]
  const day = apart === undefined ? writtenDay(first, zone) : startOfDay(addDays(now, apart, zone), zone)
  if (day === undefined) return undefined
  const next = addDays(day, 1, zone)
  const rest = others.join(' ')
  if (rest === '') {
    return { from: rfc3339(day), to: apart === 0 ? 'now' : rfc3339(next) }
  }
  const ends = /^(\d{1,2}:\d{2}(?::\d{2})?)(?: ?- ?(\d{1,2}:\d{2}(?::\d{2})?))?$/.exec(rest)
  if (ends?.[1] === undefined) return undefined
  const from = clockTime(ends[1], day, zone)
  if (from === undefined) return undefined
  if (ends[2] === undefined) return { from: rfc3339(from - 300_000), to: rfc3339(from + 300_000) }
  const to = clockTime(ends[2], day, zone)
  if (to === undefined) return undefined
  // `23:00-01:00` ends on the next day.
  return { from: rfc3339(from), to: rfc3339(to > from ? to : addDays(to, 1, zone)) }
}

function writtenDay(text: string, zone: Zone): number | undefined {
  return /^\d{4}-\d{1,2}-\d{1,2}$/.test(text) ? resolveInstant(text, 0, zone) : undefined
}

function twoEnds(text: string, now: number, zone: Zone): RangeText | undefined {
  for (const [left, right] of splits(text)) {
    const from = resolveInstant(left, now, zone)
    // A bare time of day is one of the day on which the range begins.
    const to = resolveInstant(right, /^now/i.test(right) ? now : (from ?? now), zone) ?? (NOW.test(right) ? now : undefined)
    if (from !== undefined && to !== undefined && from < to) {
      return { from: written(left, from), to: written(right, to) }
    }
  }
  return undefined
}

/** A relative end stays relative. */
function written(text: string, at: number): string {
  if (NOW.test(text)) return 'now'
  return /^now/i.test(text) ? text.toLowerCase().replace(/\s/g, '') : rfc3339(at)
}

function splits(text: string): [string, string][] {
  const marks = [...text.matchAll(/ - | to |\.\.|-/g)]
  return marks.map((mark) => [text.slice(0, mark.index).trim(), text.slice(mark.index + mark[0].length).trim()])
}

function around(text: string, now: number, zone: Zone): RangeText | undefined {
  const at = resolveInstant(text, now, zone)
  if (at === undefined) return undefined
  if (/^now-/i.test(text)) return { from: text.toLowerCase().replace(/\s/g, ''), to: 'now' }
  return { from: rfc3339(at - 300_000), to: rfc3339(at + 300_000) }
}

/** Twice as long around the same middle; never beyond now. */
export function zoomOut(range: Range, now: number): Range {
  const half = (range.to - range.from) / 2
  return { from: range.from - half, to: Math.min(range.to + half, Math.max(now, range.to)) }
}
