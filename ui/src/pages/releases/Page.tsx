/** Releases: how their sessions went, which errors they brought, and when they went out. */

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'

import { ISSUES_PRESET } from '../../api/issues'
import { releaseHealthQuery } from '../../api/releases'
import type { ReleaseHealth, ReleaseHealthAnswer } from '../../api/releases'
import { useLanguage, useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Table } from '../../kit/Table'
import { Ago, Time } from '../../kit/Time'
import { count, finePercent, percent } from '../../lib/numbers'
import { exactly } from '../../lib/search'
import type { Patch } from '../../lib/search'
import { visibleText } from '../../lib/visible'
import { rangeParameters, useAddress } from '../../parts/address'
import type { Address } from '../../parts/address'
import { CrashFree } from '../../parts/CrashFree'
import { Emptiness } from '../../parts/Emptiness'
import { ErrorsSections } from '../../parts/ErrorsSections'
import { Failure } from '../../parts/Failure'
import { FilterChips } from '../../parts/Filters'
import { PageLink } from '../../parts/Links'
import { Partial } from '../../parts/Partial'
import { RangeBar, useMoment } from '../../parts/RangeBar'
import { RELEASES } from './text'
import '../../parts/explorer.css'
import './releases.css'

const FILTERS = ['release', 'environment']

export default function ReleasesPage() {
  const address = useReleasesAddress()
  const { project, parameters, range, zone } = address
  const { now, move } = useMoment(address)
  const asked = useMemo(() => [...parameters, ...rangeParameters(range, now, zone)], [parameters, range, now, zone])
  const health = useQuery(releaseHealthQuery(project, asked))
  return (
    <>
      <ErrorsSections current="releases" address={address} />
      <div className="explorer-bar">
        <RangeBar address={address} onRefresh={move} />
      </div>
      <div className="explorer-main">
        <FilterChips address={address} />
        {health.isPending ? (
          <Loading />
        ) : health.isError ? (
          <Failure error={health.error} onRetry={() => void health.refetch()} />
        ) : (
          <Releases health={health.data} address={address} />
        )}
      </div>
    </>
  )
}

/** What else a link filters errors by says nothing of sessions. */
function useReleasesAddress(): Address {
  const address = useAddress(ISSUES_PRESET)
  return useMemo(() => ({ ...address, parameters: address.parameters.filter(([name]) => FILTERS.includes(name)) }), [address])
}

function Releases({ health, address }: { health: ReleaseHealthAnswer; address: Address }) {
  const texts = useText(RELEASES)
  if (health.releases.length === 0) return <Emptiness address={address} statistics={health.statistics} />
  return (
    <>
      <Partial statistics={health.statistics} />
      <section className="releases-health" aria-label={texts.health}>
        <h2>{texts.health}</h2>
        {health.sessions === 0 ? <p className="quiet">{texts.noSessions}</p> : <CrashFree health={health} address={address} />}
      </section>
      <Table label={texts.releases} heads={[texts.release, texts.environment, texts.adoption, texts.sessions, texts.crashFree, texts.crashFreeUsers, texts.errors, texts.newIssues, texts.seen, texts.deploys]}>
        {health.releases.map((release) => (
          <ReleaseRow key={`${release.release} ${release.environment ?? ''}`} release={release} address={address} />
        ))}
      </Table>
      {health.more && <p className="quiet">{texts.more}</p>}
    </>
  )
}

function ReleaseRow({ release: one, address }: { release: ReleaseHealth; address: Address }) {
  const texts = useText(RELEASES)
  const language = useLanguage()
  const { release, environment, adoption, crash_free_sessions: free, crash_free_users: freeUsers } = one
  const { from, to } = address.search
  const of: Patch = { from, to, status: 'all', release: exactly(release) }
  const number = (value: number) => (value === 0 ? '0' : count(value, language))
  return (
    <tr>
      <th scope="row" className="release-name">
        <SafeText code>{release}</SafeText>
      </th>
      <td className="release-environment">
        {environment !== undefined && (
          <button type="button" className="legend-name" aria-label={texts.only(visibleText(environment))} onClick={() => address.change({ environment: exactly(environment) })}>
            <SafeText>{environment}</SafeText>
          </button>
        )}
      </td>
      <td title={texts.adoptionHint}>{adoption === undefined ? '—' : percent(adoption)}</td>
      <td>{number(one.sessions)}</td>
      <td>{free === undefined ? '—' : finePercent(free)}</td>
      <td>{freeUsers === undefined ? '—' : finePercent(freeUsers)}</td>
      <td>
        {one.errors === 0 ? (
          number(0)
        ) : (
          <PageLink to="/errors" search={{ ...of, environment: environment === undefined ? '!*' : exactly(environment) }}>
            {number(one.errors)}
          </PageLink>
        )}
      </td>
      <td>{number(one.new_issues)}</td>
      <td>
        <Heard release={one} />
      </td>
      <td>
        <Deploys release={one} />
      </td>
    </tr>
  )
}

function Heard({ release: { first_seen: first, last_seen: last, named_at: named } }: { release: ReleaseHealth }) {
  const texts = useText(RELEASES)
  return (
    <>
      {last !== undefined && <Ago value={last} />}
      {first !== undefined && (
        <p className="quiet">
          {texts.since} <Ago value={first} />
        </p>
      )}
      {named !== undefined && (
        <p className="quiet">
          {texts.named} <Ago value={named} />
        </p>
      )}
    </>
  )
}

function Deploys({ release: { deploys = [] } }: { release: ReleaseHealth }) {
  const texts = useText(RELEASES)
  const language = useLanguage()
  if (deploys.length === 0) return '—'
  return (
    <details>
      <summary>{texts.deploy(count(deploys.length, language), deploys.length)}</summary>
      <ul>
        {deploys.map(({ name, finished_at: finished, started_at: started }, at) => (
          <li key={at}>
            <Time value={finished ?? started ?? ''} precision="minute" /> <SafeText className="quiet">{name}</SafeText>
          </li>
        ))}
      </ul>
    </details>
  )
}
