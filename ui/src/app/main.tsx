/** Where the pages begin: language and providers around the router. */

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { I18nProvider } from 'react-aria-components'
import { createRoot } from 'react-dom/client'

import '../styles/tokens.css'
import '../styles/base.css'
import '../styles/kit.css'
import '../styles/parts.css'
import '../styles/shell.css'
import { ServerError } from '../api/client'
import { LanguageProvider } from '../kit/language'
import { ShortcutsProvider } from '../kit/shortcuts'
import { ToastProvider } from '../kit/toasts'
import { directionOf, isLanguage, languageOfPath, localeOf, pathInLanguage } from '../lib/language'
import type { Language } from '../lib/language'
import { storedLanguage } from '../parts/preferences'
import { makeRouter } from './router'

const RETRIES_MAX = 2

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < RETRIES_MAX && error instanceof ServerError && mayComeBack(error),
    },
  },
})

/** What was refused stays refused, and what took too long would do so again; what could not be reached may come back. */
function mayComeBack({ status, kind }: ServerError): boolean {
  return kind !== 'timeout' && (status === 0 || status >= 500 || status === 429)
}

function start(): void {
  const inPath = languageOfPath(location.pathname)
  const stored = storedLanguage()
  if (inPath === undefined && isLanguage(stored) && stored !== 'en') {
    location.replace(pathInLanguage(location.pathname, stored) + location.search + location.hash)
    return
  }
  show(inPath ?? 'en')
}

function show(language: Language): void {
  document.documentElement.lang = language
  document.documentElement.dir = directionOf(language)
  const root = document.getElementById('root')
  if (root === null) throw new Error('index.html has a root')
  createRoot(root).render(
    <StrictMode>
      <LanguageProvider value={language}>
        <I18nProvider locale={localeOf(language)}>
          <QueryClientProvider client={queries}>
            <ShortcutsProvider>
              <ToastProvider>
                <RouterProvider router={makeRouter(location.pathname)} />
              </ToastProvider>
            </ShortcutsProvider>
          </QueryClientProvider>
        </I18nProvider>
      </LanguageProvider>
    </StrictMode>,
  )
}

start()
