/** The third step: whether anything has come, and if it was refused, why. */

import { useQuery } from '@tanstack/react-query'

import { sourcesQuery } from '../../api/server'
import { Icon } from '../../kit/Icon'
import { useLanguage, useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Ago } from '../../kit/Time'
import { count } from '../../lib/numbers'
import { Failure } from '../../parts/Failure'
import { PageLink } from '../../parts/Links'
import { heard } from './heard'
import type { Heard, Refused } from './heard'
import { PROTOCOLS } from './snippets'
import type { Kind } from './snippets'
import { WELCOME } from './text'

const EVERY_MS = 2_000
/** The page that shows what a kind sends. */
const LANDS: Record<Kind, 'audit' | 'errors' | 'logs'> = { audit: 'audit', logs: 'logs', errors: 'errors', otel: 'logs', browser: 'errors', postgres: 'logs' }

interface Props {
  kind: Kind
  project: string
  keyId: string | undefined
}

export function WatchStep({ kind, project, keyId }: Props) {
  const texts = useText(WELCOME)
  const sources = useQuery({ ...sourcesQuery(project), refetchInterval: EVERY_MS })
  const state: Heard = heard(sources.data?.sources ?? [], PROTOCOLS[kind], keyId)
  return (
    <li className={`card welcome-step welcome-${state.kind}`}>
      <h2>{texts.stepWatch}</h2>
      {sources.isError ? (
        <Failure error={sources.error} onRetry={() => void sources.refetch()} />
      ) : (
        <div role="status" aria-live="polite" className="welcome-state">
          <State state={state} kind={kind} hasKey={keyId !== undefined} />
        </div>
      )}
      {state.kind === 'waiting' && <Trouble />}
    </li>
  )
}

function State({ state, kind, hasKey }: { state: Heard; kind: Kind; hasKey: boolean }) {
  const texts = useText(WELCOME)
  const language = useLanguage()
  switch (state.kind) {
    case 'waiting':
      return (
        <>
          <p className="welcome-headline">
            <span className="welcome-pulse" aria-hidden="true" />
            {texts.waiting}
          </p>
          <p className="quiet">{hasKey ? texts.waitingKey : texts.waitingAny}</p>
        </>
      )
    case 'refused':
      return (
        <>
          <p className="welcome-headline mark tone-error">
            <Icon name="error" />
            {texts.refused(count(state.refused.count, language))}
          </p>
          <p>{texts.refusedBody}</p>
          <Reasons refused={state.refused} />
        </>
      )
    case 'arrived':
      return (
        <>
          <p className="welcome-headline mark tone-good">
            <Icon name="check" />
            {texts.arrived}
          </p>
          <p>
            <SafeText>{texts.arrivedBody(count(state.rows, language), state.senders.join(', '))}</SafeText>
          </p>
          <div className="actions">
            <PageLink to="/" search={{}} className="button primary">
              {texts.goActivity}
            </PageLink>
            <PageLink to={`/${LANDS[kind]}`} search={{}} className="button plain">
              {{ audit: texts.goAudit, errors: texts.goErrors, logs: texts.goLogs }[LANDS[kind]]}
            </PageLink>
          </div>
          {state.refused !== undefined && (
            <>
              <p className="mark tone-warning">
                <Icon name="warning" />
                {texts.alsoRefused(count(state.refused.count, language))}
              </p>
              <Reasons refused={state.refused} />
            </>
          )}
        </>
      )
  }
}

function Reasons({ refused }: { refused: Refused }) {
  const texts = useText(WELCOME)
  const language = useLanguage()
  return (
    <>
      <ul className="welcome-reasons" aria-label={texts.reasons}>
        {refused.reasons.map((reason) => (
          <li key={reason.code}>
            <SafeText code>{reason.code}</SafeText> × {count(reason.count, language)}
          </li>
        ))}
      </ul>
      {refused.last !== undefined && (
        <p>
          {texts.lastReason} (<Ago value={refused.last.at} />){': '}
          <SafeText code>{refused.last.reason}</SafeText>
        </p>
      )}
    </>
  )
}

function Trouble() {
  const texts = useText(WELCOME)
  return (
    <details>
      <summary>{texts.troubleTitle}</summary>
      <ul className="welcome-reasons">
        <li>{texts.troubleKey}</li>
        <li>{texts.troubleReach}</li>
        <li>{texts.troubleOther}</li>
      </ul>
    </details>
  )
}
