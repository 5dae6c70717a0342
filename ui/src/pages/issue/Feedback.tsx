/** What users said about the events of an issue, the newest first. */

import type { UseQueryResult } from '@tanstack/react-query'

import type { IssueFeedback } from '../../api/issues'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Ago } from '../../kit/Time'
import { text } from '../../lib/json'
import { patched } from '../../lib/search'
import type { Address } from '../../parts/address'
import { Failure } from '../../parts/Failure'
import { ActorLink, PageLink } from '../../parts/Links'
import { ISSUE } from './text'

interface Props {
  feedback: UseQueryResult<IssueFeedback>
  /** The id of the event that is shown. */
  event: string | undefined
  issue: string
  address: Address
}

export function Feedback({ feedback, event, issue, address: { search } }: Props) {
  const texts = useText(ISSUE)
  if (feedback.isPending) return <Loading lines={2} />
  if (feedback.isError) return <Failure error={feedback.error} onRetry={() => void feedback.refetch()} />
  const { feedback: said, more } = feedback.data
  if (said.length === 0) return <p className="quiet">{texts.noFeedback}</p>
  return (
    <section className="issue-comments" aria-label={texts.feedback(0)}>
      <ul>
        {said.map((one) => {
          const of = text(one, 'event_id')
          return (
            <li key={text(one, 'id')} className="card issue-comment">
              <p className="issue-comment-text">
                <SafeText>{text(one, 'message')}</SafeText>
              </p>
              <p className="issue-acts quiet">
                <span>
                  <ActorLink row={one} /> · <Ago value={text(one, 'time') ?? ''} />
                </span>
                {of === event ? (
                  <span className="mark tone-info">{texts.feedbackOfEvent}</span>
                ) : (
                  <PageLink to={`/errors/${issue}`} search={patched(search, { event: of })}>
                    {texts.otherEvent}
                  </PageLink>
                )}
                <SafeText code>{text(one, 'url')}</SafeText>
              </p>
            </li>
          )
        })}
      </ul>
      {more && <p className="quiet">{texts.moreFeedback}</p>}
    </section>
  )
}
