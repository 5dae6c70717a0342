/** Log lines in a window that scrolls, and the one that is open beside them. */

import { useMemo } from 'react'

import { useText } from '../../kit/language'
import { Rows, useRowsCursor } from '../../kit/Rows'
import type { RowsColumn } from '../../kit/Rows'
import { SafeText } from '../../kit/SafeText'
import { Time } from '../../kit/Time'
import type { Row } from '../../lib/json'
import { text } from '../../lib/json'
import { one } from '../../lib/search'
import type { Address } from '../../parts/address'
import { SeverityMark } from '../../parts/Marks'
import { useRowsKeys } from '../../parts/useRowsPage'
import { Line } from './Line'
import { LOGS } from './text'

/** Lines have no id: time, order within the log and text tell them apart. */
export function lineKey(row: Row): string {
  return `${text(row, 'time') ?? ''} ${text(row, 'seq') ?? ''} ${(text(row, 'body') ?? '').slice(0, 80)}`
}

interface LogRowsProps {
  address: Address
  rows: readonly Row[]
  total?: number | undefined
  onNearEnd?: () => void
}

export function LogRows({ address, rows, total, onNearEnd }: LogRowsProps) {
  const texts = useText(LOGS)
  const cursor = useRowsCursor(rows.length)
  const open = one(address.search, 'open')
  const columns = useMemo(
    (): RowsColumn<Row>[] => [
      { id: 'when', title: texts.when, width: '185px', cell: (row) => <Time value={text(row, 'time') ?? ''} precision="millisecond" /> },
      { id: 'level', title: texts.level, width: '92px', cell: (row) => <SeverityMark severity={text(row, 'level')} /> },
      { id: 'service', title: texts.service, width: '130px', cell: (row) => <SafeText>{text(row, 'service')}</SafeText> },
      { id: 'message', title: texts.message, width: 'minmax(300px, 1fr)', cell: (row) => <SafeText className="code">{text(row, 'body')}</SafeText> },
    ],
    [texts],
  )
  const shown = rows.find((row) => lineKey(row) === open)
  useRowsKeys(
    cursor,
    () => {
      const row = rows[cursor.at]
      if (row !== undefined) address.change({ open: lineKey(row) }, 'replace')
    },
    () => address.change({ open: undefined }, 'replace'),
  )
  return (
    <>
      <Rows
        label={texts.lines}
        columns={columns}
        rows={rows}
        keyOf={lineKey}
        chosen={open}
        onOpen={(row) => address.change({ open: lineKey(row) }, 'replace')}
        {...(onNearEnd === undefined ? {} : { onNearEnd })}
        total={total}
        cursor={cursor}
        minWidth={760}
      />
      {shown !== undefined && <Line row={shown} address={address} onClose={() => address.change({ open: undefined }, 'replace')} />}
    </>
  )
}
