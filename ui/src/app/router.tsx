/** Routes, made from the table of pages. The language stands before every path: `/he/audit`. */

import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'

import type { Language } from '../lib/language'
import { languageOfPath } from '../lib/language'
import { parseSearch, writeSearch } from '../lib/search'
import type { Search } from '../lib/search'
import { Broken, NotFound } from './Broken'
import { Layout } from './Layout'
import { PAGES } from './paths'

const root = createRootRoute({
  component: Layout,
  notFoundComponent: NotFound,
  errorComponent: Broken,
  validateSearch: (search: Record<string, unknown>) => search as Search,
})

const routes = PAGES.flatMap((page) =>
  [page.path, ...(page.aliases ?? [])].map((path) =>
    createRoute({
      getParentRoute: () => root,
      path,
      component: lazyRouteComponent(page.load),
      staticData: { page: page.id },
    }),
  ),
)

const tree = root.addChildren(routes)

export function makeRouter(path: string) {
  const language: Language | undefined = languageOfPath(path)
  return createRouter({
    routeTree: tree,
    basepath: language === undefined ? '/' : `/${language}`,
    parseSearch,
    stringifySearch: (search) => writeSearch(search as Search),
    defaultPreload: 'intent',
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    page?: string
  }
}
