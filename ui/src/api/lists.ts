/** Rows of the explorers: lists by filters, single entries, timelines. Parameters are those of the link. */

import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'

import type { Schemas } from './client'
import { answer, client, get, ownHeaders } from './client'
import { justAfter } from '../lib/instant'
import type { Row } from '../lib/json'

export type ListAnswer = Schemas['ListAnswer']
export type TimelineAnswer = Schemas['TimelineAnswer']
export type TimelineRow = Schemas['TimelineRow']
export type Statistics = Schemas['Statistics']
export type Searched = Schemas['Searched']
export type Facet = Schemas['Facet']
export type Histogram = Schemas['Histogram']

export type Parameters = readonly [string, string][]
export type ListName = 'audit' | 'logs' | 'errors' | 'feedback' | 'attachments' | 'check-ins'

/** Rows of the first page, so that it is soon there, and of the others, so that a long list is soon gone through. */
const FIRST_ROWS = '200'
const NEXT_ROWS = '1000'

/** Pages of a list, newest first; as long as `limit` says, if it is given. */
export function listQuery(list: ListName, project: string | undefined, parameters: Parameters) {
  return infiniteQueryOptions({
    queryKey: ['list', list, project, parameters],
    initialPageParam: undefined as string | undefined,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) => {
      const paged: Parameters = pageParam === undefined ? [] : [['cursor', pageParam]]
      const limit: Parameters = parameters.some(([name]) => name === 'limit') ? [] : [['limit', pageParam === undefined ? FIRST_ROWS : NEXT_ROWS]]
      return get<ListAnswer>(`/api/v1/${list}`, [...parameters, ...limit, ...paged], { project, signal })
    },
    getNextPageParam: (page) => page.next,
  })
}

/** One page of a list, for those who need no more. */
export function listPageQuery(list: ListName, project: string | undefined, parameters: Parameters) {
  return queryOptions({
    queryKey: ['list-page', list, project, parameters],
    queryFn: ({ signal }) => get<ListAnswer>(`/api/v1/${list}`, parameters, { project, signal }),
  })
}

/** The files that came with an event. */
export function filesQuery(event: string, project: string | undefined) {
  return listPageQuery('attachments', project, [['event_id', event], ['limit', '1000']])
}

/** Facets and histogram beside a list: asked once per filter, not per page. */
export function overviewQuery(list: ListName, project: string | undefined, parameters: Parameters, facets: readonly string[]) {
  const asked: Parameters = [...parameters, ['limit', '1'], ['facets', facets.join(',')], ['buckets', '60']]
  return queryOptions({
    queryKey: ['overview', list, project, asked],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<ListAnswer>(`/api/v1/${list}`, asked, { project, signal }),
  })
}

/** The most frequent values of one column. */
export function valuesQuery(list: ListName, project: string | undefined, parameters: Parameters, column: string) {
  const asked: Parameters = [...parameters, ['limit', '1'], ['facets', column]]
  return queryOptions({
    queryKey: ['values', list, project, asked],
    staleTime: 30_000,
    queryFn: ({ signal }) => get<ListAnswer>(`/api/v1/${list}`, asked, { project, signal }).then(({ facets }) => facets?.find((facet) => facet.column === column)?.values ?? []),
  })
}

export type FieldCount = Schemas['FieldCount']

/** Which fields the rows have, and how many rows have each. */
export function fieldsQuery(list: ListName, project: string | undefined, parameters: Parameters) {
  return queryOptions({
    queryKey: ['fields', list, project, parameters],
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    queryFn: ({ signal }) => get<Schemas['FieldsAnswer']>(`/api/v1/${list}/fields`, parameters, { project, signal }),
  })
}

export function entryQuery(id: string, project: string | undefined) {
  return queryOptions({
    queryKey: ['entry', id, project],
    queryFn: () =>
      answer(client.GET('/api/v1/audit/{id}', { params: { path: { id } }, headers: ownHeaders(project) })).then(
        (entry) => entry as { sentence?: string; rows: Row[] },
      ),
  })
}

export type BlamedField = Schemas['BlamedField']

/** For each field of a target, who last set it. */
export function blameQuery(type: string, id: string, project: string | undefined) {
  return queryOptions({
    queryKey: ['blame', type, id, project],
    queryFn: ({ signal }) => get<Schemas['BlameAnswer']>('/api/v1/blame', [['target_type', type], ['target_id', id]], { project, signal }),
  })
}

export function timelineQuery(project: string | undefined, parameters: Parameters) {
  return infiniteQueryOptions({
    queryKey: ['timeline', project, parameters],
    initialPageParam: undefined as string | undefined,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) => {
      const paged: Parameters = pageParam === undefined ? parameters : [...parameters, ['cursor', pageParam]]
      return get<TimelineAnswer>('/api/v1/timeline', paged, { project, signal })
    },
    getNextPageParam: (page) => page.next,
  })
}

/** One page of a timeline, for those who need no more. */
export function timelinePageQuery(project: string | undefined, parameters: Parameters) {
  return queryOptions({
    queryKey: ['timeline-page', project, parameters],
    queryFn: ({ signal }) => get<TimelineAnswer>('/api/v1/timeline', parameters, { project, signal }),
  })
}

/** Where a download of the same rows is. The project goes along as a parameter, since a link has no headers. */
export function downloadUrl(path: string, project: string | undefined, parameters: Parameters): string {
  const query = new URLSearchParams([...parameters, ...(project === undefined ? [] : [['project', project]])] as [string, string][])
  return `${path}?${query.toString()}`
}

/** Whether a row without an id is still in its table. */
export function stillThereQuery(list: ListName, project: string | undefined, { time, seq }: { time: string; seq: number }) {
  const asked: Parameters = [['from', time], ['to', justAfter(time)], ['limit', '1000']]
  return queryOptions({
    queryKey: ['still-there', list, project, time, seq],
    queryFn: ({ signal }) => get<ListAnswer>(`/api/v1/${list}`, asked, { project, signal }).then(({ rows }) => rows.some((row) => row['seq'] === seq)),
  })
}
