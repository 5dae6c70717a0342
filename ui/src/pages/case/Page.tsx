/** One case: what is asked, the rows that were found in the order in which they happened, and the notes. */

import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'

import { caseQuery } from '../../api/cases'
import type { CaseAnswer } from '../../api/cases'
import { may, useMe } from '../../api/session'
import { useText } from '../../kit/language'
import { Loading, Notice } from '../../kit/States'
import { inOrder } from '../../lib/cases'
import { asText, isObject } from '../../lib/json'
import { Failure } from '../../parts/Failure'
import { Head } from './Head'
import { NewNote, StandingNote } from './Notes'
import { RowItem } from './RowItem'
import { CASE } from './text'
import './case.css'
import '../../parts/cases.css'

export default function CasePage() {
  const id = idOf(useParams({ strict: false })) ?? ''
  const found = useQuery(caseQuery(id))
  if (found.isPending) return <Loading />
  if (found.isError) return <Failure error={found.error} onRetry={() => void found.refetch()} />
  return <Case found={found.data} />
}

/** Routes are made from a table, so the router cannot know the names in their paths. */
function idOf(parameters: unknown): string | undefined {
  return isObject(parameters) ? asText(parameters['id']) : undefined
}

function Case({ found }: { found: CaseAnswer }) {
  const texts = useText(CASE)
  const { case: view, items, hidden } = found
  const { rows, notes } = inOrder(items)
  const locked = useLock(view.closed_at !== undefined)
  return (
    <article className="case">
      <Head view={view} />
      {hidden > 0 && <p className="mark tone-warning case-hidden">{texts.hidden(hidden)}</p>}
      <section aria-labelledby="case-rows">
        <h3 id="case-rows">{texts.rows}</h3>
        {rows.length === 0 ? (
          <Notice icon="cases" title={texts.noRows}>
            <p>{texts.noRowsBody}</p>
          </Notice>
        ) : (
          <>
            <p className="quiet">{texts.rowsBody}</p>
            <ol className="timeline">
              {rows.map((item) => item.row !== undefined && <RowItem key={item.number} view={view} item={item} row={item.row} locked={locked} />)}
            </ol>
          </>
        )}
      </section>
      <section aria-labelledby="case-notes" className="case-notes">
        <h3 id="case-notes">{texts.notes}</h3>
        {notes.length > 0 && (
          <ul>
            {notes.map((item) => (
              <StandingNote key={item.number} view={view} item={item} locked={locked} />
            ))}
          </ul>
        )}
        <NewNote view={view} locked={locked} />
      </section>
    </article>
  )
}

/** Why nothing can be changed, if so. */
function useLock(isClosed: boolean): string | undefined {
  const texts = useText(CASE)
  if (!may(useMe(), 'edit')) return texts.readOnly
  return isClosed ? texts.closedHint : undefined
}
