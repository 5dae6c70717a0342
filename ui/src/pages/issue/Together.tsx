/** Issues that are one with this one, with the way out, and those that are like it, with the way in. */

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'

import { mergeIssues, similarIssuesQuery, unmergeIssues, useIssueChange } from '../../api/issues'
import type { IssueAnswer, SimilarIssue } from '../../api/issues'
import type { Parameters } from '../../api/lists'
import { listPageQuery } from '../../api/lists'
import { may, useMe } from '../../api/session'
import { Button } from '../../kit/Button'
import { Copy } from '../../kit/Copy'
import { useLanguage, useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Table } from '../../kit/Table'
import { text } from '../../lib/json'
import { count } from '../../lib/numbers'
import type { Address } from '../../parts/address'
import { Failure } from '../../parts/Failure'
import { useTellChanged } from '../../parts/IssueActs'
import { PageLink } from '../../parts/Links'
import { Refusal } from '../../parts/Refusal'
import { ISSUE } from './text'
import { WORK } from './work-text'

interface Props {
  found: IssueAnswer
  address: Address
}

export function Together(props: Props) {
  return (
    <>
      <Merged {...props} />
      <Similar {...props} />
    </>
  )
}

function Merged({ found, address: { project } }: Props) {
  const texts = useText(WORK)
  const merged = found.issue.merged ?? []
  const allowed = may(useMe(), 'edit')
  const tellChanged = useTellChanged()
  const unmerge = useIssueChange(unmergeIssues)
  return (
    <section className="issue-group" aria-label={texts.merged}>
      <h4>{texts.merged}</h4>
      {merged.length === 0 && <p className="quiet">{texts.noMerged}</p>}
      <Refusal error={unmerge.error} />
      <ul className="issue-merged">
        {merged.map((id) => (
          <li key={id} className="issue-acts">
            <MergedTitle id={id} project={project} range={found} />
            {allowed && (
              <Button onPress={() => unmerge.mutate({ ids: [id], project }, { onSuccess: tellChanged })} isPending={unmerge.isPending}>
                {texts.takeOut}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What was merged has only its events to be called by. */
function MergedTitle({ id, project, range }: { id: string; project: string | undefined; range: { from: string; to: string } }) {
  const asked: Parameters = [['issue_id', id], ['from', range.from], ['to', range.to], ['limit', '1']]
  const events = useQuery(listPageQuery('errors', project, asked))
  const title = events.data?.rows[0] === undefined ? undefined : text(events.data.rows[0], 'title')
  return (
    <>
      {title !== undefined && <SafeText>{title}</SafeText>}
      <Copy value={id} short={id.slice(0, 8)} label={id} />
    </>
  )
}

function Similar({ found, address }: Props) {
  const texts = useText(WORK)
  const titles = useText(ISSUE)
  const { project } = address
  const range = useMemo((): Parameters => [['from', found.from], ['to', found.to]], [found.from, found.to])
  const similar = useQuery(similarIssuesQuery(found.issue.id, project, range))
  const allowed = may(useMe(), 'edit')
  const tellChanged = useTellChanged()
  const merge = useIssueChange(mergeIssues)
  if (similar.isPending) return <Loading lines={2} />
  if (similar.isError) return <Failure error={similar.error} onRetry={() => void similar.refetch()} />
  const { issues, compared } = similar.data
  return (
    <section className="issue-group">
      <h4>{texts.similar}</h4>
      <p className="quiet">{issues.length === 0 ? texts.noSimilar : texts.similarBody(compared)}</p>
      <Refusal error={merge.error} />
      {issues.length > 0 && (
        <Table label={texts.similar} heads={[texts.issue, titles.events, texts.shared, ...(allowed ? [texts.acts] : [])]}>
          {issues.map((like) => (
            <SimilarRow
              key={like.issue.id}
              like={like}
              address={address}
              isPending={merge.isPending}
              onMerge={allowed ? () => merge.mutate({ ids: [like.issue.id], into: found.issue.id, project }, { onSuccess: tellChanged }) : undefined}
            />
          ))}
        </Table>
      )}
    </section>
  )
}

interface RowProps {
  like: SimilarIssue
  address: Address
  isPending: boolean
  onMerge: (() => void) | undefined
}

function SimilarRow({ like, address: { search }, isPending, onMerge }: RowProps) {
  const texts = useText(WORK)
  const language = useLanguage()
  const { issue, same_type: sameType, same_culprit: sameCulprit, shared_frames: shared, frames } = like
  const common = [sameType ? texts.sameType : '', sameCulprit ? texts.sameCulprit : '', shared > 0 ? texts.frames(shared, frames) : ''].filter((part) => part !== '')
  return (
    <tr>
      <th scope="row">
        <PageLink to={`/errors/${issue.id}`} search={{ from: search['from'], to: search['to'], in: search['in'] }}>
          <SafeText>{issue.title === '' ? texts.untitled : issue.title}</SafeText>
        </PageLink>
      </th>
      <td>{count(issue.events, language)}</td>
      <td>{common.join(' · ')}</td>
      {onMerge !== undefined && (
        <td>
          <Button onPress={onMerge} isPending={isPending}>
            {texts.mergeHere}
          </Button>
        </td>
      )}
    </tr>
  )
}
