/** The shell around every page: navigation, project, language, theme, account, palette and sheet. */

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useMatches, useNavigate, useRouterState } from '@tanstack/react-router'
import type { KeyboardEvent } from 'react'
import { lazy, Suspense, useEffect, useState } from 'react'

import { OWN_PROJECT } from '../api/projects'
import { may, meQuery, useSignOut } from '../api/session'
import type { Me } from '../api/session'
import { Button } from '../kit/Button'
import { copyText } from '../kit/Copy'
import { Select } from '../kit/Fields'
import { Icon } from '../kit/Icon'
import { Keycaps } from '../kit/Keycaps'
import { useLanguage, useText } from '../kit/language'
import { Menu } from '../kit/Menu'
import { useShortcut } from '../kit/shortcuts'
import { Loading } from '../kit/States'
import { useToast } from '../kit/toasts'
import { ActorZoneProvider, ZoneProvider } from '../kit/zone'
import { pathInLanguage } from '../lib/language'
import { absoluteRange } from '../lib/range'
import { one, patched, writeSearch } from '../lib/search'
import type { Search } from '../lib/search'
import { useAddress } from '../parts/address'
import { Failure } from '../parts/Failure'
import { applyTheme, storeLanguage, storedTheme, THEMES } from '../parts/preferences'
import { Palette } from './Palette'
import { PAGES } from './paths'
import type { PageEntry } from './paths'
import { Sheet } from './Sheet'
import { SHELL } from './text'

const SavedViews = lazy(() => import('../parts/SavedViews').then((module) => ({ default: module.SavedViews })))

function usePage(): PageEntry | undefined {
  const id = useMatches().at(-1)?.staticData.page
  return PAGES.find((page) => page.id === id)
}

export function Layout() {
  const texts = useText(SHELL)
  const me = useQuery(meQuery)
  const page = usePage()
  const { zone } = useAddress()
  useEffect(() => {
    document.title = page === undefined ? texts.product : `${texts[page.title]} · ${texts.product}`
  }, [page, texts])
  if (me.isPending) return <main className="page"><Loading /></main>
  if (me.isError) return <main className="page"><Failure error={me.error} onRetry={() => void me.refetch()} /></main>
  if (page?.isPublic === true) return <main className="page alone"><Outlet /></main>
  if (me.data === null) return <GoToSignIn />
  return (
    <ZoneProvider value={zone}>
      <ActorZoneProvider>
        <Shell me={me.data} page={page} />
      </ActorZoneProvider>
    </ZoneProvider>
  )
}

/** The link comes along, so that signing in leads back to it. Gone once: the page of signing in may still be loading. */
function GoToSignIn() {
  const navigate = useNavigate()
  const [here] = useState(useRouterState({ select: (state) => state.location.href }))
  useEffect(() => {
    if (here.startsWith('/sign-in')) return
    void navigate({ to: '/sign-in', search: here === '/' ? {} : { next: [here] }, replace: true } as never)
  }, [navigate, here])
  return <Loading />
}

function Shell({ me, page }: { me: Me; page: PageEntry | undefined }) {
  const texts = useText(SHELL)
  const [navigationOpen, setNavigationOpen] = useState(false)
  const [paletteOpen, setPaletteOpen] = useState(false)
  const [sheetOpen, setSheetOpen] = useState(false)
  const share = useShare()
  const queries = useQueryClient()
  useShortcut('mod+k', texts.keyPalette, texts.groupEverywhere, () => setPaletteOpen(true))
  useShortcut('?', texts.keySheet, texts.groupEverywhere, () => setSheetOpen(true))
  useShortcut('c', texts.keyShare, texts.groupEverywhere, share)
  useShortcut('r', texts.keyRefresh, texts.groupEverywhere, () => void queries.invalidateQueries())
  const escape = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setNavigationOpen(false)
  }
  return (
    <div className={navigationOpen ? 'shell navigation-open' : 'shell'} onKeyDown={escape}>
      <a className="skip" href="#page">
        {texts.skip}
      </a>
      <header className="top">
        <Button kind="quiet" label={texts.openNavigation} onPress={() => setNavigationOpen(!navigationOpen)}>
          <Icon name="menu" />
        </Button>
        <h1>{page === undefined ? texts.product : texts[page.title]}</h1>
        <ProjectChoice me={me} />
        {page?.hasViews === true && (
          <Suspense fallback={null}>
            <SavedViews page={page.id} />
          </Suspense>
        )}
        <div className="top-actions">
          <Button kind="plain" onPress={() => setPaletteOpen(true)}>
            <Icon name="search" />
            <span className="visually-hidden">{texts.keyPalette}</span>
            <Keycaps keys="mod+k" />
          </Button>
          <Button kind="plain" label={texts.share} onPress={share}>
            <Icon name="link" />
          </Button>
          <Button kind="quiet" label={texts.sheet} onPress={() => setSheetOpen(true)}>
            <Icon name="help" />
          </Button>
          <AccountMenu me={me} />
        </div>
      </header>
      {navigationOpen && <div className="scrim" aria-hidden="true" onClick={() => setNavigationOpen(false)} />}
      <Navigation me={me} current={page?.id} onGo={() => setNavigationOpen(false)} />
      <main className="page" id="page" tabIndex={-1}>
        <Outlet />
      </main>
      <Palette isOpen={paletteOpen} onClose={() => setPaletteOpen(false)} />
      <Sheet isOpen={sheetOpen} onClose={() => setSheetOpen(false)} />
    </div>
  )
}

