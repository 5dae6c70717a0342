/** What goes on: everything as it happens, and the last day in numbers. */

import { queryOptions } from '@tanstack/react-query'

import type { Schemas } from './client'
import { get } from './client'

export type ActivityRow = Schemas['ActivityRow']
export type ActivitySummary = Schemas['ActivitySummary']

/** How often the numbers are asked for again. */
const EVERY_MS = 60_000

export function summaryQuery(project: string | undefined) {
  return queryOptions({
    queryKey: ['activity', project],
    refetchInterval: EVERY_MS,
    queryFn: ({ signal }) => get<ActivitySummary>('/api/v1/activity/summary', [], { project, signal }),
  })
}
