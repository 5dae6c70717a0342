/** How the server is: every check with its reason, what the process uses, and who sends what. */

import { useQuery } from '@tanstack/react-query'

import { detailedQuery, sourcesQuery, systemQuery } from '../../api/server'
import type { DetailedHealth, SourceView } from '../../api/server'
import type { IconName } from '../../kit/Icon'
import { Icon } from '../../kit/Icon'
import { useLanguage, useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Ago } from '../../kit/Time'
import { duration } from '../../lib/instant'
import { bytes, count } from '../../lib/numbers'
import { useAddress } from '../../parts/address'
import { Failure } from '../../parts/Failure'
import { LastSuccess, WhatToDo } from './CheckCells'
import { HOLDINGS } from './holdings-text'
import { Ingest } from './Ingest'
import { Storage } from './Storage'
import { HEALTH } from './text'
import '../../parts/explorer.css'
import './health.css'

const STATES: Record<string, { icon: IconName; tone: string }> = {
  healthy: { icon: 'check', tone: 'good' },
  degraded: { icon: 'warning', tone: 'warning' },
  unhealthy: { icon: 'error', tone: 'error' },
}

function StateMark({ status }: { status: string }) {
  const texts = useText(HEALTH)
  const state = STATES[status] ?? { icon: 'help', tone: 'plain' }
  return (
    <span className={`mark tone-${state.tone}`}>
      <Icon name={state.icon} />
      {texts.status(status)}
    </span>
  )
}

export default function HealthPage() {
  const detailed = useQuery(detailedQuery)
  if (detailed.isPending) return <Loading />
  if (detailed.isError) return <Failure error={detailed.error} onRetry={() => void detailed.refetch()} />
  return (
    <div className="health">
      <Overall health={detailed.data} />
      <Process health={detailed.data} />
      <Storage />
      <Ingest />
      <Sources />
    </div>
  )
}

function Overall({ health }: { health: DetailedHealth }) {
  const texts = useText(HEALTH)
  const more = useText(HOLDINGS)
  return (
    <section className="card">
      <h2>
        <StateMark status={health.status} /> {texts.overall(health.status)}
      </h2>
      <div className="scrolled" tabIndex={0} role="region" aria-label={texts.checks}>
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.check}</th>
              <th scope="col">{texts.state}</th>
              <th scope="col">{texts.found}</th>
              <th scope="col">{more.lastSuccess}</th>
              <th scope="col">{texts.took}</th>
            </tr>
          </thead>
          <tbody>
            {health.checks.map((check) => (
              <tr key={check.name}>
                <th scope="row">
                  <bdi dir="ltr">{check.name}</bdi>
                </th>
                <td>
                  <StateMark status={check.status} />
                </td>
                <td>
                  <bdi dir="ltr">{check.message}</bdi>
                  <WhatToDo check={check} />
                </td>
                <td>
                  <LastSuccess check={check} />
                </td>
                <td>
                  <bdi dir="ltr">{duration(check.response_time_ms * 1e6)}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Process({ health }: { health: DetailedHealth }) {
  const texts = useText(HEALTH)
  const language = useLanguage()
  const system = useQuery(systemQuery)
  const rate = system.data?.checks.errorRate
  const facts: [string, string][] = [
    [texts.version, health.version],
    [texts.uptime, texts.hours((health.uptime_seconds / 3600).toFixed(1))],
    [texts.memory, bytes(health.memory.resident_bytes)],
    [texts.reserved, `${bytes(health.memory.used_bytes)} / ${bytes(health.memory.limit_bytes)}`],
    [texts.connections, `${count(health.connections.open, language)} / ${count(health.connections.max, language)}`],
    [texts.requests, health.requests.per_second.toFixed(1)],
  ]
  if (rate !== undefined) {
    facts.push([texts.errorRate, texts.ofTotal(count(rate.errors, language), count(rate.total, language), rate.rate.toFixed(1))])
  }
  return (
    <section className="card">
      <h2>{texts.process}</h2>
      <dl className="facts">
        {facts.map(([title, value]) => (
          <div key={title} className="fact">
            <dt>{title}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Sources() {
  const texts = useText(HEALTH)
  const { project } = useAddress()
  const sources = useQuery(sourcesQuery(project))
  if (sources.isPending) return <Loading lines={3} />
  if (sources.isError) return <Failure error={sources.error} onRetry={() => void sources.refetch()} />
  if (sources.data.sources.length === 0) {
    return (
      <section className="card">
        <h2>{texts.sources}</h2>
        <p className="quiet">{texts.noSources}</p>
      </section>
    )
  }
  return (
    <section className="card">
      <h2>{texts.sources}</h2>
      <div className="scrolled" tabIndex={0} role="region" aria-label={texts.sources}>
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.sender}</th>
              <th scope="col">{texts.protocol}</th>
              <th scope="col">{texts.services}</th>
              <th scope="col">{texts.heard}</th>
              <th scope="col">{texts.rows}</th>
              <th scope="col">{texts.rejected}</th>
            </tr>
          </thead>
          <tbody>
            {sources.data.sources.map((source) => (
              <SourceRow key={`${source.project} ${source.protocol} ${source.sender_id} ${source.client}`} source={source} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function SourceRow({ source }: { source: SourceView }) {
  const language = useLanguage()
  const services = source.services.slice(0, 5).map((one) => one.service)
  return (
    <tr>
      <th scope="row">
        <SafeText>{source.sender}</SafeText>
      </th>
      <td>
        <bdi dir="ltr">{source.protocol}</bdi> <SafeText className="quiet">{source.client}</SafeText>
      </td>
      <td>
        <SafeText>{services.join(', ')}</SafeText>
      </td>
      <td>
        <Ago value={source.last_heard_at} />
      </td>
      <td>
        {count(source.rows, language)}, {count(source.rows_today, language)}
      </td>
      <td>
        {count(source.rejected + source.requests_failed, language)}
        {source.last_rejection !== undefined && (
          <p className="quiet">
            <SafeText code>{source.last_rejection.code}</SafeText>: <SafeText>{source.last_rejection.reason}</SafeText>
          </p>
        )}
      </td>
    </tr>
  )
}
