/** Rows of a live tail, newest first: those shown, and those that wait while somebody reads. */

/** A row under a name that it keeps for as long as it is on the screen: rows have no id in every signal. */
export interface Line<T> {
  sequence: number
  row: T
}

export interface Lines<T> {
  shown: readonly Line<T>[]
  waiting: readonly Line<T>[]
  /** All that came meanwhile, also what is no longer kept. */
  meanwhile: number
  /** Rows that may yet be repetitions, since a stream that is opened again begins with its newest rows. */
  repeatable: number
  next: number
}

export type LiveEvent<T> =
  | { kind: 'opened'; backlog: number }
  | { kind: 'came'; rows: readonly T[]; isReading: boolean }
  | { kind: 'show' }
  | { kind: 'clear' }

export interface Keeping<T> {
  /** Rows that are kept, shown and waiting each. */
  max: number
  /** What two rows that are the same one have in common. */
  nameOf: (row: T) => string
}

export function noLines<T>(): Lines<T> {
  return { shown: [], waiting: [], meanwhile: 0, repeatable: 0, next: 0 }
}

export function linesAfter<T>(before: Lines<T>, event: LiveEvent<T>, keeping: Keeping<T>): Lines<T> {
  switch (event.kind) {
    case 'opened':
      return { ...before, repeatable: before.next === 0 ? 0 : event.backlog }
    case 'came':
      return came(before, event.rows, event.isReading, keeping)
    case 'show':
      if (before.waiting.length === 0) return before
      return { ...before, shown: [...before.waiting, ...before.shown].slice(0, keeping.max), waiting: [], meanwhile: 0 }
    case 'clear':
      return { ...noLines<T>(), next: before.next, repeatable: before.repeatable }
  }
}

function came<T>(before: Lines<T>, rows: readonly T[], isReading: boolean, { max, nameOf }: Keeping<T>): Lines<T> {
  const repeated = rows.slice(0, before.repeatable)
  const known = new Set(repeated.length === 0 ? [] : [...before.shown, ...before.waiting].map(({ row }) => nameOf(row)))
  const fresh = [...repeated.filter((row) => !known.has(nameOf(row))), ...rows.slice(repeated.length)]
  const lines = fresh.map((row, at): Line<T> => ({ sequence: before.next + at, row })).reverse()
  const after = { ...before, repeatable: before.repeatable - repeated.length, next: before.next + lines.length }
  // Whatever waits goes before what is shown: as long as anything waits, all must.
  if (isReading || before.waiting.length > 0) {
    return { ...after, waiting: [...lines, ...before.waiting].slice(0, max), meanwhile: before.meanwhile + lines.length }
  }
  return { ...after, shown: [...lines, ...before.shown].slice(0, max) }
}
