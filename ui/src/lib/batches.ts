/** Rows of one batch that follow one another become one line. */

import type { Row } from './json'
import { text } from './json'

export interface Line {
  first: Row
  /** All rows of the line, the first included. */
  rows: Row[]
}

/** One line per row, as a batch looks once it was opened. */
export function opened(rows: readonly Row[]): Line[] {
  return rows.map((row) => ({ first: row, rows: [row] }))
}

export function collapsed(rows: readonly Row[]): Line[] {
  const lines: Line[] = []
  for (const row of rows) {
    const batch = text(row, 'batch_id')
    const before = lines.at(-1)
    if (batch !== undefined && before !== undefined && text(before.first, 'batch_id') === batch) before.rows.push(row)
    else lines.push({ first: row, rows: [row] })
  }
  return lines
}
