/** Questions in plain words. */

import { queryOptions } from '@tanstack/react-query'

import type { Schemas } from './client'
import { answer, client } from './client'

export type AskAnswer = Schemas['AskAnswer']

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
