/** Entries as they come, newest first. */

import { useMemo } from 'react'

import { collapsed, opened } from '../../lib/batches'
import type { Row } from '../../lib/json'
import { text } from '../../lib/json'
import type { Address } from '../../parts/address'
import { LiveList } from '../../parts/LiveList'
import type { EntryColumns } from './columns'
import { EntryRows } from './EntryRows'

/** Entries that the page keeps; older ones are found by searching. */
const KEEPING = { max: 2000, nameOf: (row: Row) => text(row, 'id') ?? '' }

export function LiveEntries({ address, columns }: { address: Address; columns: EntryColumns }) {
  return (
    <LiveList address={address} list="audit" keeping={KEEPING}>
      {(rows, onReading) => <Entries address={address} columns={columns} rows={rows} onReading={onReading} />}
    </LiveList>
  )
}

interface Props {
  address: Address
  columns: EntryColumns
  rows: readonly Row[]
  onReading: (isReading: boolean) => void
}

const NO_SIZES: ReadonlyMap<string, number> = new Map()

function Entries({ address, columns, rows, onReading }: Props) {
  const isOpenBatch = address.search['batch_id'] !== undefined
  const lines = useMemo(() => (isOpenBatch ? opened(rows) : collapsed(rows)), [rows, isOpenBatch])
  return <EntryRows address={address} columns={columns} lines={lines} sizes={NO_SIZES} onReading={onReading} />
}
