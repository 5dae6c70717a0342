/** No rows: which of the three kinds of nothing it is, and the way on. */

import type { Statistics } from '../api/lists'
import { Button } from '../kit/Button'
import { useLanguage, useText } from '../kit/language'
import { Notice } from '../kit/States'
import { Ago } from '../kit/Time'
import { useZone } from '../kit/zone'
import { clock, millis } from '../lib/instant'
import { count } from '../lib/numbers'
import type { Address } from './address'
import { PARTS } from './text'

interface Props {
  address: Address
  statistics: Statistics
}

export function Emptiness({ address, statistics }: Props) {
  const texts = useText(PARTS)
  const language = useLanguage()
  const zone = useZone()
  const tables = statistics.searched?.tables ?? []
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  const sources = statistics.searched?.sources ?? []
  const heard = sources.length > 0 && (
    <ul className="heard">
      {sources.map((source) => (
        <li key={`${source.protocol} ${source.sender} ${source.first_heard_at}`}>
          <bdi>{source.sender}</bdi> · <bdi>{source.protocol}</bdi> · {texts.heardFrom} <Ago value={source.last_heard_at} />
        </li>
      ))}
    </ul>
  )
  if (rows === 0) {
    return (
      <Notice title={texts.noDataEver}>
        <p>{texts.noDataEverBody}</p>
        {heard}
      </Notice>
    )
  }
  const { parameters, change } = address
  const removeFilters = () => change(Object.fromEntries(parameters.map(([name]) => [name, undefined])))
  const times = tables.flatMap((table) => [table.oldest, table.newest]).filter((time) => time !== undefined)
  const [oldest, newest] = [times.reduce((a, b) => (a < b ? a : b), times[0] ?? ''), times.reduce((a, b) => (a > b ? a : b), times[0] ?? '')]
  return (
    <Notice
      title={parameters.length > 0 ? texts.filteredOut : texts.noneInRange}
      actions={
        <>
          {parameters.length > 0 && <Button onPress={removeFilters}>{texts.removeFilters}</Button>}
          <Button onPress={() => change({ from: 'now-30d', to: undefined })}>{texts.widen}</Button>
        </>
      }
    >
      <p>{texts.noneInRangeBody(count(rows, language), clock(millis(oldest), zone), clock(millis(newest), zone))}</p>
      {heard}
    </Notice>
  )
}
