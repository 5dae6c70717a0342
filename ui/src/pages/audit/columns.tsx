/** What stands in a line, and the choice of it. The link names the columns only when they are not the usual ones. */

import { useMemo } from 'react'

import { Icon } from '../../kit/Icon'
import { useLanguage, useText } from '../../kit/language'
import { Menu } from '../../kit/Menu'
import type { RowsColumn } from '../../kit/Rows'
import { SafeText } from '../../kit/SafeText'
import { Time } from '../../kit/Time'
import type { Line } from '../../lib/batches'
import { text } from '../../lib/json'
import { count } from '../../lib/numbers'
import { one } from '../../lib/search'
import type { Address } from '../../parts/address'
import { ActorLink, TargetLink } from '../../parts/Links'
import { OutcomeMark, SeverityMark } from '../../parts/Marks'
import { AUDIT } from './text'

const USUAL = ['when', 'who', 'did', 'to', 'result', 'why', 'from'] as const
const OTHERS = ['severity', 'category', 'service', 'origin', 'correlation_id'] as const
const ALL = [...USUAL, ...OTHERS]
type ColumnName = (typeof ALL)[number]

/** The columns in the link that exist, in their own order. */
function chosenColumns(address: Address): ColumnName[] {
  const asked = one(address.search, 'columns')?.split(',')
  const known = ALL.filter((name) => asked?.includes(name) ?? false)
  return known.length > 0 ? known : [...USUAL]
}

/** Below this width the table scrolls sideways within itself. */
export function widthOf(columns: number): number {
  return Math.max(300, Math.round(columns * 118.6))
}

export function ColumnsMenu({ address }: { address: Address }) {
  const texts = useText(AUDIT)
  const titles = useTitles()
  const chosen = chosenColumns(address)
  const toggle = (name: ColumnName) => {
    const next = ALL.filter((known) => (known === name ? !chosen.includes(known) : chosen.includes(known)))
    const isUsual = next.join(',') === USUAL.join(',')
    address.change({ columns: isUsual ? undefined : next.join(',') }, 'replace')
  }
  const entries = ALL.map((name) => ({
    id: name,
    label: chosen.includes(name) ? `✓ ${titles[name]}` : titles[name],
    run: () => toggle(name),
    isChosen: chosen.includes(name),
    disabledBecause: chosen.length === 1 && chosen.includes(name) ? texts.lastColumn : undefined,
  }))
  return (
    <Menu label={texts.columns} entries={entries} kind="plain">
      <Icon name="table" />
    </Menu>
  )
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

export function useColumns(address: Address, sizes: ReadonlyMap<string, number>): RowsColumn<Line>[] {
  const titles = useTitles()
  const names = chosenColumns(address).join(',')
  return useMemo(
    () =>
      ALL.filter((name) => names.split(',').includes(name)).map((name) => ({
        id: name,
        title: titles[name],
        width: WIDTHS[name],
        cell: (line: Line) => <Cell name={name} line={line} sizes={sizes} />,
      })),
    // The zone changes how times read.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [titles, names, sizes, address.zone],
  )
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
