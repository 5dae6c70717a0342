/** From one event of the issue to the next, in both directions, and to both ends of the range. */

import { useQuery } from '@tanstack/react-query'

import type { Parameters } from '../../api/lists'
import { listPageQuery } from '../../api/lists'
import { Button } from '../../kit/Button'
import { Copy } from '../../kit/Copy'
import { Icon } from '../../kit/Icon'
import { useText } from '../../kit/language'
import { useShortcut } from '../../kit/shortcuts'
import { justAfter } from '../../lib/instant'
import type { Row } from '../../lib/json'
import { text } from '../../lib/json'
import type { Address } from '../../parts/address'
import { Failure } from '../../parts/Failure'
import { ISSUE } from './text'

/** As many events may share one moment and still be told apart. */
const LIMIT = '200'

interface Props {
  event: Row
  issue: string
  range: { from: string; to: string }
  address: Address
}

export function Navigator({ event, issue, range, address }: Props) {
  const texts = useText(ISSUE)
  const { project, change } = address
  const time = text(event, 'time') ?? ''
  const of = (more: Parameters): Parameters => [['issue_id', issue], ...more, ['limit', LIMIT]]
  const older = useQuery(listPageQuery('errors', project, of([['from', range.from], ['to', justAfter(time)]])))
  const newer = useQuery(listPageQuery('errors', project, of([['from', time], ['to', range.to], ['direction', 'asc']])))
  const ends = useQuery(listPageQuery('errors', project, [['issue_id', issue], ['from', range.from], ['to', range.to], ['direction', 'asc'], ['limit', '1']]))
  const go = (to: Row | undefined) => (to === undefined ? undefined : () => change({ event: text(to, 'event_id'), open: undefined }, 'replace'))
  const [before, after, oldest] = [nextTo(event, older.data?.rows), nextTo(event, newer.data?.rows), ends.data?.rows[0]]
  const toOldest = before === undefined ? undefined : go(oldest)
  const toNewest = after === undefined ? undefined : () => change({ event: undefined, open: undefined }, 'replace')
  useShortcut('[', texts.older, texts.keys, go(before))
  useShortcut(']', texts.newer, texts.keys, go(after))
  const failed = [older, newer, ends].find((one) => one.isError)
  return (
    <nav className="issue-events" aria-label={texts.eventsOfIssue}>
      <Step label={texts.oldest} run={toOldest} isPending={ends.isPending} none={texts.noOlder}>
        {texts.oldest}
      </Step>
      <Step label={texts.older} run={go(before)} isPending={older.isPending} none={texts.noOlder} keys="[">
        <Icon name="backward" />
      </Step>
      <span>
        {texts.event} <Copy value={text(event, 'event_id') ?? ''} short={(text(event, 'event_id') ?? '').slice(0, 8)} label={texts.event} />
      </span>
      <Step label={texts.newer} run={go(after)} isPending={newer.isPending} none={texts.noNewer} keys="]">
        <Icon name="forward" />
      </Step>
      <Step label={texts.newest} run={toNewest} isPending={newer.isPending} none={texts.noNewer}>
        {texts.newest}
      </Step>
      {failed !== undefined && <Failure error={failed.error} onRetry={() => void failed.refetch()} />}
    </nav>
  )
}

interface StepProps {
  label: string
  run: (() => void) | undefined
  isPending: boolean
  none: string
  keys?: string
  children: React.ReactNode
}

function Step({ label, run, isPending, none, keys, children }: StepProps) {
  return (
    <Button
      label={label}
      isPending={isPending}
      disabledBecause={run === undefined && !isPending ? none : undefined}
      {...(run === undefined ? {} : { onPress: run })}
      {...(keys === undefined ? {} : { keys })}
    >
      {children}
    </Button>
  )
}

/** The first row behind this one, in a list that begins at its moment. */
function nextTo(event: Row, rows: readonly Row[] | undefined): Row | undefined {
  const idOf = (row: Row) => text(row, 'event_id')
  const at = rows?.findIndex((row) => idOf(row) === idOf(event)) ?? -1
  return rows?.slice(at + 1).find((row) => idOf(row) !== idOf(event))
}
