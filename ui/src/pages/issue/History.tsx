/** Who changed an issue, when, from what to what, and the way back. */

import { useQuery } from '@tanstack/react-query'

import type { Schemas } from '../../api/client'
import { issueHistoryQuery, undoIssues, useIssueChange } from '../../api/issues'
import type { IssueChangeView } from '../../api/issues'
import { may, useMe } from '../../api/session'
import { Button } from '../../kit/Button'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Table } from '../../kit/Table'
import { Time } from '../../kit/Time'
import { Failure } from '../../parts/Failure'
import { nameOf, StateMark, useTerms } from '../../parts/IssueMarks'
import { useTellChanged } from '../../parts/IssueActs'
import { Refusal } from '../../parts/Refusal'
import { WORK } from './work-text'

/** As whom Whodunit follows errors. */
const ITSELF = 'system/issues'

export function History({ issue, project }: { issue: string; project: string | undefined }) {
  const texts = useText(WORK)
  const history = useQuery(issueHistoryQuery(issue, project))
  const tellChanged = useTellChanged()
  const undo = useIssueChange(undoIssues)
  const allowed = may(useMe(), 'edit')
  if (history.isPending) return <Loading lines={2} />
  if (history.isError) return <Failure error={history.error} onRetry={() => void history.refetch()} />
  const changes = history.data
  if (changes.length === 0) return <p className="quiet">{texts.noHistory}</p>
  return (
    <>
      <Refusal error={undo.error} />
      <Table label={texts.history} heads={[texts.when, texts.who, texts.what, texts.before, texts.after, texts.why, ...(allowed ? [texts.acts] : [])]}>
        {changes.map((change, at) => (
          <tr key={`${change.issue} ${change.version}`}>
            <td>
              <Time value={change.changed_at} />
            </td>
            <td>{change.changed_by === ITSELF ? texts.whodunit : <SafeText>{change.changed_by}</SafeText>}</td>
            <th scope="row">{texts.action(change.action)}</th>
            <td>
              <Standing standing={change.before} />
            </td>
            <td>
              <Standing standing={change.after} />
            </td>
            <td>
              <SafeText>{change.reason}</SafeText>
            </td>
            {allowed && (
              <td>
                <Button
                  onPress={() => undo.mutate({ change: change.change }, { onSuccess: tellChanged })}
                  isPending={undo.isPending && undo.variables.change === change.change}
                  disabledBecause={isNewest(change, changes.slice(0, at)) ? undefined : texts.isOld}
                >
                  {texts.takeBack}
                </Button>
              </td>
            )}
          </tr>
        ))}
      </Table>
    </>
  )
}

/** The list has the newest first. */
function isNewest({ issue }: IssueChangeView, newer: readonly IssueChangeView[]): boolean {
  return !newer.some((one) => one.issue === issue)
}

function Standing({ standing }: { standing: Schemas['IssueStandingView'] }) {
  const texts = useText(WORK)
  const terms = useTerms()(standing.state)
  const { assignee, merged_into: into, deleted_at: deleted } = standing
  return (
    <span className="issue-standing">
      <StateMark state={standing.state} />
      {terms !== undefined && <SafeText>{terms}</SafeText>}
      {assignee !== undefined && <SafeText>{nameOf(assignee)}</SafeText>}
      {into !== undefined && (
        <span>
          {texts.mergedInto} <SafeText code>{into.slice(0, 8)}</SafeText>
        </span>
      )}
      {deleted !== undefined && <span>{texts.isDeleted}</span>}
    </span>
  )
}
