/** What a line is called in the link: lines have no id, but a time and a place in the order in which they came. */

import type { Row } from '../../lib/json'
import { text } from '../../lib/json'

export function lineKey(row: Row): string {
  return `${text(row, 'time') ?? ''} ${text(row, 'seq') ?? ''}`
}

/** The time in such a name. */
export function timeOfKey(key: string): string {
  return key.split(' ')[0] ?? ''
}
