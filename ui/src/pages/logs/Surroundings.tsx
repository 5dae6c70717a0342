/** The lines just before and just after one line, from the same service on the same host. */

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { listPageQuery, listQuery } from '../../api/lists'
import type { Parameters } from '../../api/lists'
import { Button } from '../../kit/Button'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Time } from '../../kit/Time'
import { justAfter } from '../../lib/instant'
import type { Row } from '../../lib/json'
import { text } from '../../lib/json'
import type { Address } from '../../parts/address'
import { Failure } from '../../parts/Failure'
import { SeverityMark } from '../../parts/Marks'
import { lineKey } from './lineKey'
import { LOGS } from './text'

/** Lines that are shown on each side at first, and that one press adds. */
const STEP = 10
/** Lines of one moment among which the line is looked for: what comes in one request often shares its time. */
const MOMENT_LINES = '1000'
/** What makes lines come from one source. */
const SOURCE = ['service', 'host', 'environment']

export function Surroundings({ row, address }: { row: Row; address: Address }) {
  const texts = useText(LOGS)
  const [reach, setReach] = useState({ before: STEP, after: STEP })
  const source = SOURCE.flatMap((name): Parameters => {
    const value = text(row, name)
    return value === undefined ? [] : [[name, value]]
  })
  const { before, moment, after, all, at } = useLines(row, address, source)
  if (before.isPending || moment.isPending || after.isPending) return <Loading />
  const error = before.error ?? moment.error ?? after.error
  if (error !== null) return <Failure error={error} onRetry={() => void Promise.all([before.refetch(), moment.refetch(), after.refetch()])} />
  const lines = all.slice(Math.max(0, at - reach.before), at + reach.after + 1)
  const earlier = () => {
    setReach({ ...reach, before: reach.before + STEP })
    if (at - reach.before - STEP < 0 && before.hasNextPage) void before.fetchNextPage()
  }
  const later = () => {
    setReach({ ...reach, after: reach.after + STEP })
    if (at + reach.after + STEP >= all.length && after.hasNextPage) void after.fetchNextPage()
  }
  return (
    <>
      {source.length > 0 && (
        <p className="quiet">
          {texts.fromSource} <SafeText code>{source.map(([name, value]) => `${name}=${value}`).join(' ')}</SafeText>
        </p>
      )}
      <Button kind="quiet" onPress={earlier} isPending={before.isFetchingNextPage} disabledBecause={at > reach.before || before.hasNextPage ? undefined : texts.noMore}>
        {texts.moreBefore}
      </Button>
      <ol className="surrounding">
        {lines.map((line) => (
          <SurroundingLine key={lineKey(line)} line={line} isIt={lineKey(line) === lineKey(row)} onOpen={() => address.change({ open: lineKey(line) })} />
        ))}
      </ol>
      <Button kind="quiet" onPress={later} isPending={after.isFetchingNextPage} disabledBecause={at + reach.after + 1 < all.length || after.hasNextPage ? undefined : texts.noMore}>
        {texts.moreAfter}
      </Button>
    </>
  )
}

/** The lines before, of and after the line's moment, oldest first, and where among them it stands. */
function useLines(row: Row, address: Address, source: Parameters) {
  const { project } = address
  const [time, limit] = [text(row, 'time') ?? '', String(STEP * 2)]
  const next = justAfter(time)
  const before = useInfiniteQuery(listQuery('logs', project, [...source, ['to', time], ['limit', limit]]))
  const moment = useQuery(listPageQuery('logs', project, [...source, ['from', time], ['to', next], ['direction', 'asc'], ['limit', MOMENT_LINES]]))
  const after = useInfiniteQuery(listQuery('logs', project, [...source, ['from', next], ['direction', 'asc'], ['limit', limit]]))
  const older = (before.data?.pages.flatMap((page) => page.rows) ?? []).reverse()
  const found = moment.data?.rows.findIndex((line) => lineKey(line) === lineKey(row)) ?? -1
  const same = found < 0 ? [row] : (moment.data?.rows ?? [])
  const newer = after.data?.pages.flatMap((page) => page.rows) ?? []
  return { before, moment, after, all: [...older, ...same, ...newer], at: older.length + Math.max(0, found) }
}

function SurroundingLine({ line, isIt, onOpen }: { line: Row; isIt: boolean; onOpen: () => void }) {
  return (
    <li className={isIt ? 'surrounding-line current' : 'surrounding-line'} aria-current={isIt ? 'true' : undefined}>
      <Time value={text(line, 'time') ?? ''} timeOnly precision="millisecond" />
      <SeverityMark severity={text(line, 'level')} />
      <button type="button" className="surrounding-text" onClick={onOpen}>
        <SafeText className="code">{text(line, 'body')}</SafeText>
      </button>
    </li>
  )
}
