/** What rules of retention would drop at once if they were in force. */

import { useQuery } from '@tanstack/react-query'

import type { RetentionRule } from '../../api/settings'
import { retentionPreviewQuery } from '../../api/settings'
import { useLanguage, useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Table } from '../../kit/Table'
import { Time } from '../../kit/Time'
import { bytes, count } from '../../lib/numbers'
import { Failure } from '../../parts/Failure'
import { SETTINGS } from './text'

export function RetentionPreview({ rules }: { rules: readonly RetentionRule[] }) {
  const texts = useText(SETTINGS)
  const language = useLanguage()
  const preview = useQuery(retentionPreviewQuery(rules))
  if (preview.isPending) return <Loading lines={2} />
  if (preview.isError) return <Failure error={preview.error} onRetry={() => void preview.refetch()} />
  const { drops, rows, bytes: size } = preview.data
  return (
    <div role="status" className="settings-stack">
      {drops.length === 0 ? <p>{texts.nothingGoes}</p> : <p className="mark tone-warning">{texts.wouldGo(count(rows, language), bytes(size))}</p>}
      {drops.length > 0 && (
        <Table label={texts.preview} heads={[texts.table, texts.project, texts.rowsGo, texts.sizeGoes, texts.from, texts.to, texts.rowsStay]}>
          {drops.map((drop) => (
            <tr key={`${drop.table} ${drop.project}`}>
              <th scope="row">
                <SafeText code>{drop.table}</SafeText>
              </th>
              <td>
                <SafeText code>{drop.project}</SafeText>
              </td>
              <td>{count(drop.rows, language)}</td>
              <td>
                <bdi dir="ltr">{bytes(drop.bytes)}</bdi>
              </td>
              <td>
                <Time value={drop.oldest} />
              </td>
              <td>
                <Time value={drop.newest} />
              </td>
              <td>{count(drop.rows_kept, language)}</td>
            </tr>
          ))}
        </Table>
      )}
      <p className="quiet">{texts.previewBody}</p>
    </div>
  )
}
