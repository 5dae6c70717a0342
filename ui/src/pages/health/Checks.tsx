/** Every check with what was found; of one that is not healthy also what to do, and when it last was. */

import type { DetailedHealth } from '../../api/server'
import type { IconName } from '../../kit/Icon'
import { Icon } from '../../kit/Icon'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Table } from '../../kit/Table'
import { Ago } from '../../kit/Time'
import { duration } from '../../lib/instant'
import { PageLink } from '../../parts/Links'
import { HEALTH } from './text'

type Check = DetailedHealth['checks'][number]

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

export function Checks({ health }: { health: DetailedHealth }) {
  const texts = useText(HEALTH)
  return (
    <section className="card">
      <h2>
        <StateMark status={health.status} /> {texts.overall(health.status)}
      </h2>
      <Troubles checks={health.checks.filter(({ status }) => status !== 'healthy')} />
      <Table label={texts.checks} heads={[texts.check, texts.state, texts.found, texts.lastHealthy, texts.took]}>
        {health.checks.map((check) => (
          <CheckRow key={check.name} check={check} />
        ))}
      </Table>
    </section>
  )
}

function CheckRow({ check }: { check: Check }) {
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
        <Found check={check} />
      </td>
      <td>{check.last_success_at === undefined ? texts.neverHealthy : <Ago value={check.last_success_at} />}</td>
      <td>
        <bdi dir="ltr">{duration(check.response_time_ms * 1e6)}</bdi>
      </td>
    </tr>
  )
}

/** In the language of the page as far as check and state say it; what else was found the server says in its words. */
function Found({ check }: { check: Check }) {
  const texts = useText(HEALTH)
  const finding = texts.finding(check.name, check.status, check.message)
  if (finding === check.message) return <SafeText>{finding}</SafeText>
  if (check.status === 'healthy') return finding
  return (
    <>
      {finding}
      <SafeText code className="check-said">
        {check.message}
      </SafeText>
    </>
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
          <StateMark status={check.status} /> <bdi dir="ltr">{check.name}</bdi>: <Found check={check} />
          <Remedy check={check} />
        </li>
      ))}
    </ul>
  )
}

function Remedy({ check }: { check: Check }) {
  const texts = useText(HEALTH)
  return (
    <p>
      <strong>{texts.whatToDo}</strong> {texts.remedy(check.name, check.what_to_do ?? '')}{' '}
      {check.name === 'audit_logging' && (
        <PageLink to="/settings" search={{ tab: 'switches' }}>
          {texts.toSwitches}
        </PageLink>
      )}
    </p>
  )
}
