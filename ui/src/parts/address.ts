/** The link as the state of a screen: what is behind `?`, the project, the range, the zone. */

import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'

import type { Parameters } from '../api/lists'
import { presetRange, resolveRange } from '../lib/range'
import type { Range, RangeText } from '../lib/range'
import type { Patch, Search } from '../lib/search'
import { filtersOf, one, patched } from '../lib/search'
import type { Zone } from '../lib/zone'
import { isZone } from '../lib/zone'

/** Names in the link that are the screen's own and no filters of rows. */
export const OWN_NAMES = ['from', 'to', 'zone', 'project', 'refresh', 'tab', 'open', 'columns', 'live', 'wrap', 'view', 'ask', 'side', 'group', 'theme', 'in'] as const

export interface Address {
  search: Search
  /** Changes the link. `replace` leaves no step behind for the browser's Back. */
  change: (patch: Patch, how?: 'push' | 'replace') => void
  project: string | undefined
  zone: Zone
  range: RangeText
  /** Everything that asks for rows: filters, range, project apart. */
  parameters: Parameters
}

const NOTHING: Search = {}

export function useAddress(defaultPreset = '1h'): Address {
  // The page's own, not the router's newest: a page being left would else ask once more, with the next page's filters.
  const search: Search = useSearch({ strict: false, shouldThrow: false }) ?? NOTHING
  const navigate = useNavigate()
  const change = useCallback(
    (patch: Patch, how: 'push' | 'replace' = 'push') => {
      void navigate({
        to: '.',
        search: (before: Search) => patched(before, patch),
        replace: how === 'replace',
        resetScroll: false,
      } as never)
    },
    [navigate],
  )
  return useMemo(() => {
    const asked = one(search, 'zone')
    const preset = presetRange(defaultPreset)
    const range = { from: one(search, 'from') ?? preset.from, to: one(search, 'to') ?? preset.to }
    return {
      search,
      change,
      project: one(search, 'project'),
      zone: asked !== undefined && isZone(asked) ? asked : 'local',
      range,
      parameters: filtersOf(search, OWN_NAMES),
    }
  }, [search, change, defaultPreset])
}

/** What a list in a link asks for, without its range: neighbours of a row may lie beyond it. */
export function filtersOfList(search: Search): Parameters {
  return filtersOf(search, OWN_NAMES)
}

/**
 * The two ends of a range as a list takes them. Relative ends are resolved here, to the second, so that all requests
 * of one screen look at the same moment.
 */
export function rangeParameters(range: RangeText, now: number, zone: Zone): Parameters {
  const ends = resolveRange(range, now, zone)
  if (ends === undefined) return []
  const from: [string, string] = ['from', new Date(ends.from).toISOString()]
  // An open end stays open: rows of the very second must be seen.
  return range.to === 'now' ? [from] : [from, ['to', new Date(ends.to).toISOString()]]
}

export function resolved(range: RangeText, now: number, zone: Zone): Range {
  return resolveRange(range, now, zone) ?? { from: now - 3_600_000, to: now }
}
