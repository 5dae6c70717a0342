/** Home: what the last day was like, and everything as it happens. */

import { useQuery } from '@tanstack/react-query'

import { summaryQuery } from '../../api/activity'
import type { ActivitySummary } from '../../api/activity'
import { useLanguage, useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Sparkline } from '../../kit/Sparkline'
import { Loading } from '../../kit/States'
import { count, shortCount } from '../../lib/numbers'
import { useAddress } from '../../parts/address'
import { Failure } from '../../parts/Failure'
import { PageLink } from '../../parts/Links'
import { Feed } from './Feed'
import { ACTIVITY } from './text'
import './activity.css'

const TONES = { events: 'info', errors: 'error', critical: 'critical', warnings: 'warning' } as const
type Figure = keyof typeof TONES
const FIGURES = Object.keys(TONES) as Figure[]

export default function ActivityPage() {
  const { project } = useAddress()
  const summary = useQuery(summaryQuery(project))
  return (
    <div className="activity">
      <div className="activity-main">
        {summary.isError ? <Failure error={summary.error} onRetry={() => void summary.refetch()} /> : <Totals summary={summary.data} />}
        <Feed key={project} />
      </div>
      {summary.data !== undefined && <Tops summary={summary.data} />}
    </div>
  )
}

function Totals({ summary }: { summary: ActivitySummary | undefined }) {
  const texts = useText(ACTIVITY)
  const language = useLanguage()
  if (summary === undefined) return <Loading lines={2} />
  return (
    <section aria-label={texts.day}>
      <h2 className="quiet">{texts.day}</h2>
      <ul className="totals">
        {FIGURES.map((figure) => {
          const counts = summary.buckets.map((bucket) => bucket.counts[figure])
          return (
            <li key={figure} className="card total">
              <span className="quiet">{texts[figure]}</span>
              <strong title={count(summary.totals[figure], language)}>{shortCount(summary.totals[figure], language)}</strong>
              <Sparkline counts={counts} tone={TONES[figure]} label={texts.perHour(texts[figure], counts.join(', '))} />
            </li>
          )
        })}
      </ul>
      {summary.without.length > 0 && <p className="quiet">{texts.without(summary.without.map((one) => one.signal).join(', '))}</p>}
    </section>
  )
}

const SHOWN = 8

function Tops({ summary }: { summary: ActivitySummary }) {
  const texts = useText(ACTIVITY)
  const language = useLanguage()
  return (
    <aside className="tops">
      {summary.actions.length > 0 && (
        <section className="card">
          <h3>{texts.topActions}</h3>
          <ol>
            {summary.actions.slice(0, SHOWN).map((one) => (
              <li key={one.action}>
                <PageLink to="/audit" search={{ action: one.action }}>
                  <SafeText>{one.action}</SafeText>
                </PageLink>
                <span className="top-count">
                  {count(one.count, language)}
                  {one.failures > 0 && <span className="mark tone-error">{texts.failures(count(one.failures, language))}</span>}
                </span>
              </li>
            ))}
          </ol>
        </section>
      )}
      {summary.actors.length > 0 && (
        <section className="card">
          <h3>{texts.topActors}</h3>
          <ol>
            {summary.actors.slice(0, SHOWN).map((one) => (
              <li key={`${one.id ?? ''} ${one.email ?? ''}`}>
                <PageLink to="/timeline" search={{ actor: one.email ?? one.id, from: 'now-24h' }}>
                  <SafeText>{one.email ?? one.name ?? one.id}</SafeText>
                </PageLink>
                <span className="top-count">
                  {count(one.count, language)}
                  {one.last_ip !== undefined && <SafeText code>{one.last_ip}</SafeText>}
                </span>
              </li>
            ))}
          </ol>
        </section>
      )}
      {summary.addresses.length > 0 && (
        <section className="card">
          <h3>{texts.topAddresses}</h3>
          <ol>
            {summary.addresses.slice(0, SHOWN).map((one) => (
              <li key={one.ip}>
                <PageLink to="/audit" search={{ ip: one.ip }}>
                  <SafeText code>{one.ip}</SafeText>
                </PageLink>
                <span className="top-count">
                  {count(one.count, language)} · {texts.actors(one.actors, count(one.actors, language))}
                </span>
              </li>
            ))}
          </ol>
        </section>
      )}
    </aside>
  )
}
