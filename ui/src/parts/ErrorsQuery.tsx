/** The query of the pages about errors, with their columns, tags and values as the present errors have them. */

import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'

import { errorTagsQuery } from '../api/issues'
import { valuesQuery } from '../api/lists'
import { useLanguage, useText } from '../kit/language'
import { asText } from '../lib/json'
import { count } from '../lib/numbers'
import type { Address } from './address'
import { TAG_PREFIX } from './ErrorsPanel'
import { ERRORS_SHARED } from './errors-text'
import type { Known } from './FilterQuery'
import { FilterQuery, useKnownSuggestions } from './FilterQuery'

/** Columns that people filter errors by, those of every day first; `page` and `user` are put together by the server. */
const COLUMNS = [
  'level',
  'type',
  'page',
  'user',
  'release',
  'environment',
  'culprit',
  'transaction',
  'handled',
  'platform',
  'logger',
  'host',
  'service',
  'ip',
  'actor_id',
  'actor_email',
  'session_id',
  'correlation_id',
  'trace_id',
  'request_method',
  'request_path',
  'dist',
  'sdk',
  'issue_id',
  'event_id',
]

export function ErrorsQuery({ address }: { address: Address }) {
  const texts = useText(ERRORS_SHARED)
  const queries = useQueryClient()
  const language = useLanguage()
  const { project } = address
  const known = useMemo(
    (): Known => ({
      names: async (asked) => {
        const { tags } = await queries.query(errorTagsQuery(project, asked))
        const named = tags.map(({ name, events }) => ({ name: TAG_PREFIX + name, detail: count(events, language) }))
        return [...COLUMNS.map((name) => ({ name })), ...named]
      },
      values: async (name, asked) => {
        const values = await queries.query(valuesQuery('errors', project, asked, name))
        return values.map(({ value, count: events }) => ({ value: asText(value) ?? '', detail: count(events, language) }))
      },
    }),
    [queries, language, project],
  )
  return <FilterQuery address={address} label={texts.search} placeholder={texts.searchHint} suggest={useKnownSuggestions(address, known)} />
}
