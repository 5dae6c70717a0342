/** Before and after of an entry's fields, made to be read. */

import { diffWordsWithSpace } from 'diff'

import { asText, isObject } from './json'

/** What stands in the place of a secret. */
export const SEALED = '[Filtered]'

export interface Change {
  field: string
  before: unknown
  after: unknown
}

/** The list in the column `changes`, narrowed. */
export function changesOf(value: unknown): Change[] {
  if (!Array.isArray(value)) return []
  return value
    .filter(isObject)
    .map((one) => ({ field: asText(one['field']) ?? '', before: parsed(one['before']), after: parsed(one['after']) }))
}

/** Values come as JSON text. What is none is shown as it came. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    return value
  }
}

/** Two sealed values may well differ: nobody can say. */
export function isUnchanged(change: Change): boolean {
  return shown(change.before) !== SEALED && shown(change.before) === shown(change.after)
}

/** Texts as they are, everything else as JSON; nothing for what was not there. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

export interface Piece {
  text: string
  kind: 'same' | 'added' | 'removed'
}

/** Texts longer than this are shown whole, one beside the other: comparing them would block the page. */
export const COMPARED_CHARACTERS_MAX = 20_000

/** Word by word; undefined where there is nothing to compare. */
export function words(change: Change): Piece[] | undefined {
  const [before, after] = [shown(change.before), shown(change.after)]
  if (before === SEALED || after === SEALED) return undefined
  if (before === '' || after === '' || before.length + after.length > COMPARED_CHARACTERS_MAX) return undefined
  if (!/\s/.test(before) && !/\s/.test(after)) return undefined
  return diffWordsWithSpace(before, after).map((part) => ({
    text: part.value,
    kind: part.added ? 'added' : part.removed ? 'removed' : 'same',
  }))
}

/** Changes of objects and of lists of objects, taken apart member by member: `address.city`, `lines[0].price`. */
export function flattened(changes: readonly Change[]): Change[] {
  return changes.flatMap((change) => {
    const { field, before, after } = change
    if (isObject(before) && isObject(after)) {
      const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
      return flattened(names.map((name) => ({ field: `${field}.${name}`, before: before[name], after: after[name] })))
    }
    if (isTree(before) && isTree(after)) {
      const length = Math.max(before.length, after.length)
      return flattened(Array.from({ length }, (_, at) => ({ field: `${field}[${at}]`, before: before[at], after: after[at] })))
    }
    return [change]
  })
}

/** Lists of plain values are read better whole, and so are very long ones. */
const MEMBERS_COMPARED_MAX = 200

function isTree(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length <= MEMBERS_COMPARED_MAX && value.some(isObject)
}
