/** The projects that the person reaches. */

import { queryOptions, useQuery } from '@tanstack/react-query'

import type { Schemas } from './client'
import { answer, client } from './client'

export type ProjectView = Schemas['ProjectView']

/** Where Whodunit keeps the trail of itself. */
export const OWN_PROJECT = 'whodunit'
export const DEFAULT_PROJECT = 'default'

export const projectsQuery = queryOptions({
  queryKey: ['projects'],
  staleTime: 60_000,
  queryFn: () => answer(client.GET('/api/v1/admin/projects')).then(({ projects }) => projects),
})

export function useProjects(): readonly ProjectView[] {
  return useQuery(projectsQuery).data ?? []
}
