/** Issues: errors of the same problem, as the events of a range tell of them; and single events. */

import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import type { Row } from '../lib/json'
import type { Schemas } from './client'
import { answer, client, get, ownHeaders } from './client'
import type { Parameters } from './lists'

export type IssuesAnswer = Schemas['IssuesAnswer']
export type IssueSummary = Schemas['IssueSummary']
export type IssueAnswer = Schemas['IssueAnswer']
export type TagValues = Schemas['TagValues']
export type IssueState = Schemas['IssueState']
export type SetIssueState = Schemas['SetIssueState']
export type IssueAssignee = Schemas['IssueAssignee']
export type IssueChangeView = Schemas['IssueChangeView']
export type IssueCommentView = Schemas['IssueCommentView']
export type SimilarIssue = Schemas['SimilarIssue']

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

/** Which tags the newest errors of a filter have, and the most frequent values of each. */
export function errorTagsQuery(project: string | undefined, parameters: Parameters) {
  return queryOptions({
    queryKey: ['overview', 'errors', project, 'tags', parameters],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<Schemas['ErrorTagsAnswer']>('/api/v1/errors/tags', parameters, { project, signal }),
  })
}

export type IssueFeedback = Schemas['IssueFeedbackAnswer']
export type IssueStatistics = Schemas['IssueStatisticsAnswer']
export type IssueSeries = Schemas['IssueSeries']
export type AffectedUser = Schemas['AffectedUser']

/** Errors over time by what they say, and who had the most. */
export function issueStatisticsQuery(project: string | undefined, parameters: Parameters) {
  return queryOptions({
    queryKey: ['overview', 'errors', project, 'statistics', parameters],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<IssueStatistics>('/api/v1/issues/statistics', parameters, { project, signal }),
  })
}

/** What users said of an issue, newest first. */
export function issueFeedbackQuery(id: string, project: string | undefined) {
  return queryOptions({
    queryKey: ['issue', id, project, 'feedback'],
    queryFn: ({ signal }) => get<IssueFeedback>(`/api/v1/issues/${encodeURIComponent(id)}/feedback`, [], { project, signal }),
  })
}

/** Users to whom issues may be assigned; only for those who may edit. */
export const assigneesQuery = queryOptions({
  queryKey: ['assignees'],
  staleTime: 60_000,
  queryFn: ({ signal }) => answer(client.GET('/api/v1/issues/assignees', { signal })).then(({ users }) => users),
})

/** All changes of an issue and of what was merged into it, newest first. */
export function issueHistoryQuery(id: string, project: string | undefined) {
  return queryOptions({
    queryKey: ['issue', id, project, 'history'],
    queryFn: ({ signal }) =>
      answer(client.GET('/api/v1/issues/{id}/history', { params: { path: { id } }, headers: ownHeaders(project), signal })).then(({ changes }) => changes),
  })
}

/** What people said about an issue, oldest first. */
export function issueCommentsQuery(id: string, project: string | undefined) {
  return queryOptions({
    queryKey: ['issue', id, project, 'comments'],
    queryFn: ({ signal }) =>
      answer(client.GET('/api/v1/issues/{id}/comments', { params: { path: { id } }, headers: ownHeaders(project), signal })).then(({ comments }) => comments),
  })
}

/** Issues like this one, the most alike first. */
export function similarIssuesQuery(id: string, project: string | undefined, range: Parameters) {
  return queryOptions({
    queryKey: ['issue', id, project, 'similar', range],
    queryFn: ({ signal }) => get<Schemas['SimilarIssuesAnswer']>(`/api/v1/issues/${encodeURIComponent(id)}/similar`, range, { project, signal }),
  })
}

/** What shows issues, or counts events by what became of their issues. */
const OF_ISSUES: readonly unknown[] = ['issues', 'issue', 'overview', 'list-page']

/** A change of issues; everything that shows them is asked for again, and what came of it is told without waiting for that. */
export function useIssueChange<V, A>(act: (variables: V) => Promise<A>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: () => {
      void queries.invalidateQueries({ predicate: ({ queryKey }) => OF_ISSUES.includes(queryKey[0]) })
    },
  })
}

interface InProject {
  project: string | undefined
}

export const changeIssues = ({ project, ...body }: Schemas['ChangeIssuesRequest'] & InProject) =>
  answer(client.POST('/api/v1/issues/change', { headers: ownHeaders(project), body }))
export const deleteIssues = ({ project, ...body }: Schemas['IssueIdsRequest'] & InProject) =>
  answer(client.POST('/api/v1/issues/delete', { headers: ownHeaders(project), body }))
export const mergeIssues = ({ project, ...body }: Schemas['MergeIssuesRequest'] & InProject) =>
  answer(client.POST('/api/v1/issues/merge', { headers: ownHeaders(project), body }))
export const unmergeIssues = ({ project, ...body }: Schemas['IssueIdsRequest'] & InProject) =>
  answer(client.POST('/api/v1/issues/unmerge', { headers: ownHeaders(project), body }))
/** Takes back a change, by the name that its answer and the history give it. */
export const undoIssues = (body: Schemas['UndoIssuesRequest']) => answer(client.POST('/api/v1/issues/undo', { body }))

export const addIssueComment = ({ id, project, ...body }: Schemas['IssueCommentRequest'] & InProject & { id: string }) =>
  answer(client.POST('/api/v1/issues/{id}/comments', { params: { path: { id } }, headers: ownHeaders(project), body }))
export const changeIssueComment = ({ id, comment, project, ...body }: Schemas['IssueCommentRequest'] & InProject & { id: string; comment: string }) =>
  answer(client.PATCH('/api/v1/issues/{id}/comments/{comment}', { params: { path: { id, comment } }, headers: ownHeaders(project), body }))
export const removeIssueComment = ({ id, comment, project }: InProject & { id: string; comment: string }) =>
  answer(client.DELETE('/api/v1/issues/{id}/comments/{comment}', { params: { path: { id, comment } }, headers: ownHeaders(project), body: {} }))
