/** Of how many sessions the last word was no crash: over time, and by release. */

import { useQuery } from '@tanstack/react-query'

import { releaseHealthQuery } from '../../api/releases'
import type { ReleaseHealthAnswer } from '../../api/releases'
import type { Parameters } from '../../api/lists'
import { useLanguage, useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Table } from '../../kit/Table'
import { count, finePercent, percent } from '../../lib/numbers'
import type { Address } from '../../parts/address'
import { Failure } from '../../parts/Failure'
import { PageLink } from '../../parts/Links'
import { CrashFree } from '../../parts/CrashFree'
import { ANALYTICS } from './text'

export function Sessions({ address, asked }: { address: Address; asked: Parameters }) {
  const texts = useText(ANALYTICS)
  const health = useQuery(releaseHealthQuery(address.project, asked))
  return (
    <section className="analytics-part" aria-label={texts.crashFree}>
      <h3>{texts.crashFree}</h3>
      <p className="quiet">{texts.sessionsBody}</p>
      {health.isPending ? (
        <Loading lines={3} />
      ) : health.isError ? (
        <Failure error={health.error} onRetry={() => void health.refetch()} />
      ) : health.data.sessions === 0 ? (
        <p>{texts.noSessions}</p>
      ) : (
        <>
          <CrashFree health={health.data} address={address} />
          <ByRelease health={health.data} address={address} />
        </>
      )}
    </section>
  )
}

const SHOWN = 10

function ByRelease({ health, address }: { health: ReleaseHealthAnswer; address: Address }) {
  const texts = useText(ANALYTICS)
  const language = useLanguage()
  const { from, to } = address.search
  const shown = health.releases.filter(({ sessions }) => sessions > 0).sort((one, other) => other.sessions - one.sessions)
  return (
    <>
      <Table label={texts.byRelease} heads={[texts.release, texts.environment, texts.sessions, texts.crashFree, texts.adoption]}>
        {shown.slice(0, SHOWN).map((one) => (
          <tr key={`${one.release} ${one.environment ?? ''}`}>
            <th scope="row" className="analytics-name">
              <SafeText code>{one.release}</SafeText>
            </th>
            <td>
              <SafeText>{one.environment}</SafeText>
            </td>
            <td>{count(one.sessions, language)}</td>
            <td>{one.crash_free_sessions === undefined ? '—' : finePercent(one.crash_free_sessions)}</td>
            <td>{one.adoption === undefined ? '—' : percent(one.adoption)}</td>
          </tr>
        ))}
      </Table>
      <p>
        <PageLink to="/errors/releases" search={{ from, to }}>
          {texts.allReleases}
        </PageLink>
      </p>
    </>
  )
}
