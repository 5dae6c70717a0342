/** Cases: named lists of rows with notes. Reading one is recorded, so nothing here asks by itself again. */

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { inRequests } from '../lib/cases'
import type { Schemas } from './client'
import { answer, client, ownHeaders } from './client'

export type CaseView = Schemas['CaseView']
export type CaseAnswer = Schemas['CaseAnswer']
export type CaseItem = Schemas['CaseItem']
export type CaseRow = Schemas['CaseRow']
export type CaseRowRequest = Schemas['CaseRowRequest']

/** What the server takes at once. */
const ROWS_PER_REQUEST_MAX = 100
const KEY = 'cases'

/** Last changed first; of all projects that are reached, unless one is named. */
export function casesQuery(project: string | undefined, state?: 'open' | 'closed') {
  return queryOptions({
    queryKey: [KEY, 'list', project, state],
    queryFn: ({ signal }) =>
      answer(client.GET('/api/v1/cases', { params: { query: state === undefined ? {} : { state } }, headers: ownHeaders(project), signal })).then(({ cases }) => cases),
  })
}

export function caseQuery(id: string) {
  return queryOptions({ queryKey: [KEY, id], staleTime: 60_000, queryFn: ({ signal }) => answer(client.GET('/api/v1/cases/{id}', { params: { path: { id } }, signal })) })
}

/** One row with all its fields as they were when it was added: they never change. */
export function caseItemQuery(id: string, number: number) {
  return queryOptions({
    queryKey: [KEY, id, 'item', number],
    staleTime: Infinity,
    queryFn: ({ signal }) => answer(client.GET('/api/v1/cases/{id}/items/{number}', { params: { path: { id, number: String(number) } }, signal })).then(({ item }) => item),
  })
}

/** A change of cases; lists and the case on the screen are asked for again. */
export function useCaseChange<V, A>(act: (variables: V) => Promise<A>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: () => queries.invalidateQueries({ queryKey: [KEY], predicate: ({ queryKey }) => queryKey[2] !== 'item' }),
  })
}

export const createCase = ({ project, ...body }: Schemas['CreateCaseRequest'] & { project: string | undefined }) =>
  answer(client.POST('/api/v1/cases', { headers: ownHeaders(project), body }))
export const updateCase = ({ id, ...body }: Schemas['UpdateCaseRequest'] & { id: string }) => answer(client.PATCH('/api/v1/cases/{id}', { params: { path: { id } }, body }))
export const deleteCase = ({ id, ...body }: Schemas['ReasonRequest'] & { id: string }) => answer(client.DELETE('/api/v1/cases/{id}', { params: { path: { id } }, body }))

export const addNote = ({ id, ...body }: Schemas['CaseNoteRequest'] & { id: string }) => answer(client.POST('/api/v1/cases/{id}/notes', { params: { path: { id } }, body }))
export const changeNote = ({ id, number, ...body }: Schemas['CaseNoteRequest'] & { id: string; number: number }) =>
  answer(client.PATCH('/api/v1/cases/{id}/items/{number}', { params: { path: { id, number: String(number) } }, body }))
export const removeItem = ({ id, number }: { id: string; number: number }) =>
  answer(client.DELETE('/api/v1/cases/{id}/items/{number}', { params: { path: { id, number: String(number) } }, body: {} }))

export interface Added {
  case: CaseView
  added: number
  /** Those that the case had already. */
  present: number
}

/** More rows than the server takes at once go one request after another. */
export async function addRows({ id, rows, project }: { id: string; rows: readonly CaseRowRequest[]; project: string | undefined }): Promise<Added> {
  const answers = []
  for (const part of inRequests(rows, ROWS_PER_REQUEST_MAX)) {
    answers.push(await answer(client.POST('/api/v1/cases/{id}/rows', { params: { path: { id } }, headers: ownHeaders(project), body: { rows: part } })))
  }
  const last = answers.at(-1)
  if (last === undefined) throw new Error('no rows were to be added')
  return {
    case: last.case,
    added: answers.reduce((sum, one) => sum + one.added.length, 0),
    present: answers.reduce((sum, one) => sum + one.present, 0),
  }
}

/** Plain links: the server records each as an export of the case. */
export function caseExportUrl(id: string, format: 'ndjson' | 'json' | 'csv'): string {
  return `/api/v1/cases/${encodeURIComponent(id)}/export?format=${format}`
}
