/** How the server is: every check, what the process uses, and who sends what. */

import { useQuery } from '@tanstack/react-query'

import { detailedQuery, systemQuery } from '../../api/server'
import type { DetailedHealth } from '../../api/server'
import { useLanguage, useText } from '../../kit/language'
import { Loading } from '../../kit/States'
import { bytes, count } from '../../lib/numbers'
import { Failure } from '../../parts/Failure'
import { Checks } from './Checks'
import { Ingest } from './Ingest'
import { Sources } from './Sources'
import { Storage } from './Storage'
import { HEALTH } from './text'
import './health.css'

export default function HealthPage() {
  const detailed = useQuery(detailedQuery)
  if (detailed.isPending) return <Loading />
  if (detailed.isError) return <Failure error={detailed.error} onRetry={() => void detailed.refetch()} />
  return (
    <div className="health">
      <Checks health={detailed.data} />
      <Process health={detailed.data} />
      <Storage />
      <Ingest />
      <Sources />
    </div>
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
