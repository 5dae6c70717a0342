/** What would take back a change that the trail holds: of projects and users, field by field. */

import { changesOf } from '../../lib/changes'
import type { Row } from '../../lib/json'
import { text } from '../../lib/json'

export type Undo =
  | { kind: 'project'; slug: string; change: { name?: string; archived?: boolean } }
  | { kind: 'user'; id: string; change: { name?: string; role?: string; disabled?: boolean } }

/** Why there is nothing to take back: it was made or has an end of its own, or the same field changed again. */
export type Kept = 'final' | 'changed-since'

export interface TrailEntry {
  row: Row
  undo: Undo | Kept
}

/** The entries, newest first, each with what would undo it. Only the newest change of a field can be taken back. */
export function withUndo(rows: readonly Row[]): TrailEntry[] {
  const changed = new Set<string>()
  return rows.map((row) => {
    const target = `${text(row, 'target_type') ?? ''} ${text(row, 'target_id') ?? ''}`
    const fields = changesOf(row['changes']).map(({ field }) => `${target} ${field}`)
    const isOld = fields.some((field) => changed.has(field))
    for (const field of fields) changed.add(field)
    const undo = undoOf(row)
    return { row, undo: undo === undefined ? 'final' : isOld ? 'changed-since' : undo }
  })
}

function undoOf(row: Row): Undo | undefined {
  const id = text(row, 'target_id')
  if (id === undefined || text(row, 'outcome') !== 'success') return undefined
  const before = new Map<string, string>()
  for (const change of changesOf(row['changes'])) {
    // What had no value before was made by this change.
    if (typeof change.before !== 'string') return undefined
    before.set(change.field, change.before)
  }
  const [name, role, state] = [before.get('name'), before.get('role'), before.get('state')]
  if (name === undefined && role === undefined && state === undefined) return undefined
  const named = name === undefined ? {} : { name }
  switch (text(row, 'target_type')) {
    case 'project':
      return { kind: 'project', slug: id, change: { ...named, ...(state === undefined ? {} : { archived: state === 'archived' }) } }
    case 'user':
      return { kind: 'user', id, change: { ...named, ...(role === undefined ? {} : { role }), ...(state === undefined ? {} : { disabled: state === 'disabled' }) } }
    default:
      return undefined
  }
}
