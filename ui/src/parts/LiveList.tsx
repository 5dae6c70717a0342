/** A list that fills by itself, newest first. While somebody reads, new rows wait behind a counter. */

import type { ReactNode } from 'react'
import { Fragment, useCallback, useMemo, useState } from 'react'

import { downloadUrl } from '../api/lists'
import type { ListName } from '../api/lists'
import type { Row } from '../lib/json'
import type { Keeping } from '../lib/live'
import type { Address } from './address'
import { LiveNotices } from './LiveNotices'
import { useLiveRows } from './useLiveRows'

interface Props {
  address: Address
  list: ListName
  keeping: Keeping<Row>
  children: (rows: readonly Row[], onReading: (isReading: boolean) => void) => ReactNode
}

export function LiveList(props: Props) {
  const { address, list } = props
  const url = downloadUrl(`/api/v1/${list}/stream`, address.project, address.parameters)
  // Rows of other filters are not of this list.
  return <Fed key={url} url={url} {...props} />
}

function Fed({ address, keeping, children, url }: Props & { url: string }) {
  const [isReading, setReading] = useState(false)
  /** Counts how often the reader went back to the top: the rows begin anew there. */
  const [turn, setTurn] = useState(0)
  const live = useLiveRows<Row>({ url, keeping, isReading: () => isReading })
  const { lines, show } = live
  const rows = useMemo(() => lines.shown.map(({ row }) => row), [lines.shown])
  const onReading = useCallback(
    (next: boolean) => {
      setReading(next)
      if (!next) show()
    },
    [show],
  )
  const toTop = () => {
    address.change({ open: undefined, tab: undefined }, 'replace')
    setTurn(turn + 1)
    show()
  }
  return (
    <>
      <LiveNotices live={live} onShow={toTop} />
      {rows.length > 0 && <Fragment key={turn}>{children(rows, onReading)}</Fragment>}
    </>
  )
}
