/** The rows of a list, page after page, and how to get more of them. */

import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'

import type { ListName, Parameters } from '../api/lists'
import { listQuery } from '../api/lists'

export function useListRows(name: ListName, project: string | undefined, asked: Parameters) {
  const list = useInfiniteQuery(listQuery(name, project, asked))
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.rows) ?? [], [list.data])
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  return { list, rows, more }
}
