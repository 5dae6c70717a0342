/** Every check with what was found; of one that is not healthy also what to do, and when it last was. */

import { useState } from 'react'

import type { DetailedHealth } from '../../api/server'
import type { IconName } from '../../kit/Icon'
import { Icon } from '../../kit/Icon'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Table } from '../../kit/Table'
import { Ago } from '../../kit/Time'
import { duration, rfc3339 } from '../../lib/instant'
import { PageLink } from '../../parts/Links'
import { lastHealthy } from './lastHealthy'
import type { Check, LastHealthy } from './lastHealthy'
import { HEALTH } from './text'

const STATES: Record<string, { icon: IconName; tone: string }> = {
  healthy: { icon: 'check', tone: 'good' },
  degraded: { icon: 'warning', tone: 'warning' },
  unhealthy: { icon: 'error', tone: 'error' },
}

export function StateMark({ status }: { status: string }) {
  const texts = useText(HEALTH)
  const state = STATES[status] ?? { icon: 'help', tone: 'plain' }
  return (
    <span className={`mark tone-${state.tone}`}>
      <Icon name={state.icon} />
      {texts.status(status)}
    </span>
  )
}

/** `at`: when the server said so. */
export function Checks({ health, at }: { health: DetailedHealth; at: number }) {
  const texts = useText(HEALTH)
  const seen = useLastHealthy(health, at)
  return (
    <section className="card">
      <h2>
        <StateMark status={health.status} /> {texts.overall(health.status)}
      </h2>
      <Troubles checks={health.checks.filter(({ status }) => status !== 'healthy')} />
      <Table label={texts.checks} heads={[texts.check, texts.state, texts.found, texts.lastHealthy, texts.took]}>
        {health.checks.map((check) => (
          <CheckRow key={check.name} check={check} healthyAt={seen.get(check.name)} />
        ))}
      </Table>
    </section>
  )
}

function useLastHealthy(health: DetailedHealth, at: number): LastHealthy {
  const [seen, setSeen] = useState(() => ({ at, times: lastHealthy(new Map(), health.checks, at) }))
  if (seen.at !== at) setSeen({ at, times: lastHealthy(seen.times, health.checks, at) })
  return seen.times
}

function CheckRow({ check, healthyAt }: { check: Check; healthyAt: number | undefined }) {
  const texts = useText(HEALTH)
  return (
    <tr>
      <th scope="row">
        <bdi dir="ltr">{check.name}</bdi>
        <p className="check-what">{texts.checkWhat(check.name)}</p>
      </th>
      <td>
        <StateMark status={check.status} />
      </td>
      <td>
        <SafeText code>{check.message}</SafeText>
      </td>
      <td>{healthyAt === undefined ? texts.notSinceOpened : <Ago value={rfc3339(healthyAt)} />}</td>
      <td>
        <bdi dir="ltr">{duration(check.response_time_ms * 1e6)}</bdi>
      </td>
    </tr>
  )
}

/** Before all checks, since it is what somebody came for. */
function Troubles({ checks }: { checks: readonly Check[] }) {
  const texts = useText(HEALTH)
  if (checks.length === 0) return null
  return (
    <ul className="troubles" aria-label={texts.troubles}>
      {checks.map((check) => (
        <li key={check.name}>
          <StateMark status={check.status} /> <bdi dir="ltr">{check.name}</bdi>: <SafeText>{check.message}</SafeText>
          <Remedy name={check.name} />
        </li>
      ))}
    </ul>
  )
}

function Remedy({ name }: { name: string }) {
  const texts = useText(HEALTH)
  return (
    <p>
      <strong>{texts.whatToDo}</strong> {texts.remedy(name)}{' '}
      {name === 'audit_logging' && (
        <PageLink to="/settings" search={{ tab: 'switches' }}>
          {texts.toSwitches}
        </PageLink>
      )}
    </p>
  )
}
