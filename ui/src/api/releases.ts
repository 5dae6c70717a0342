/** Releases and how well their sessions went; scheduled jobs and their check-ins. */

import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import type { Schemas } from './client'
import { get } from './client'
import type { Parameters } from './lists'

export type ReleaseHealthAnswer = Schemas['ReleaseHealthAnswer']
export type ReleaseHealth = Schemas['ReleaseHealth']
export type MonitorView = Schemas['MonitorView']

/** What of a filter of errors speaks of sessions, too. */
const OF_SESSIONS: readonly string[] = ['from', 'to', 'release', 'environment']

/** Conditions that sessions do not know are left out. */
export function releaseHealthQuery(project: string | undefined, parameters: Parameters) {
  const asked = parameters.filter(([name]) => OF_SESSIONS.includes(name))
  return queryOptions({
    queryKey: ['releases', project, asked],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<ReleaseHealthAnswer>('/api/v1/releases/health', asked, { project, signal }),
  })
}

const EVERY_MS = 30_000

export function monitorsQuery(project: string | undefined) {
  return queryOptions({
    queryKey: ['monitors', project],
    refetchInterval: EVERY_MS,
    queryFn: ({ signal }) => get<Schemas['MonitorsAnswer']>('/api/v1/monitors', [], { project, signal }).then(({ monitors }) => monitors),
  })
}
