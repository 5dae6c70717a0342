/** The lines of the feed, newest first: those shown, and those that wait while somebody reads. */

import type { ActivityRow } from '../../api/activity'

/** Lines that the page keeps, shown and waiting each. */
export const LINES_MAX = 200

export interface Line {
  /** Names the line on the screen for as long as it is there: rows have no id in every signal. */
  sequence: number
  row: ActivityRow
}

export interface Lines {
  shown: Line[]
  waiting: Line[]
  /** All that came meanwhile, also what is no longer kept. */
  meanwhile: number
  /** Rows that may yet be repetitions, since a stream that is opened again begins with its newest rows. */
  repeatable: number
  next: number
}

export type Event =
  | { kind: 'opened'; backlog: number }
  | { kind: 'came'; rows: readonly ActivityRow[]; isReading: boolean }
  | { kind: 'show' }
  | { kind: 'clear' }

export const NO_LINES: Lines = { shown: [], waiting: [], meanwhile: 0, repeatable: 0, next: 0 }

export function linesAfter(before: Lines, event: Event): Lines {
  switch (event.kind) {
    case 'opened':
      return { ...before, repeatable: before.next === 0 ? 0 : event.backlog }
    case 'came':
      return came(before, event.rows, event.isReading)
    case 'show':
      return { ...before, shown: [...before.waiting, ...before.shown].slice(0, LINES_MAX), waiting: [], meanwhile: 0 }
    case 'clear':
      return { ...NO_LINES, next: before.next, repeatable: before.repeatable }
  }
}

function came(before: Lines, rows: readonly ActivityRow[], isReading: boolean): Lines {
  const repeated = rows.slice(0, before.repeatable)
  const known = new Set(repeated.length === 0 ? [] : [...before.shown, ...before.waiting].map(({ row }) => nameOf(row)))
  const fresh = [...repeated.filter((row) => !known.has(nameOf(row))), ...rows.slice(repeated.length)]
  const lines = fresh.map((row, at): Line => ({ sequence: before.next + at, row })).reverse()
  const after = { ...before, repeatable: before.repeatable - repeated.length, next: before.next + lines.length }
  // Whatever waits goes before what is shown: as long as anything waits, all must.
  if (isReading || before.waiting.length > 0) {
    return { ...after, waiting: [...lines, ...before.waiting].slice(0, LINES_MAX), meanwhile: before.meanwhile + lines.length }
  }
  return { ...after, shown: [...lines, ...before.shown].slice(0, LINES_MAX) }
}

function nameOf(row: ActivityRow): string {
  return [row.time, row.signal, row.id ?? row.summary].join(' ')
}
