/** What broke in the request of an entry. */

import { useQuery } from '@tanstack/react-query'

import type { Parameters } from '../../api/lists'
import { listPageQuery } from '../../api/lists'
import { may, useMe } from '../../api/session'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Time } from '../../kit/Time'
import type { Row } from '../../lib/json'
import { text } from '../../lib/json'
import { useAddress } from '../../parts/address'
import { Failure } from '../../parts/Failure'
import { ErrorLink } from '../../parts/Links'
import { SeverityMark } from '../../parts/Marks'
import { ENTRY } from './text'

const SHOWN = '20'

export function ErrorsOfRequest({ row }: { row: Row }) {
  const texts = useText(ENTRY)
  const { project } = useAddress()
  const key = ['correlation_id', 'trace_id'].find((name) => text(row, name) !== undefined)
  const allowed = may(useMe(), 'read_telemetry')
  const asked: Parameters = key === undefined ? [] : [[key, text(row, key) ?? ''], ['direction', 'asc'], ['limit', SHOWN]]
  const errors = useQuery({ ...listPageQuery('errors', project, asked), enabled: key !== undefined && allowed })
  if (errors.isError) return <Failure error={errors.error} onRetry={() => void errors.refetch()} />
  // Most requests have none, which needs no saying.
  if (errors.data === undefined || errors.data.rows.length === 0) return null
  return (
    <section className="card" aria-labelledby="entry-errors">
      <h3 id="entry-errors">{texts.errorsOfRequest}</h3>
      <ul className="entry-errors">
        {errors.data.rows.map((error) => (
          <li key={text(error, 'event_id')}>
            <Time value={text(error, 'time') ?? ''} precision="millisecond" /> <SeverityMark severity={text(error, 'level')} />{' '}
            <ErrorLink row={error}>
              <SafeText>{text(error, 'title') ?? text(error, 'type')}</SafeText>
            </ErrorLink>{' '}
            <SafeText code className="quiet">
              {text(error, 'culprit')}
            </SafeText>
          </li>
        ))}
      </ul>
    </section>
  )
}
