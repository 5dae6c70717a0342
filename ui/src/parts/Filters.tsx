/** Filters of a list: those in the link as chips, and the most frequent values beside the rows. */

import { useState } from 'react'

import type { Facet } from '../api/lists'
import { Button } from '../kit/Button'
import { Icon } from '../kit/Icon'
import { useLanguage, useText } from '../kit/language'
import { SafeText } from '../kit/SafeText'
import { asText } from '../lib/json'
import { count, percent } from '../lib/numbers'
import { toggled, toggledOf } from '../lib/search'
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

interface PanelProps {
  address: Address
  facets: readonly Facet[]
  total: number
  titles: (column: string) => string
}

export function FacetPanel({ address, facets, total, titles }: PanelProps) {
  const texts = useText(PARTS)
  const [isOpen, setIsOpen] = useState(false)
  return (
    <aside className={isOpen ? 'facets open' : 'facets'}>
      <div className="facets-switch">
        <Button pressed={isOpen} onPress={() => setIsOpen(!isOpen)}>
          <Icon name="filter" /> {texts.columns}
        </Button>
      </div>
      {facets.map((facet) => (
        <FacetList key={facet.column} address={address} facet={facet} total={total} title={titles(facet.column)} />
      ))}
    </aside>
  )
}

const VALUES_SHOWN = 8

function FacetList({ address, facet, total, title }: { address: Address; facet: Facet; total: number; title: string }) {
  const texts = useText(PARTS)
  const language = useLanguage()
  const { search, change } = address
  const values = facet.values.filter(({ value }) => asText(value) !== undefined).slice(0, VALUES_SHOWN)
  if (values.length === 0) return null
  const set = (value: string) => change({ [facet.column]: toggledOf(search, facet.column, value) })
  return (
    <section className="facet">
      <h3>{title}</h3>
      <ul>
        {values.map(({ value, count: number }) => {
          const shown = asText(value) ?? ''
          const chosen = search[facet.column]?.includes(shown) ?? false
          return (
            <li key={shown}>
              <button type="button" className={chosen ? 'facet-value chosen' : 'facet-value'} aria-pressed={chosen} title={texts.only(shown)} onClick={() => set(shown)}>
                <SafeText>{shown}</SafeText>
                <span className="facet-count">
                  {count(number, language)} · {percent(total === 0 ? 0 : number / total)}
                </span>
              </button>
              <Button kind="quiet" label={texts.without(shown)} onPress={() => set(`!${shown}`)}>
                <Icon name="minus" />
              </Button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
