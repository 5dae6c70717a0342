/** How the server is, and who sends to it. */

import { queryOptions } from '@tanstack/react-query'

import type { Schemas } from './client'
import { answer, client, get } from './client'

export type DetailedHealth = Schemas['DetailedHealth']
export type SystemHealth = Schemas['SystemHealth']
export type SourceList = Schemas['SourceList']
export type SourceView = Schemas['SourceView']

const EVERY_MS = 10_000

export const detailedQuery = queryOptions({
  queryKey: ['health', 'detailed'],
  refetchInterval: EVERY_MS,
  queryFn: () => answer(client.GET('/health/detailed')),
})

/** An unhealthy server says so with 503, and with the same body. */
export const systemQuery = queryOptions({
  queryKey: ['health', 'system'],
  refetchInterval: EVERY_MS,
  queryFn: async ({ signal }): Promise<SystemHealth> => {
    const response = await fetch('/api/system/health', { signal })
    return (await response.json()) as SystemHealth
  },
})

export function sourcesQuery(project: string | undefined) {
  return queryOptions({
    queryKey: ['sources', project],
    refetchInterval: EVERY_MS,
    queryFn: ({ signal }) => get<SourceList>('/api/v1/sources', [], { project, signal }),
  })
}
