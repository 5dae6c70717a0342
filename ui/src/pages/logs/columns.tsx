/** The columns of log lines: any field can be one. */

import type { FieldCount } from '../../api/lists'
import type { KnownColumn } from '../../kit/ColumnChooser'
import type { RowsColumn } from '../../kit/Rows'
import { SafeText } from '../../kit/SafeText'
import { Time } from '../../kit/Time'
import type { ColumnChoice } from '../../lib/columns'
import type { Row } from '../../lib/json'
import { text } from '../../lib/json'
import { SeverityMark } from '../../parts/Marks'

export const USUAL_COLUMNS = ['time', 'level', 'service', 'body']

const WIDTHS: Record<string, string> = { time: '185px', level: '92px', service: '130px', body: 'minmax(300px, 1fr)' }
const WIDTH_PX = 150

export function drawn(chosen: readonly ColumnChoice[], titleOf: (name: string) => string): RowsColumn<Row>[] {
  // Without the text something else takes what is left.
  const last = chosen.some(({ name, width }) => name === 'body' && width === undefined) ? undefined : chosen.at(-1)
  return chosen.map((choice) => ({
    id: choice.name,
    title: titleOf(choice.name),
    width: choice === last && choice.width === undefined ? `minmax(${WIDTH_PX}px, 1fr)` : trackOf(choice),
    cell: (row) => <Cell name={choice.name} row={row} />,
  }))
}

function trackOf({ name, width }: ColumnChoice): string {
  return width === undefined ? (WIDTHS[name] ?? `${WIDTH_PX}px`) : `${width}px`
}

/** Below this width the table scrolls sideways within itself. */
export function widthOf(chosen: readonly ColumnChoice[]): number {
  return chosen.reduce((sum, { name, width }) => sum + 12 + (width ?? (name === 'body' ? 300 : Number.parseInt(WIDTHS[name] ?? '150', 10))), 12)
}

function Cell({ name, row }: { name: string; row: Row }) {
  const value = text(row, name)
  if (value === undefined) return null
  if (name === 'level') return <SeverityMark severity={value} />
  if (name === 'body') return <SafeText className="code">{value}</SafeText>
  if (name === 'time' || name.endsWith('_at')) return <Time value={value} precision="millisecond" />
  return <SafeText>{value}</SafeText>
}

export function knownColumns(fields: readonly FieldCount[], titleOf: (name: string) => string): KnownColumn[] {
  return fields.map(({ name }) => ({ name, title: titleOf(name) }))
}
