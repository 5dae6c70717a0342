/** What comes in by which protocol, now and minute by minute, and what was refused for which reason. */

import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo } from 'react'

import { ratesQuery } from '../../api/holdings'
import type { IngestRates } from '../../api/holdings'
import { useLanguage, useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import type { Language } from '../../lib/language'
import { localeOf } from '../../lib/language'
import { bytes, count } from '../../lib/numbers'
import { minuteColumns } from '../../lib/rates'
import { Failure } from '../../parts/Failure'
import { HOLDINGS } from './holdings-text'
import { HEALTH } from './text'
import './holdings.css'

const Chart = lazy(() => import('../../kit/Chart').then((module) => ({ default: module.Chart })))

const MINUTE_MS = 60_000
const TONES: Record<string, string> = { audit: 'accent', logs: 'good', loki: 'warning', otlp: 'critical', elasticsearch: 'plain', syslog: 'error' }

export function Ingest() {
  const texts = useText(HOLDINGS)
  const rates = useQuery(ratesQuery)
  return (
    <section className="card">
      <h2>{texts.ingest}</h2>
      {rates.isPending ? (
        <Loading lines={3} />
      ) : rates.isError ? (
        <Failure error={rates.error} onRetry={() => void rates.refetch()} />
      ) : (
        <>
          {rates.data.protocols.length === 0 ? (
            <p className="quiet">{texts.nothingCame}</p>
          ) : (
            <>
              <Minutes rates={rates.data} />
              <Protocols rates={rates.data} />
            </>
          )}
          <Rejects rates={rates.data} />
        </>
      )}
    </section>
  )
}

function Minutes({ rates }: { rates: IngestRates }) {
  const texts = useText(HOLDINGS)
  const { times, series } = useMemo(() => {
    const drawn = minuteColumns(rates.at, rates.minutes)
    return { times: drawn.times, series: drawn.series.map((one) => ({ ...one, tone: TONES[one.name] ?? 'plain' })) }
  }, [rates])
  return (
    <Suspense fallback={<Loading lines={3} />}>
      <Chart label={texts.perMinute} times={times} bucketMs={MINUTE_MS} series={series} />
    </Suspense>
  )
}

function rate(value: number, language: Language): string {
  return new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: value < 10 ? 2 : 0 }).format(value)
}

function Protocols({ rates }: { rates: IngestRates }) {
  const texts = useText(HOLDINGS)
  const language = useLanguage()
  return (
    <div className="scrolled" tabIndex={0} role="region" aria-label={texts.ingest}>
      <table>
        <thead>
          <tr>
            {[texts.protocol, texts.now, texts.received, texts.refusedNow, texts.sinceStart].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rates.protocols.map((one) => (
            <tr key={one.protocol}>
              <th scope="row">
                <bdi dir="ltr">{one.protocol}</bdi>
              </th>
              <td>{rate(one.rows_per_second, language)}</td>
              <td>
                <bdi dir="ltr">{bytes(one.bytes_per_second)}</bdi>
              </td>
              <td>{rate(one.rejected_per_second, language)}</td>
              <td>{count(one.total.rows, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Rejects({ rates }: { rates: IngestRates }) {
  const texts = useText(HOLDINGS)
  const { reason } = useText(HEALTH)
  const language = useLanguage()
  return (
    <>
      <h3 className="holdings-head">{texts.rejects}</h3>
      {rates.rejects.length === 0 ? (
        <p className="quiet">{texts.noRejects}</p>
      ) : (
        <div className="scrolled" tabIndex={0} role="region" aria-label={texts.rejects}>
          <table>
            <thead>
              <tr>
                {[texts.reason, texts.protocol, texts.lastMinute, texts.lastHour, texts.all].map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rates.rejects.map((one) => (
                <tr key={`${one.protocol} ${one.code}`}>
                  <th scope="row">
                    <SafeText code>{one.code}</SafeText> <span className="quiet">{reason(one.code)}</span>
                  </th>
                  <td>
                    <bdi dir="ltr">{one.protocol}</bdi>
                  </td>
                  <td>{count(one.last_minute, language)}</td>
                  <td>{count(one.last_hour, language)}</td>
                  <td>{count(one.total, language)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}
