/** The entries of a filter, page after page, and their downloads. */

import { useMemo } from 'react'

import { downloadUrl } from '../../api/lists'
import type { Facet } from '../../api/lists'
import { Button } from '../../kit/Button'
import { copyText } from '../../kit/Copy'
import { Icon } from '../../kit/Icon'
import { useLanguage, useText } from '../../kit/language'
import { Loading } from '../../kit/States'
import { useToast } from '../../kit/toasts'
import { collapsed, opened } from '../../lib/batches'
import { curlLine } from '../../lib/curl'
import { asText } from '../../lib/json'
import { count } from '../../lib/numbers'
import type { Address } from '../../parts/address'
import { Emptiness } from '../../parts/Emptiness'
import { Failure } from '../../parts/Failure'
import { useListRows } from '../../parts/useListRows'
import { EntryRows } from './EntryRows'
import { AUDIT } from './text'

interface Props {
  address: Address
  asked: [string, string][]
  total: number | undefined
  facets: readonly Facet[]
}

export function Entries({ address, asked, total, facets }: Props) {
  const { project, search } = address
  const { list, rows, more } = useListRows('audit', project, asked)
  const isOpenBatch = search['batch_id']?.some((value) => !value.startsWith('!')) ?? false
  const lines = useMemo(() => (isOpenBatch ? opened(rows) : collapsed(rows)), [rows, isOpenBatch])
  const sizes = useMemo(() => batchSizes(facets), [facets])
  if (list.isPending) return <Loading />
  if (list.isError) return <Failure error={list.error} onRetry={() => void list.refetch()} />
  const statistics = list.data.pages[0]?.statistics
  if (lines.length === 0 && statistics !== undefined) return <Emptiness address={address} statistics={statistics} />
  return (
    <>
      <EntryRows key={search['batch_id']?.join() ?? ''} address={address} lines={lines} sizes={sizes} onNearEnd={more} total={total} />
      <Below project={project} asked={asked} total={total} />
    </>
  )
}

/** How many rows a batch has, also those that are not loaded yet. */
function batchSizes(facets: readonly Facet[]): ReadonlyMap<string, number> {
  const values = facets.find((facet) => facet.column === 'batch_id')?.values ?? []
  return new Map(values.map(({ value, count: rows }) => [asText(value) ?? '', rows]))
}

function Below({ project, asked, total }: { project: string | undefined; asked: [string, string][]; total: number | undefined }) {
  const texts = useText(AUDIT)
  const language = useLanguage()
  const tell = useToast()
  const url = (format: string) => downloadUrl('/api/v1/audit/export', project, [...asked, ['format', format]])
  const copyCurl = () => {
    void copyText(curlLine(location.origin + url('ndjson'))).then(() => tell({ message: texts.curlCopied }))
  }
  return (
    <p className="below">
      {total !== undefined && <span>{`${texts.entries}: ${count(total, language)}`}</span>}
      <a className="link" href={url('csv')} download="audit.csv">
        {texts.csv}
      </a>
      <a className="link" href={url('json')} download="audit.json">
        {texts.json}
      </a>
      <a className="link" href={url('ndjson')} download="audit.ndjson">
        {texts.ndjson}
      </a>
      <Button kind="quiet" onPress={copyCurl}>
        <Icon name="copy" /> {texts.curl}
      </Button>
    </p>
  )
}
