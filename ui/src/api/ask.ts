/** Questions in plain words, and SQL. */

import { queryOptions } from '@tanstack/react-query'

import type { Schemas } from './client'
import { answer, client } from './client'

export type AskAnswer = Schemas['AskAnswer']
export type SqlAnswer = Schemas['SqlAnswer']

export function askQuery(question: string, project: string | undefined, zone: string) {
  return queryOptions({
    queryKey: ['ask', question, project, zone],
    staleTime: 30_000,
    queryFn: ({ signal }) =>
      answer(
        client.POST('/api/v1/ask', {
          body: { question, zone, ...(project === undefined ? {} : { project }) },
          signal,
        }),
      ) as Promise<AskAnswer>,
  })
}

export function sqlQuery(query: string, project: string | undefined) {
  return queryOptions({
    queryKey: ['sql', query, project],
    queryFn: ({ signal }) =>
      answer(
        client.POST('/api/v1/sql', {
          body: { query },
          ...(project === undefined ? {} : { headers: { 'X-Whodunit-Project': project } }),
          signal,
        }),
      ) as Promise<SqlAnswer>,
  })
}
