/** What stands in a line, and the choice of it. The link names the columns only when they are not the usual ones. */

import { useMemo } from 'react'

import type { KnownColumn } from '../../kit/ColumnChooser'
import { useLanguage, useText } from '../../kit/language'
import type { RowsColumn } from '../../kit/Rows'
import { SafeText } from '../../kit/SafeText'
import { Time } from '../../kit/Time'
import type { Line } from '../../lib/batches'
import type { ColumnChoice } from '../../lib/columns'
import { text } from '../../lib/json'
import { count } from '../../lib/numbers'
import type { Address } from '../../parts/address'
import { ActorLink, TargetLink } from '../../parts/Links'
import { OutcomeMark, SeverityMark } from '../../parts/Marks'
import { useColumnChoice } from '../../parts/useColumnChoice'
import type { ColumnsInLink } from '../../parts/useColumnChoice'
import { AUDIT } from './text'

const USUAL = ['when', 'who', 'did', 'to', 'result', 'why', 'from'] as const
const ALL = [...USUAL, 'severity', 'category', 'service', 'origin', 'correlation_id'] as const
type ColumnName = (typeof ALL)[number]

export interface EntryColumns extends ColumnsInLink {
  known: readonly (KnownColumn & { name: ColumnName })[]
}

export function useEntryColumns(address: Address): EntryColumns {
  const titles = useTitles()
  const inLink = useColumnChoice(address, USUAL, ALL)
  const known = useMemo(() => ALL.map((name) => ({ name, title: titles[name] })), [titles])
  return { ...inLink, known }
}

/** Below this width the table scrolls sideways within itself. */
export function widthOf(chosen: readonly ColumnChoice[]): number {
  return chosen.reduce((sum, { width }) => sum + (width ?? 118), 12)
}

function useTitles(): Record<ColumnName, string> {
  const texts = useText(AUDIT)
  return useMemo(
    () => ({
      when: texts.when,
      who: texts.who,
      did: texts.did,
      to: texts.toWhat,
      result: texts.result,
      why: texts.why,
      from: texts.from,
      severity: texts.column('severity'),
      category: texts.column('category'),
      service: texts.column('service'),
      origin: texts.column('origin'),
      correlation_id: texts.column('correlation_id'),
    }),
    [texts],
  )
}

/** Tracks of the grid. */
const WIDTHS: Record<ColumnName, string> = {
  when: '150px',
  who: 'minmax(110px, 1.2fr)',
  did: 'minmax(150px, 1.4fr)',
  to: 'minmax(80px, 0.9fr)',
  result: '84px',
  why: 'minmax(80px, 1.2fr)',
  from: '90px',
  severity: '100px',
  category: 'minmax(80px, 0.8fr)',
  service: 'minmax(80px, 0.8fr)',
  origin: '90px',
  correlation_id: 'minmax(110px, 1fr)',
}

/** The chosen columns, in their order. */
export function drawn({ chosen, known }: Pick<EntryColumns, 'chosen' | 'known'>, sizes: ReadonlyMap<string, number>): RowsColumn<Line>[] {
  return chosen.flatMap(({ name, width }) => {
    const column = known.find((one) => one.name === name)
    if (column === undefined) return []
    return [
      {
        id: name,
        title: column.title,
        width: width === undefined ? WIDTHS[column.name] : `${width}px`,
        cell: (line: Line) => <Cell name={column.name} line={line} sizes={sizes} />,
      },
    ]
  })
}

function Cell({ name, line, sizes }: { name: ColumnName; line: Line; sizes: ReadonlyMap<string, number> }) {
  const { first, rows } = line
  switch (name) {
    case 'when':
      return <Time value={text(first, 'time') ?? ''} />
    case 'who':
      return <ActorLink row={first} />
    case 'did':
      return (
        <span className="batch-what">
          <BatchCount line={line} sizes={sizes} />
          <SafeText>{text(first, 'action')}</SafeText>
        </span>
      )
    case 'to':
      return rows.length > 1 ? <SafeText>{text(first, 'target_type')}</SafeText> : <TargetLink row={first} />
    case 'result':
      return <OutcomeMark outcome={text(first, 'outcome')} />
    case 'why':
      return <SafeText>{text(first, 'reason') ?? text(first, 'description')}</SafeText>
    case 'from':
      return <SafeText code>{text(first, 'ip')}</SafeText>
    case 'severity':
      return <SeverityMark severity={text(first, 'severity')} />
    case 'correlation_id':
      return rows.length > 1 ? null : <SafeText code>{text(first, name)}</SafeText>
    default:
      return <SafeText>{text(first, name)}</SafeText>
  }
}

function BatchCount({ line, sizes }: { line: Line; sizes: ReadonlyMap<string, number> }) {
  const texts = useText(AUDIT)
  const language = useLanguage()
  if (line.rows.length < 2) return null
  const rows = count(Math.max(line.rows.length, sizes.get(text(line.first, 'batch_id') ?? '') ?? 0), language)
  return (
    <span className="batch-count" title={texts.batch(rows)}>
      {`×${rows}`}
    </span>
  )
}
