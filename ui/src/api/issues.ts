/** Issues: errors of the same problem, as the events of a range tell of them; and single events. */

import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import type { Row } from '../lib/json'
import type { Schemas } from './client'
import { answer, client, get, ownHeaders } from './client'
import type { Parameters } from './lists'

export type IssuesAnswer = Schemas['IssuesAnswer']
export type IssueSummary = Schemas['IssueSummary']
export type IssueAnswer = Schemas['IssueAnswer']
export type TagValues = Schemas['TagValues']

export const ISSUE_ORDERS = ['last_seen', 'first_seen', 'events', 'users'] as const
export type IssueOrder = (typeof ISSUE_ORDERS)[number]

/** Issues that are asked for at once; there are no further pages. */
export const ISSUES_MAX = 500

/** The range that issues are counted in, if a link says none. */
export const ISSUES_PRESET = '14d'

export function issuesQuery(project: string | undefined, parameters: Parameters, sort: IssueOrder) {
  const asked: Parameters = [...parameters, ['sort', sort], ['limit', String(ISSUES_MAX)]]
  return queryOptions({
    queryKey: ['issues', project, asked],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<IssuesAnswer>('/api/v1/issues', asked, { project, signal }),
  })
}

export function issueQuery(id: string, project: string | undefined, range: Parameters) {
  return queryOptions({
    queryKey: ['issue', id, project, range],
    queryFn: ({ signal }) => get<IssueAnswer>(`/api/v1/issues/${encodeURIComponent(id)}`, range, { project, signal }),
  })
}

/** One event with all that was kept of it. */
export function eventQuery(id: string, project: string | undefined) {
  return queryOptions({
    queryKey: ['event', id, project],
    queryFn: () =>
      answer(client.GET('/api/v1/errors/{id}', { params: { path: { id } }, headers: ownHeaders(project) })).then(({ event }): Row => event),
  })
}
