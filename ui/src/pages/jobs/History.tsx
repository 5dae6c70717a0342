/** The newest check-ins of a job, and the way to its errors. */

import { useQuery } from '@tanstack/react-query'

import { listPageQuery } from '../../api/lists'
import type { Parameters } from '../../api/lists'
import type { MonitorView } from '../../api/releases'
import { useLanguage, useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Table } from '../../kit/Table'
import { Time } from '../../kit/Time'
import { duration } from '../../lib/instant'
import type { Row } from '../../lib/json'
import { number, text } from '../../lib/json'
import { count } from '../../lib/numbers'
import { exactly } from '../../lib/search'
import { visibleText } from '../../lib/visible'
import type { Address } from '../../parts/address'
import { Failure } from '../../parts/Failure'
import { PageLink } from '../../parts/Links'
import { CheckInMark } from './CheckInMark'
import { JOBS } from './text'

const SHOWN = 100

export function History({ job, address }: { job: MonitorView; address: Address }) {
  const texts = useText(JOBS)
  const language = useLanguage()
  const environment = job.environment === '' ? '!*' : exactly(job.environment)
  const asked: Parameters = [['monitor', exactly(job.monitor)], ['environment', environment], ['limit', String(SHOWN)]]
  const list = useQuery(listPageQuery('check-ins', address.project, asked))
  if (list.isPending) return <Loading lines={3} />
  if (list.isError) return <Failure error={list.error} onRetry={() => void list.refetch()} />
  const { rows } = list.data
  return (
    <div className="job-history">
      <p>
        <PageLink to="/errors" search={{ 'tag.monitor': exactly(job.monitor), environment, status: 'all', from: 'now-30d' }}>
          {texts.errors}
        </PageLink>
      </p>
      {rows.length === 0 ? (
        <p className="quiet">{texts.gone}</p>
      ) : (
        <>
          <Table label={texts.historyOf(visibleText(job.monitor))} heads={[texts.when, texts.status, texts.duration, texts.id]}>
            {rows.map((row) => (
              <CheckIn key={`${text(row, 'time') ?? ''} ${number(row, 'seq') ?? ''}`} row={row} />
            ))}
          </Table>
          {list.data.next !== undefined && <p className="quiet">{texts.newest(count(rows.length, language))}</p>}
        </>
      )}
    </div>
  )
}

function CheckIn({ row }: { row: Row }) {
  const took = number(row, 'duration_ns')
  return (
    <tr>
      <td>
        <Time value={text(row, 'time') ?? ''} />
      </td>
      <td>
        <CheckInMark status={text(row, 'status') ?? ''} />
      </td>
      <td>{took === undefined ? '—' : <bdi dir="ltr">{duration(took)}</bdi>}</td>
      <td>
        <SafeText code className="quiet">
          {text(row, 'check_in_id')}
        </SafeText>
      </td>
    </tr>
  )
}
