/** The entries of a filter, page after page, and their downloads. */

import { useMemo } from 'react'

import type { Facet } from '../../api/lists'
import { Loading } from '../../kit/States'
import { collapsed, opened } from '../../lib/batches'
import { asText } from '../../lib/json'
import type { Address } from '../../parts/address'
import { Downloads } from '../../parts/Downloads'
import { Emptiness } from '../../parts/Emptiness'
import type { Found } from '../../parts/Explorer'
import { Failure } from '../../parts/Failure'
import { useListRows } from '../../parts/useListRows'
import type { EntryColumns } from './columns'
import { EntryRows } from './EntryRows'

interface Props {
  address: Address
  columns: EntryColumns
  found: Found
}

export function Entries({ address, columns, found: { asked, total, facets } }: Props) {
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
      <EntryRows key={search['batch_id']?.join() ?? ''} address={address} columns={columns} lines={lines} sizes={sizes} onNearEnd={more} total={total} />
      <Downloads list="audit" project={project} asked={asked} total={total} />
    </>
  )
}

/** How many rows a batch has, also those that are not loaded yet. */
function batchSizes(facets: readonly Facet[]): ReadonlyMap<string, number> {
  const values = facets.find((facet) => facet.column === 'batch_id')?.values ?? []
  return new Map(values.map(({ value, count: rows }) => [asText(value) ?? '', rows]))
}
