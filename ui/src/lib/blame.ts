/** For each field of a target, who last set it: the newest change of it wins. */

import type { Change } from './changes'
import { changesOf } from './changes'
import type { Row } from './json'
import { text } from './json'

export interface Blame {
  field: string
  change: Change
  /** The entry that set it. */
  row: Row
}

/** `rows` are entries of one target, newest first. */
export function blameOf(rows: readonly Row[]): Blame[] {
  const last = new Map<string, Blame>()
  for (const row of rows) {
    // What failed or was only announced set nothing.
    if (text(row, 'outcome') === 'failure' || text(row, 'state') === 'intent') continue
    for (const change of changesOf(row['changes'])) {
      if (!last.has(change.field)) last.set(change.field, { field: change.field, change, row })
    }
  }
  return [...last.values()].sort((a, b) => a.field.localeCompare(b.field))
}
