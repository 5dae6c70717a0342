/** Log lines in a window that scrolls, and the one that is open beside them. */

import { useMemo } from 'react'

import { useText } from '../../kit/language'
import { Rows, useRowsCursor } from '../../kit/Rows'
import type { Row } from '../../lib/json'
import { one } from '../../lib/search'
import type { Address } from '../../parts/address'
import type { ColumnsInLink } from '../../parts/useColumnChoice'
import { useRowsKeys } from '../../parts/useRowsPage'
import { drawn, widthOf } from './columns'
import { lineKey } from './lineKey'
import { OpenLine, openLine } from './OpenLine'
import { LOGS } from './text'

interface LogRowsProps {
  address: Address
  columns: ColumnsInLink
  rows: readonly Row[]
  total?: number | undefined
  onNearEnd?: () => void
  onReading?: (isReading: boolean) => void
}

export function LogRows({ address, columns, rows, total, onNearEnd, onReading }: LogRowsProps) {
  const texts = useText(LOGS)
  const cursor = useRowsCursor(rows.length)
  const open = one(address.search, 'open')
  const { chosen, resize } = columns
  const shown = useMemo(() => drawn(chosen, texts.column), [chosen, texts])
  useRowsKeys(
    cursor,
    () => {
      const row = rows[cursor.at]
      if (row !== undefined) openLine(address, lineKey(row))
    },
    () => {
      cursor.set(-1)
      openLine(address, undefined)
    },
  )
  return (
    <>
      <Rows
        label={texts.lines}
        columns={shown}
        rows={rows}
        keyOf={lineKey}
        chosen={open}
        onOpen={(row) => openLine(address, lineKey(row))}
        onNearEnd={onNearEnd}
        onReading={onReading}
        onResize={resize}
        total={total}
        cursor={cursor}
        minWidth={widthOf(chosen)}
        wraps={one(address.search, 'wrap') === 'on'}
      />
      <OpenLine address={address} rows={rows} />
    </>
  )
}
