/** The issues of a filter, and what stands there while there are none. */

import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'

import { issuesQuery } from '../../api/issues'
import type { IssueOrder, IssueSummary } from '../../api/issues'
import { overviewQuery } from '../../api/lists'
import type { Statistics } from '../../api/lists'
import { may, useMe } from '../../api/session'
import { Button } from '../../kit/Button'
import { useLanguage, useText } from '../../kit/language'
import { Rows, useRowsCursor } from '../../kit/Rows'
import { Loading, Notice } from '../../kit/States'
import { count } from '../../lib/numbers'
import type { Search } from '../../lib/search'
import { patched, writeSearch } from '../../lib/search'
import type { Address } from '../../parts/address'
import { Emptiness } from '../../parts/Emptiness'
import type { Found } from '../../parts/Explorer'
import { Failure } from '../../parts/Failure'
import { Partial } from '../../parts/Partial'
import { useRowsKeys } from '../../parts/useRowsPage'
import { Bulk } from './Bulk'
import { ROW_PX, SelectionContext, TABLE_PX, useIssueColumns } from './columns'
import { ERRORS } from './text'

interface Props {
  address: Address
  sort: IssueOrder
  found: Found
}

export function Issues({ address, sort, found }: Props) {
  const issues = useQuery(issuesQuery(address.project, found.asked, sort))
  if (issues.isPending) return <Loading />
  if (issues.isError) return <Failure error={issues.error} onRetry={() => void issues.refetch()} />
  if (issues.data.issues.length === 0) {
    // Which of the three kinds of nothing it is the list of events knows.
    return found.statistics === undefined ? <Loading /> : <Nothing address={address} found={found} statistics={found.statistics} />
  }
  return (
    <>
      <Partial statistics={issues.data.statistics} />
      <IssueRows address={address} issues={issues.data.issues} more={issues.data.more} />
    </>
  )
}

/** Perhaps there are issues, in another state than the one of the tab. */
function Nothing({ address, found, statistics }: { address: Address; found: Found; statistics: Statistics }) {
  const texts = useText(ERRORS)
  const others = useQuery(overviewQuery('errors', address.project, found.asked.filter(([name]) => name !== 'status'), []))
  if (others.isPending) return <Loading />
  if (!((others.data?.histogram?.total ?? 0) > 0)) return <Emptiness address={address} statistics={statistics} />
  return (
    <Notice title={texts.noneOfState} actions={<Button onPress={() => address.change({ status: 'all' })}>{texts.showAll}</Button>}>
      <p>{texts.noneOfStateBody}</p>
    </Notice>
  )
}

/** The link of an issue has the range of its list, and names the list, to lead back to it. */
function fromList(search: Search): Search {
  const { project, zone, from, to } = search
  return patched({}, { project, zone, from, to, in: `?${writeSearch(patched(search, { project: undefined, zone: undefined })).slice(1)}` })
}

function IssueRows({ address, issues, more }: { address: Address; issues: readonly IssueSummary[]; more: boolean }) {
  const texts = useText(ERRORS)
  const language = useLanguage()
  const navigate = useNavigate()
  const selectable = may(useMe(), 'edit')
  const { selection, selected, setAll } = useSelection(issues)
  const columns = useIssueColumns(selectable)
  const cursor = useRowsCursor(issues.length)
  const open = ({ id }: IssueSummary) => void navigate({ to: `/errors/${id}`, search: fromList(address.search) } as never)
  useRowsKeys(
    cursor,
    () => {
      const issue = issues[cursor.at]
      if (issue !== undefined) open(issue)
    },
    () => {
      cursor.set(-1)
      setAll([])
    },
    selectable
      ? () => {
          const issue = issues[cursor.at]
          if (issue !== undefined) selection.toggle(issue.id)
        }
      : undefined,
  )
  const shown = count(issues.length, language)
  return (
    <SelectionContext value={selection}>
      {selected.length > 0 && <Bulk issues={selected} project={address.project} onAll={() => setAll(issues)} onNone={() => setAll([])} />}
      <Rows label={texts.issues} columns={columns} rows={issues} keyOf={keyOf} onOpen={open} cursor={cursor} rowHeight={ROW_PX} minWidth={TABLE_PX} />
      <p className="below">
        <span>{texts.counted(shown, issues.length)}</span>
        {more && <span>{texts.more(shown)}</span>}
      </p>
    </SelectionContext>
  )
}

/** What is no longer in the list is no longer selected. */
function useSelection(issues: readonly IssueSummary[]) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const selected = useMemo(() => issues.filter(({ id }) => ids.has(id)), [issues, ids])
  const selection = useMemo(
    () => ({
      has: (id: string) => ids.has(id),
      toggle: (id: string) => setIds((before) => (before.has(id) ? new Set([...before].filter((one) => one !== id)) : new Set([...before, id]))),
    }),
    [ids],
  )
  return { selection, selected, setAll: (all: readonly IssueSummary[]) => setIds(new Set(all.map(({ id }) => id))) }
}

const keyOf = ({ id }: IssueSummary): string => id
