/** Saved views: the part of a link that makes a screen what it is. Relative ranges stay relative. */

import type { Search } from './search'
import { parseSearch, patched, writeSearch } from './search'

export const VIEW_PATHS: Record<string, string> = { activity: '/', audit: '/audit', logs: '/logs', timeline: '/timeline' }

/** What is of the moment and not of the screen: the row that is open, the view that was opened, where it came from. */
const PASSING = ['open', 'tab', 'view', 'in', 'project'] as const

/** The query that is saved of a screen. The project is the view's own. */
export function savedQuery(search: Search): string {
  return writeSearch(patched(search, Object.fromEntries(PASSING.map((name) => [name, undefined])))).replace(/^\?/, '')
}

interface View {
  id: string
  project: string
  query: string
}

/** What the link of a view has behind the question mark; it names the view, so that it can be brought up to date. */
export function searchOf({ id, project, query }: View): Search {
  return patched(parseSearch(query), { project, view: id })
}

/** Whether the screen shows just what was saved, in whatever order the names stand. */
export function isAsSaved(search: Search, view: View): boolean {
  return sorted(savedQuery(search)) === sorted(view.query)
}

function sorted(query: string): string {
  const parameters = new URLSearchParams(query)
  parameters.sort()
  return parameters.toString()
}
