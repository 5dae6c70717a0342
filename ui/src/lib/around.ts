/** What happened around an event: several timelines as one, each row once and by the key that binds it most closely. */

import { compareInstants } from './cases'
import type { Row } from './json'
import { text } from './json'

/** What an event is followed by, the closest first: what timelines ask for, and the column that has it. */
const FOLLOWED: readonly [ask: string, column: string][] = [
  ['correlation_id', 'correlation_id'],
  ['trace_id', 'trace_id'],
  ['session_id', 'session_id'],
  ['actor', 'actor_id'],
  ['actor', 'actor_email'],
]

/** The keys that the event has: request, trace, session, user. An application may know its users by id or by address. */
export function keysOf(event: Row): [string, string][] {
  return FOLLOWED.flatMap(([ask, column]) => {
    const value = text(event, column)
    return value === undefined || value === '' ? [] : [[ask, value] as [string, string]]
  })
}

interface Joined {
  time: string
  seq?: number
}

/** Rows of several timelines, in the order of the keys; a row that several have is that of the first. */
export function merged<T extends Joined>(timelines: readonly (readonly T[])[], nameOf: (row: T) => string): T[] {
  const rows = new Map<string, T>()
  for (const row of timelines.flat()) {
    const name = nameOf(row)
    if (!rows.has(name)) rows.set(name, row)
  }
  return [...rows.values()].sort((a, b) => compareInstants(a.time, b.time) || (a.seq ?? 0) - (b.seq ?? 0))
}
