/** The live tail. A bounded number of lines is kept, newest first. */

import type { Address } from '../../parts/address'
import { LiveList } from '../../parts/LiveList'
import type { ColumnsInLink } from '../../parts/useColumnChoice'
import { lineKey } from './lineKey'
import { LogRows } from './LogRows'

/** Lines that the page keeps; older ones are found by searching. */
const KEEPING = { max: 5000, nameOf: lineKey }

export function LiveLines({ address, columns }: { address: Address; columns: ColumnsInLink }) {
  return (
    <LiveList address={address} list="logs" keeping={KEEPING}>
      {(rows, onReading) => <LogRows address={address} columns={columns} rows={rows} onReading={onReading} />}
    </LiveList>
  )
}
