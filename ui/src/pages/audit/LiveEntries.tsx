/** Entries as they come, newest first. While one is looked at with the keys the list still moves; it is bounded. */

import { useMemo, useState } from 'react'

import { downloadUrl } from '../../api/lists'
import { useLive } from '../../api/live'
import { useText } from '../../kit/language'
import { Notice } from '../../kit/States'
import { collapsed, opened } from '../../lib/batches'
import type { Row } from '../../lib/json'
import type { Address } from '../../parts/address'
import { EntryRows } from './EntryRows'
import { AUDIT } from './text'

/** Entries that the page keeps; older ones are found by searching. */
export const LIVE_ENTRIES_MAX = 2000

const NO_SIZES: ReadonlyMap<string, number> = new Map()

export function LiveEntries({ address }: { address: Address }) {
  const texts = useText(AUDIT)
  const { project, parameters, search } = address
  const [rows, setRows] = useState<Row[]>([])
  const [lagged, setLagged] = useState(false)
  const state = useLive<Row>({
    url: downloadUrl('/api/v1/audit/stream', project, parameters),
    onRows: (fresh) => setRows((before) => [...[...fresh].reverse(), ...before].slice(0, LIVE_ENTRIES_MAX)),
    onEvent: () => setLagged(true),
  })
  const isOpenBatch = search['batch_id'] !== undefined
  const lines = useMemo(() => (isOpenBatch ? opened(rows) : collapsed(rows)), [rows, isOpenBatch])
  return (
    <>
      {state === 'lost' && <Notice icon="warning" tone="warning" title={texts.lost} />}
      {lagged && <p className="quiet">{texts.lagged}</p>}
      <p className="quiet" role="status">
        {rows.length === 0 ? texts.waiting : ''}
      </p>
      {rows.length > 0 && <EntryRows address={address} lines={lines} sizes={NO_SIZES} />}
    </>
  )
}
