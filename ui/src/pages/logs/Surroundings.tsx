/** The lines just before and just after one line, from the same service on the same host. */

import { useInfiniteQuery } from '@tanstack/react-query'

import { listQuery } from '../../api/lists'
import type { Parameters } from '../../api/lists'
import { Button } from '../../kit/Button'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Time } from '../../kit/Time'
import type { Row } from '../../lib/json'
import { text } from '../../lib/json'
import type { Address } from '../../parts/address'
import { Failure } from '../../parts/Failure'
import { SeverityMark } from '../../parts/Marks'
import { lineKey } from './lineKey'
import { LOGS } from './text'

const LINES = '10'
/** What makes lines come from one source. */
const SOURCE = ['service', 'host', 'environment']

export function Surroundings({ row, address }: { row: Row; address: Address }) {
  const texts = useText(LOGS)
  const time = text(row, 'time') ?? ''
  const source = SOURCE.flatMap((name): Parameters => {
    const value = text(row, name)
    return value === undefined ? [] : [[name, value]]
  })
  const before = useLines(address, [...source, ['to', time], ['limit', LINES]])
  // Those of the very moment are counted to what came after.
  const after = useLines(address, [...source, ['from', time], ['direction', 'asc'], ['limit', LINES]])
  if (before.list.isPending || after.list.isPending) return <Loading />
  const error = before.list.error ?? after.list.error
  if (error !== null) return <Failure error={error} onRetry={() => void Promise.all([before.list.refetch(), after.list.refetch()])} />
  const lines = [...[...before.rows].reverse(), ...after.rows]
  const key = lineKey(row)
  return (
    <>
      {source.length > 0 && (
        <p className="quiet">
          {texts.fromSource} <SafeText code>{source.map(([name, value]) => `${name}=${value}`).join(' ')}</SafeText>
        </p>
      )}
      <More lines={before} label={texts.moreBefore} />
      <ol className="surrounding">
        {lines.map((line) => (
          <SurroundingLine key={lineKey(line)} line={line} isIt={lineKey(line) === key} onOpen={() => address.change({ open: lineKey(line) })} />
        ))}
      </ol>
      <More lines={after} label={texts.moreAfter} />
    </>
  )
}

function useLines(address: Address, asked: Parameters) {
  const list = useInfiniteQuery(listQuery('logs', address.project, asked))
  return { list, rows: list.data?.pages.flatMap((page) => page.rows) ?? [] }
}

function More({ lines: { list }, label }: { lines: ReturnType<typeof useLines>; label: string }) {
  const texts = useText(LOGS)
  return (
    <Button kind="quiet" onPress={() => void list.fetchNextPage()} isPending={list.isFetchingNextPage} disabledBecause={list.hasNextPage ? undefined : texts.noMore}>
      {label}
    </Button>
  )
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
