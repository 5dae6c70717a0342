/** Filters of a list: those in the link as chips, and the most frequent values beside the rows. */

import type { ReactNode } from 'react'
import { useState } from 'react'

import type { Facet } from '../api/lists'
import { Button } from '../kit/Button'
import { Icon } from '../kit/Icon'
import { useLanguage, useText } from '../kit/language'
import { SafeText } from '../kit/SafeText'
import { asText } from '../lib/json'
import { count, percent } from '../lib/numbers'
import { exactly, toggled, toggledOf } from '../lib/search'
import { visibleText } from '../lib/visible'
import type { Address } from './address'
import { PARTS } from './text'

export function FilterChips({ address }: { address: Address }) {
  const texts = useText(PARTS)
  const { parameters, search, change } = address
  if (parameters.length === 0) return null
  return (
    <ul className="chips" aria-label={texts.filters}>
      {parameters.map(([name, value]) => (
        <li key={`${name} ${value}`} className="chip">
          <SafeText code>{`${name}${value.startsWith('!') ? '≠' : '='}${value.replace(/^!/, '')}`}</SafeText>
          <Button
            kind="quiet"
            label={texts.remove(`${name} ${value}`)}
            onPress={() => change({ [name]: toggled(search, name, value)[name] })}
          >
            <Icon name="close" />
          </Button>
        </li>
      ))}
      <li>
        <Button kind="quiet" onPress={() => change(Object.fromEntries(parameters.map(([name]) => [name, undefined])))}>
          {texts.removeFilters}
        </Button>
      </li>
    </ul>
  )
}

/** Beside the rows; on a narrow screen behind a button above them. */
export function SidePanel({ children }: { children: ReactNode }) {
  const texts = useText(PARTS)
  const [isOpen, setIsOpen] = useState(false)
  return (
    <aside className={isOpen ? 'facets open' : 'facets'} aria-label={texts.columns}>
      <div className="facets-switch">
        <Button pressed={isOpen} onPress={() => setIsOpen(!isOpen)}>
          <Icon name="filter" /> {texts.columns}
        </Button>
      </div>
      {children}
    </aside>
  )
}

interface PanelProps {
  address: Address
  facets: readonly Facet[]
  total: number
  titles: (column: string) => string
}

export function FacetPanel({ address, facets, total, titles }: PanelProps) {
  return (
    <SidePanel>
      {facets.map((facet) => (
        <FacetList key={facet.column} address={address} facet={facet} total={total} title={titles(facet.column)} />
      ))}
    </SidePanel>
  )
}

export function FacetList({ address, facet, total, title }: { address: Address; facet: Facet; total: number; title: string }) {
  if (facet.values.every(({ value }) => asText(value) === undefined)) return null
  return (
    <section className="facet">
      <h3>{title}</h3>
      <FacetValues address={address} column={facet.column} values={facet.values} total={total} />
    </section>
  )
}

const VALUES_SHOWN = 8

interface ValuesProps {
  address: Address
  column: string
  values: Facet['values']
  total: number
}

/** The most frequent values of a column with their shares; each filters by a click, or is excluded. */
export function FacetValues({ address, column, values, total }: ValuesProps) {
  const texts = useText(PARTS)
  const language = useLanguage()
  const { search, change } = address
  const set = (value: string) => change({ [column]: toggledOf(search, column, value) })
  return (
    <ul>
      {values
        .filter(({ value }) => asText(value) !== undefined)
        .slice(0, VALUES_SHOWN)
        .map(({ value, count: number }) => {
          const shown = asText(value) ?? ''
          const asked = exactly(shown)
          const chosen = search[column]?.includes(asked) ?? false
          return (
            <li key={shown}>
              <button type="button" className={chosen ? 'facet-value chosen' : 'facet-value'} aria-pressed={chosen} title={texts.only(visibleText(shown))} onClick={() => set(asked)}>
                <SafeText>{shown}</SafeText>
                <span className="facet-count">
                  {count(number, language)} · {percent(total === 0 ? 0 : number / total)}
                </span>
              </button>
              <Button kind="quiet" label={texts.without(visibleText(shown))} onPress={() => set(`!${shown}`)}>
                <Icon name="minus" />
              </Button>
            </li>
          )
        })}
    </ul>
  )
}