/** Project and zone go along from page to page; what was filtered stays behind. */
function carried(search: Search): Search {
  return patched({}, { project: one(search, 'project'), zone: one(search, 'zone') })
}

/** Pages that are reached from another one, which the navigation shows instead. */
const WITHIN: Record<string, string> = { entry: 'audit', issue: 'errors', analytics: 'errors', releases: 'errors', jobs: 'errors', feedback: 'errors', case: 'cases' }

function Navigation({ me, current, onGo }: { me: Me; current: string | undefined; onGo: () => void }) {
  const texts = useText(SHELL)
  const { search } = useAddress()
  const shown = PAGES.filter((page) => page.icon !== undefined && (page.needs === undefined || may(me, page.needs)))
  return (
    <nav className="navigation" aria-label={texts.navigation}>
      <div className="brand">
        <img src="/assets/icon.svg" alt="" width="26" height="26" />
        <span>{texts.product}</span>
      </div>
      <ul>
        {shown.map((page) => (
          <li key={page.id}>
            <Link
              to={page.path as never}
              search={carried(search) as never}
              className="navigation-link"
              aria-current={page.id === current || page.id === WITHIN[current ?? ''] ? 'page' : undefined}
              onClick={onGo}
            >
              {page.icon !== undefined && <Icon name={page.icon} />}
              {texts[page.title]}
            </Link>
            {page.key !== undefined && <GoKey page={page} />}
          </li>
        ))}
      </ul>
    </nav>
  )
}

function GoKey({ page }: { page: PageEntry }) {
  const texts = useText(SHELL)
  const navigate = useNavigate()
  const { search } = useAddress()
  const keys = `g ${page.key ?? ''}`
  useShortcut(keys, texts.goTo(texts[page.title]), texts.groupGo, () => {
    void navigate({ to: page.path, search: carried(search) } as never)
  })
  return <Keycaps keys={keys} />
}

function ProjectChoice({ me }: { me: Me }) {
  const texts = useText(SHELL)
  const { project, change } = useAddress()
  const shown = me.reachable
  if (shown.length < 2) return null
  return (
    <Select
      quiet
      label={texts.project}
      value={project ?? 'default'}
      options={shown.map((one) => ({ id: one.slug, label: one.slug === OWN_PROJECT ? texts.ownTrail : one.name }))}
      onChange={(slug) => change({ project: slug, open: undefined })}
    />
  )
}

function useShare(): () => void {
  const texts = useText(SHELL)
  const tell = useToast()
  const { search, range, zone } = useAddress()
  return () => {
    const hasRange = search['from'] !== undefined || search['to'] !== undefined
    const absolute = hasRange ? patched(search, { ...absoluteRange(range, Date.now(), zone) }) : search
    const link = location.origin + location.pathname + writeSearch(absolute)
    void copyText(link).then(() => tell({ message: texts.shared }))
  }
}

function AccountMenu({ me }: { me: Me }) {
  const texts = useText(SHELL)
  const language = useLanguage()
  const signOut = useSignOut()
  const [theme, setTheme] = useState(storedTheme)
  const names = { system: texts.themeSystem, light: texts.themeLight, dark: texts.themeDark }
  const goTo = (next: 'en' | 'he') => () => {
    storeLanguage(next)
    location.assign(pathInLanguage(location.pathname, next) + location.search)
  }
  return (
    <Menu
      label={texts.account}
      entries={[
        { id: 'me', label: `${texts.signedInAs(me.email ?? me.name)} · ${texts.role(me.role ?? '')}`, run: () => undefined, disabledBecause: '' },
        { id: 'en', label: texts.english, run: goTo('en'), isChosen: language === 'en' },
        { id: 'he', label: texts.hebrew, run: goTo('he'), isChosen: language === 'he' },
        ...THEMES.map((one) => ({
          id: `theme-${one}`,
          label: `${texts.theme}: ${names[one]}`,
          isChosen: theme === one,
          run: () => {
            applyTheme(one)
            setTheme(one)
          },
        })),
        { id: 'out', label: texts.signOut, run: () => signOut.mutate(undefined, { onSettled: () => location.assign(`/${language}/sign-in`) }) },
      ]}
    >
      <Icon name="user" />
    </Menu>
  )
}
