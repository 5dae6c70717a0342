/** Files that came with an event; each is downloaded, never shown. */

import type { UseQueryResult } from '@tanstack/react-query'

import type { ListAnswer } from '../../api/lists'
import { downloadUrl } from '../../api/lists'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Table } from '../../kit/Table'
import { number, text } from '../../lib/json'
import { bytes } from '../../lib/numbers'
import { visibleText } from '../../lib/visible'
import { Failure } from '../../parts/Failure'
import { ISSUE } from './text'

export function Files({ files, project }: { files: UseQueryResult<ListAnswer>; project: string | undefined }) {
  const texts = useText(ISSUE)
  if (files.isPending) return <Loading lines={2} />
  if (files.isError) return <Failure error={files.error} onRetry={() => void files.refetch()} />
  const { rows } = files.data
  if (rows.length === 0) return <p className="quiet">{texts.noFiles}</p>
  return (
    <>
      <p className="quiet">{texts.fileBody}</p>
      <Table label={texts.files(0)} heads={[texts.file, texts.fileType, texts.fileKind, texts.size, texts.download]}>
        {rows.map((row) => {
          const [id, name] = [text(row, 'id') ?? '', text(row, 'name') ?? '']
          return (
            <tr key={id}>
              <th scope="row" className="file-name">
                <SafeText>{name}</SafeText>
              </th>
              <td>
                <SafeText code>{text(row, 'content_type')}</SafeText>
              </td>
              <td>
                <SafeText code>{text(row, 'kind')}</SafeText>
              </td>
              <td>
                <bdi dir="ltr">{bytes(number(row, 'bytes') ?? 0)}</bdi>
              </td>
              <td>
                <a className="link" href={downloadUrl(`/api/v1/attachments/${id}`, project, [])} download aria-label={texts.downloadOf(visibleText(name))}>
                  {texts.download}
                </a>
              </td>
            </tr>
          )
        })}
      </Table>
    </>
  )
}
