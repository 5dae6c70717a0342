/** Who sends what: when each was last heard from, how much came, and what was refused, by reason. */

import { useQuery } from '@tanstack/react-query'

import type { SourceView } from '../../api/server'
import { sourcesQuery } from '../../api/server'
import { useLanguage, useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Table } from '../../kit/Table'
import { Ago } from '../../kit/Time'
import { bytes, count } from '../../lib/numbers'
import { useAddress } from '../../parts/address'
import { Failure } from '../../parts/Failure'
import { PageLink } from '../../parts/Links'
import { HEALTH } from './text'

export function Sources() {
  const texts = useText(HEALTH)
  const { project } = useAddress()
  const sources = useQuery(sourcesQuery(project))
  if (sources.isPending) return <Loading lines={3} />
  if (sources.isError) return <Failure error={sources.error} onRetry={() => void sources.refetch()} />
  return (
    <section className="card">
      <h2>{texts.sources}</h2>
      {sources.data.sources.length === 0 ? <NoSources /> : <SourceTable sources={sources.data.sources} />}
    </section>
  )
}

function NoSources() {
  const texts = useText(HEALTH)
  return (
    <p>
      <span className="quiet">{texts.noSources}</span>{' '}
      <PageLink to="/welcome" search={{}}>
        {texts.sendFirst}
      </PageLink>
    </p>
  )
}

function SourceTable({ sources }: { sources: readonly SourceView[] }) {
  const texts = useText(HEALTH)
  return (
    <Table label={texts.sources} heads={[texts.sender, texts.protocol, texts.services, texts.heard, texts.rows, texts.today, texts.size, texts.rejected]}>
      {sources.map((source) => (
        <SourceRow key={`${source.project} ${source.protocol} ${source.sender_id} ${source.client}`} source={source} />
      ))}
    </Table>
  )
}

const SERVICES_SHOWN = 5

function SourceRow({ source }: { source: SourceView }) {
  const language = useLanguage()
  const services = source.services.slice(0, SERVICES_SHOWN).map((one) => one.service)
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
        {source.services.length > SERVICES_SHOWN && ` +${count(source.services.length - SERVICES_SHOWN, language)}`}
      </td>
      <td>
        <Ago value={source.last_heard_at} />
      </td>
      <td>{count(source.rows, language)}</td>
      <td>{count(source.rows_today, language)}</td>
      <td>
        <bdi dir="ltr">{bytes(source.bytes)}</bdi>
      </td>
      <td>
        <Rejected source={source} />
      </td>
    </tr>
  )
}

function Rejected({ source }: { source: SourceView }) {
  const texts = useText(HEALTH)
  const language = useLanguage()
  const { reasons, last_rejection: last } = source
  const total = source.rejected + source.requests_failed
  if (total === 0) return <>{count(0, language)}</>
  return (
    <details className="rejected">
      <summary>{count(total, language)}</summary>
      <ul>
        {reasons.map(({ code, count: times }) => (
          <li key={code}>
            {count(times, language)} × {texts.reason(code)} <SafeText code className="quiet">{code}</SafeText>
          </li>
        ))}
      </ul>
      {last !== undefined && (
        <p className="quiet">
          {texts.lastRejection} <Ago value={last.at} />: <SafeText>{last.reason}</SafeText>
        </p>
      )}
    </details>
  )
}
