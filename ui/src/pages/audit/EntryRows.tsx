/** Entries as lines, from a list or as they come. A batch is one line that opens. */

import { useNavigate } from '@tanstack/react-router'

import { useText } from '../../kit/language'
import { Rows, useRowsCursor } from '../../kit/Rows'
import type { Line } from '../../lib/batches'
import { namedRow } from '../../lib/cases'
import { text } from '../../lib/json'
import { patched } from '../../lib/search'
import { useCaseColumn } from '../../parts/AddToCase'
import type { Address } from '../../parts/address'
import { useRowsKeys } from '../../parts/useRowsPage'
import { useColumns, widthOf } from './columns'
import { AUDIT } from './text'

interface Props {
  address: Address
  lines: readonly Line[]
  /** Rows of whole batches, by id. */
  sizes: ReadonlyMap<string, number>
  onNearEnd?: () => void
  total?: number | undefined
}

export function EntryRows({ address, lines, sizes, onNearEnd, total }: Props) {
  const texts = useText(AUDIT)
  const navigate = useNavigate()
  const cursor = useRowsCursor(lines.length)
  const columns = useColumns(address, sizes)
  const toCase = useCaseColumn(namedLine, lines[cursor.at])
  const open = (line: Line) => {
    if (line.rows.length > 1) address.change({ batch_id: text(line.first, 'batch_id'), live: undefined })
    else void navigate({ to: `/audit/${text(line.first, 'id') ?? ''}`, search: patched({}, { project: address.search['project'], zone: address.search['zone'] }) } as never)
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
        columns={[...columns, ...toCase.columns]}
        rows={lines}
        keyOf={keyOf}
        onOpen={open}
        {...(onNearEnd === undefined ? {} : { onNearEnd })}
        total={total}
        cursor={cursor}
        minWidth={widthOf(columns.length)}
      />
      {toCase.dialog}
    </>
  )
}

/** A batch goes as a whole, as far as it is loaded. */
const namedLine = (line: Line) => line.rows.map((row) => namedRow('audit_logs', row))

const keyOf = (line: Line): string => `${text(line.first, 'id') ?? ''} ${text(line.first, 'state') ?? ''}`
