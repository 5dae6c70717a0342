/** The issues of a filter, and what stands there while there are none. */

import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'

import { issuesQuery } from '../../api/issues'
import type { IssueOrder, IssueSummary } from '../../api/issues'
import { useLanguage, useText } from '../../kit/language'
import { Rows, useRowsCursor } from '../../kit/Rows'
import { Loading } from '../../kit/States'
import { count } from '../../lib/numbers'
import type { Search } from '../../lib/search'
import { patched, writeSearch } from '../../lib/search'
import type { Address } from '../../parts/address'
import { Emptiness } from '../../parts/Emptiness'
import type { Found } from '../../parts/Explorer'
import { Failure } from '../../parts/Failure'
import { Partial } from '../../parts/Partial'
import { useRowsKeys } from '../../parts/useRowsPage'
import { ROW_PX, TABLE_PX, useIssueColumns } from './columns'
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
    return found.statistics === undefined ? <Loading /> : <Emptiness address={address} statistics={found.statistics} />
  }
  return (
    <>
      <Partial statistics={issues.data.statistics} />
      <IssueRows address={address} issues={issues.data.issues} more={issues.data.more} />
    </>
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
  const columns = useIssueColumns()
  const cursor = useRowsCursor(issues.length)
  const open = ({ id }: IssueSummary) => void navigate({ to: `/errors/${id}`, search: fromList(address.search) } as never)
  useRowsKeys(
    cursor,
    () => {
      const issue = issues[cursor.at]
      if (issue !== undefined) open(issue)
    },
    () => cursor.set(-1),
  )
  const shown = count(issues.length, language)
  return (
    <>
      <Rows label={texts.issues} columns={columns} rows={issues} keyOf={keyOf} onOpen={open} cursor={cursor} rowHeight={ROW_PX} minWidth={TABLE_PX} />
      <p className="below">
        <span>{texts.counted(shown, issues.length)}</span>
        {more && <span>{texts.more(shown)}</span>}
      </p>
    </>
  )
}

const keyOf = ({ id }: IssueSummary): string => id
