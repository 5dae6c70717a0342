/** The pages about errors beside each other; range and project go along, and between issues and analytics the filter. */

import { useMemo } from 'react'

import { ISSUES_PRESET } from '../api/issues'
import { useText } from '../kit/language'
import { patched } from '../lib/search'
import type { Patch } from '../lib/search'
import { useAddress } from './address'
import type { Address } from './address'
import { ERRORS_SHARED } from './errors-text'
import { PageLink } from './Links'
import './errors.css'

const SECTIONS = ['issues', 'analytics', 'releases', 'jobs', 'feedback'] as const
export type Section = (typeof SECTIONS)[number]

const PATHS: Record<Section, string> = { issues: '/errors', analytics: '/errors/analytics', releases: '/errors/releases', jobs: '/errors/jobs', feedback: '/errors/feedback' }
/** Those that have the same filters. */
const OF_ERRORS: readonly Section[] = ['issues', 'analytics']
/** What only a list of issues has. */
const NAMES_OF_LIST = ['sort', 'status', 'open']

export function ErrorsSections({ current, address }: { current: Section; address: Address }) {
  const texts = useText(ERRORS_SHARED)
  const { search } = address
  const range: Patch = { from: search['from'], to: search['to'], refresh: search['refresh'] }
  const whole = patched(search, Object.fromEntries(NAMES_OF_LIST.map((name) => [name, undefined])))
  return (
    <nav className="sections" aria-label={texts.sections}>
      {SECTIONS.map((section) => (
        <PageLink key={section} to={PATHS[section]} search={OF_ERRORS.includes(section) && OF_ERRORS.includes(current) ? whole : range} className="section" isCurrent={section === current}>
          {texts[section]}
        </PageLink>
      ))}
    </nav>
  )
}

/** Order and state are those of a list of issues: a select and tabs show them, and no chips. */
export function useErrorsAddress(): Address {
  const address = useAddress(ISSUES_PRESET)
  return useMemo(() => ({ ...address, parameters: address.parameters.filter(([name]) => !NAMES_OF_LIST.includes(name)) }), [address])
}
