/** Which of the fields of log lines are filtered and counted, and which are only read. */

import type { FieldCount } from '../../api/lists'

/** Their values are counted with every filter, and stand open beside the lines. */
export const USUAL_FIELDS = ['level', 'service', 'host', 'environment', 'logger', 'release']

/** The instants, the text itself, and what the store adds: no two lines share a value, or all do. */
const READ_ONLY = ['time', 'received_at', 'observed_at', 'body', 'seq', 'writer', 'project']

export function isFiltered(name: string): boolean {
  return !READ_ONLY.includes(name)
}

/** Fields beside the lines: those that are usual first, the others by how many lines have them. */
export function sideFields(fields: readonly FieldCount[]): FieldCount[] {
  const rank = ({ name }: FieldCount) => (USUAL_FIELDS.includes(name) ? USUAL_FIELDS.indexOf(name) : USUAL_FIELDS.length)
  return fields.filter(({ name, kind }) => isFiltered(name) && kind !== 'time').sort((a, b) => rank(a) - rank(b) || b.rows - a.rows)
}
