/** Saved views: one's own, and those that are shared with everybody who reaches their project. */

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import type { Schemas } from './client'
import { answer, client, ownHeaders } from './client'

export type SavedView = Schemas['SavedView']

const KEY = 'views'

/** By page and name. */
export const viewsQuery = queryOptions({
  queryKey: [KEY],
  staleTime: 60_000,
  queryFn: ({ signal }) => answer(client.GET('/api/v1/views', { signal })).then(({ views }) => views),
})

export function useViewChange<V, A>(act: (variables: V) => Promise<A>) {
  const queries = useQueryClient()
  return useMutation({ mutationFn: act, onSuccess: () => queries.invalidateQueries({ queryKey: [KEY] }) })
}

export const createView = ({ project, ...body }: Schemas['CreateSavedViewRequest'] & { project: string | undefined }) =>
  answer(client.POST('/api/v1/views', { headers: ownHeaders(project), body }))
export const updateView = ({ id, ...body }: Schemas['UpdateSavedViewRequest'] & { id: string }) => answer(client.PATCH('/api/v1/views/{id}', { params: { path: { id } }, body }))
export const deleteView = (id: string) => answer(client.DELETE('/api/v1/views/{id}', { params: { path: { id } }, body: {} }))
