/** What a case holds, in the order in which a person reads it, and how a row of a list is named to a case. */

import { isObject, text } from './json'
import type { Row } from './json'

/** How the server finds a row: by id where it has one, by time and number otherwise. */
export interface NamedRow {
  signal: string
  project?: string
  id?: string
  time?: string
  seq?: number
}

/** A row of a list of the signal. */
export function namedRow(signal: string, row: Row): NamedRow {
  const [project, id, time, seq] = [text(row, 'project'), text(row, 'id'), text(row, 'time'), row['seq']]
  return {
    signal,
    ...(project === undefined ? {} : { project }),
    ...(id === undefined ? {} : { id }),
    ...(time === undefined ? {} : { time }),
    ...(typeof seq === 'number' ? { seq } : {}),
  }
}

/** A row of a timeline or of the activity, which has its project among its fields. */
export function namedOf(row: { signal: string; time: string; id?: string; seq?: number; fields: Row }): NamedRow {
  const { signal, time, id, seq, fields } = row
  return namedRow(signal, { project: fields['project'], time, id, seq })
}

/** Requests of at most so many rows each. */
export function inRequests<T>(rows: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(rows.length / most) }, (_, at) => rows.slice(at * most, (at + 1) * most))
}

interface Item {
  number: number
  added_at: string
  row?: { time: string; seq: number }
}

/** Rows by the time at which they happened and then as they came in, and notes that stand alone by when they were written. */
export function inOrder<T extends Item>(items: readonly T[]): { rows: T[]; notes: T[] } {
  return {
    rows: items
      .filter((item) => item.row !== undefined)
      .sort((a, b) => compareInstants(a.row?.time ?? '', b.row?.time ?? '') || (a.row?.seq ?? 0) - (b.row?.seq ?? 0) || a.number - b.number),
    notes: items.filter((item) => item.row === undefined).sort((a, b) => compareInstants(a.added_at, b.added_at) || a.number - b.number),
  }
}

/** RFC 3339 in UTC with any number of digits behind the second. */
export function compareInstants(a: string, b: string): number {
  const [left, right] = [sortable(a), sortable(b)]
  return left === right ? 0 : left < right ? -1 : 1
}

function sortable(time: string): string {
  const [seconds = '', fraction = ''] = time.replace(/Z$/, '').split('.')
  return `${seconds}.${fraction.padEnd(9, '0')}`
}

/** Fields of a kept row, without what stands above them already. */
export function keptFields(fields: unknown): Row {
  return isObject(fields) ? Object.fromEntries(Object.entries(fields).filter(([name]) => !ABOVE.includes(name))) : {}
}

/** Changes are shown as such. */
const ABOVE = ['time', 'project', 'changes']
