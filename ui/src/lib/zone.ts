/** Time zones: what a clock on a wall there shows for an instant, and back. */

import type { Row } from './json'
import { isObject, parsedOf } from './json'

/** `UTC`, `local`, or a name of the IANA database. */
export type Zone = string

export function zoneName(zone: Zone): string {
  return zone === 'local' ? Intl.DateTimeFormat().resolvedOptions().timeZone : zone
}

export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zoneName(name) })
    return true
  } catch {
    return false
  }
}

/** Where records say in which zone their actor was: as we document it, as OpenTelemetry's attributes, as Sentry's SDKs. */
const TOLD_AT = [
  ['metadata', 'timezone'],
  ['attributes', 'timezone'],
  ['contexts', 'culture', 'timezone'],
]

/** The zone in which the actor of a record was, if the record says so and it is one. */
export function zoneTold(row: Row): Zone | undefined {
  const told = TOLD_AT.map((path) => path.reduce<unknown>((value, name) => inside(value, name), row))
  return told.find((name): name is string => typeof name === 'string' && name.includes('/') && isZone(name))
}

function inside(value: unknown, name: string): unknown {
  const parsed = parsedOf(value)
  return isObject(parsed) ? parsed[name] : undefined
}

/** What a wall clock shows. `month` counts from 1. */
export interface WallTime {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

const FORMATS = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: Zone): Intl.DateTimeFormat {
  const name = zoneName(zone)
  const known = FORMATS.get(name)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  FORMATS.set(name, made)
  return made
}

/** The wall clock of a zone at an instant, in milliseconds since 1970. */
export function wallTime(at: number, zone: Zone): WallTime {
  const wall: WallTime = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 }
  for (const { type, value } of formatOf(zone).formatToParts(at)) {
    if (type in wall) wall[type as keyof WallTime] = Number(value)
  }
  return wall
}

/** How far a zone is ahead of UTC at an instant, in milliseconds. */
export function offsetAt(at: number, zone: Zone): number {
  return wallAsUtc(wallTime(at, zone)) - Math.floor(at / 1000) * 1000
}

function wallAsUtc(wall: WallTime): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second)
}

/**
 * The instant at which the wall clock of a zone shows a time. In the hour that a summer time skips the clock shows
 * the time as if it had not been put forward; in the hour that comes twice it is the first of the two.
 */
export function instantOf(wall: WallTime, zone: Zone): number {
  const naive = wallAsUtc(wall)
  const before = naive - offsetAt(naive - 86_400_000, zone)
  const after = naive - offsetAt(naive + 86_400_000, zone)
  const fits = [before, after].filter((at) => wallAsUtc(wallTime(at, zone)) === naive)
  return fits.length > 0 ? Math.min(...fits) : before
}

/** The start of the day that an instant lies in. */
export function startOfDay(at: number, zone: Zone): number {
  return instantOf({ ...wallTime(at, zone), hour: 0, minute: 0, second: 0 }, zone)
}

/** The same time of day so many days later; not 24 hours where a summer time begins or ends. */
export function addDays(at: number, days: number, zone: Zone): number {
  const wall = wallTime(at, zone)
  return instantOf({ ...wall, day: wall.day + days }, zone)
}
