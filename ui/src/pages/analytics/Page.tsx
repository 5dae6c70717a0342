/** Errors in charts: over time by what they say, who had the most, and how the sessions went. */

import { useQuery } from '@tanstack/react-query'

import { issueStatisticsQuery } from '../../api/issues'
import type { IssueStatistics } from '../../api/issues'
import { useLanguage, useText } from '../../kit/language'
import { Loading } from '../../kit/States'
import { count } from '../../lib/numbers'
import { exactly, toggledOf } from '../../lib/search'
import type { Address } from '../../parts/address'
import { Emptiness } from '../../parts/Emptiness'
import { ERROR_FACETS, ErrorsPanel } from '../../parts/ErrorsPanel'
import { ErrorsQuery } from '../../parts/ErrorsQuery'
import { ErrorsSections, useErrorsAddress } from '../../parts/ErrorsSections'
import type { Found } from '../../parts/Explorer'
import { Explorer } from '../../parts/Explorer'
import { Failure } from '../../parts/Failure'
import { Partial } from '../../parts/Partial'
import { Over } from './Over'
import { Sessions } from './Sessions'
import { ANALYTICS } from './text'
import { TopUsers } from './TopUsers'
import './analytics.css'

export default function AnalyticsPage() {
  const address = useErrorsAddress()
  return (
    <>
      <ErrorsSections current="analytics" address={address} />
      <Explorer
        address={address}
        list="errors"
        facets={ERROR_FACETS}
        query={<ErrorsQuery address={address} />}
        tools={() => null}
        panel={(found) => <ErrorsPanel address={address} found={found} />}
        rows={(found) => <Analytics address={address} found={found} />}
        onLevel={(level) => address.change({ level: toggledOf(address.search, 'level', level) })}
      />
    </>
  )
}

/** Level is above, of the list itself. */
const CHARTED = ['type', 'page', 'release', 'environment'] as const

function Analytics({ address, found }: { address: Address; found: Found }) {
  const statistics = useQuery(issueStatisticsQuery(address.project, found.asked))
  if (statistics.isPending) return <Loading />
  if (statistics.isError) return <Failure error={statistics.error} onRetry={() => void statistics.refetch()} />
  const { data } = statistics
  const only = (column: string) => (value: string) => address.change({ [column]: toggledOf(address.search, column, exactly(value)) })
  return (
    <>
      <Partial statistics={data.statistics} />
      {data.events === 0 ? (
        found.statistics !== undefined && <Emptiness address={address} statistics={found.statistics} />
      ) : (
        <>
          <Totals statistics={data} />
          <div className="analytics">
            {CHARTED.map((by) => (
              <Over key={by} statistics={data} by={by} onOnly={only(by)} address={address} />
            ))}
          </div>
          <TopUsers users={data.top_users} onOnly={only('user')} />
        </>
      )}
      <Sessions address={address} asked={found.asked} />
    </>
  )
}

function Totals({ statistics: { events, issues, users } }: { statistics: IssueStatistics }) {
  const texts = useText(ANALYTICS)
  const language = useLanguage()
  return (
    <dl className="card analytics-totals">
      {[
        [texts.events, events] as const,
        [texts.issues, issues] as const,
        [texts.users, users] as const,
      ].map(([title, value]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>
            <strong>{count(value, language)}</strong>
          </dd>
        </div>
      ))}
    </dl>
  )
}
