/** What the store holds, and what comes in. */

import { queryOptions } from '@tanstack/react-query'

import type { Schemas } from './client'
import { answer, client, ownHeaders } from './client'

export type StorageAnswer = Schemas['StorageAnswer']
export type IngestRates = Schemas['IngestRates']

const STORAGE_EVERY_MS = 30_000
const RATES_EVERY_MS = 5_000

/** Of all projects that are reached, unless one is named; disks and write-ahead log are the whole store's. */
export function storageQuery(project: string | undefined) {
  return queryOptions({
    queryKey: ['storage', project],
    refetchInterval: STORAGE_EVERY_MS,
    queryFn: ({ signal }) => answer(client.GET('/api/v1/storage', { headers: ownHeaders(project), signal })),
  })
}

/** Of all projects together, since the process began to serve. */
export const ratesQuery = queryOptions({
  queryKey: ['rates'],
  refetchInterval: RATES_EVERY_MS,
  queryFn: ({ signal }) => answer(client.GET('/api/v1/ingest/rates', { signal })),
})
