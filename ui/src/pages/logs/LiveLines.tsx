/** The live tail. A bounded number of lines is kept, newest first; while a line is open new ones wait. */

import { useState } from 'react'

import { downloadUrl } from '../../api/lists'
import { useLive } from '../../api/live'
import { Button } from '../../kit/Button'
import { useLanguage, useText } from '../../kit/language'
import { Notice } from '../../kit/States'
import type { Row } from '../../lib/json'
import { count } from '../../lib/numbers'
import { one } from '../../lib/search'
import type { Address } from '../../parts/address'
import { LogRows } from './LogRows'
import { LOGS } from './text'

/** Lines that the page keeps; older ones are found by searching. */
export const LIVE_LINES_MAX = 5000

export function LiveLines({ address }: { address: Address }) {
  const texts = useText(LOGS)
  const language = useLanguage()
  const [rows, setRows] = useState<Row[]>([])
  const [waiting, setWaiting] = useState<Row[]>([])
  const [lagged, setLagged] = useState(false)
  const isReading = one(address.search, 'open') !== undefined
  const state = useLive<Row>({
    url: downloadUrl('/api/v1/logs/stream', address.project, address.parameters),
    onRows: (fresh) => {
      const newest = [...fresh].reverse()
      const set = isReading ? setWaiting : setRows
      set((before) => [...newest, ...before].slice(0, LIVE_LINES_MAX))
    },
    onEvent: () => setLagged(true),
  })
  const show = () => {
    setRows((before) => [...waiting, ...before].slice(0, LIVE_LINES_MAX))
    setWaiting([])
  }
  return (
    <>
      {state === 'lost' && <Notice icon="warning" tone="warning" title={texts.lost} />}
      {lagged && <p className="quiet">{texts.lagged}</p>}
      {waiting.length > 0 && <Button onPress={show}>{texts.waiting(count(waiting.length, language))}</Button>}
      <LogRows address={address} rows={rows} />
    </>
  )
}
