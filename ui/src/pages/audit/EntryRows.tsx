/** Entries as lines, from a list or as they come. A batch is one line that opens. */

import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'

import { useText } from '../../kit/language'
import { Rows, useRowsCursor } from '../../kit/Rows'
import type { Line } from '../../lib/batches'
import { namedRow } from '../../lib/cases'
import { text } from '../../lib/json'
import type { Search } from '../../lib/search'
import { patched, writeSearch } from '../../lib/search'
import { useCaseColumn } from '../../parts/AddToCase'
import type { Address } from '../../parts/address'
import { useRowsKeys } from '../../parts/useRowsPage'
import type { EntryColumns } from './columns'
import { drawn, widthOf } from './columns'
import { AUDIT } from './text'

interface Props {
  address: Address
  columns: EntryColumns
  lines: readonly Line[]
  /** Rows of whole batches, by id. */
  sizes: ReadonlyMap<string, number>
  onNearEnd?: () => void
  onReading?: (isReading: boolean) => void
  total?: number | undefined
}

/** The link of an entry names the list that it was opened from, so that its neighbours there are found. */
function fromList(search: Search): Search {
  const { project, zone, ...list } = search
  return patched({}, { project, zone, in: `?${writeSearch(patched(list, { live: undefined, open: undefined })).slice(1)}` })
}

export function EntryRows({ address, columns, lines, sizes, onNearEnd, onReading, total }: Props) {
  const texts = useText(AUDIT)
  const navigate = useNavigate()
  const cursor = useRowsCursor(lines.length)
  const toCase = useCaseColumn(namedLine, lines[cursor.at])
  const { chosen, known } = columns
  const shown = useMemo(() => [...drawn({ chosen, known }, sizes), ...toCase.columns], [chosen, known, sizes, toCase.columns])
  const open = (line: Line) => {
    if (line.rows.length > 1) address.change({ batch_id: text(line.first, 'batch_id'), live: undefined })
    else void navigate({ to: `/audit/${text(line.first, 'id') ?? ''}`, search: fromList(address.search) } as never)
  }
  useRowsKeys(
    cursor,
    () => {
      const line = lines[cursor.at]
      if (line !== undefined) open(line)
    },
    () => cursor.set(-1),
  )
  return (
    <>
      <Rows
        label={texts.entries}
        columns={shown}
        rows={lines}
        keyOf={keyOf}
        onOpen={open}
        onNearEnd={onNearEnd}
        onReading={onReading}
        onResize={columns.resize}
        total={total}
        cursor={cursor}
        minWidth={widthOf(columns.chosen)}
      />
      {toCase.dialog}
    </>
  )
}

/** A batch goes as a whole, as far as it is loaded. */
const namedLine = (line: Line) => line.rows.map((row) => namedRow('audit_logs', row))

const keyOf = (line: Line): string => `${text(line.first, 'id') ?? ''} ${text(line.first, 'state') ?? ''}`
