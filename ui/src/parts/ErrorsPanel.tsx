/** Beside errors: the most frequent values of their columns, and their tags. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { errorTagsQuery } from '../api/issues'
import type { TagValues } from '../api/issues'
import { Button } from '../kit/Button'
import { useLanguage, useText } from '../kit/language'
import { SafeText } from '../kit/SafeText'
import { count } from '../lib/numbers'
import type { Address } from './address'
import { ERRORS_SHARED } from './errors-text'
import type { Found } from './Explorer'
import { FacetList, FacetValues, SidePanel } from './Filters'

export const ERROR_FACETS = ['level', 'environment', 'release', 'type', 'actor_email', 'ip', 'transaction', 'host', 'platform', 'handled']
/** Before the name of a tag, in links and for the server. */
export const TAG_PREFIX = 'tag.'

export function ErrorsPanel({ address, found }: { address: Address; found: Found }) {
  const texts = useText(ERRORS_SHARED)
  return (
    <SidePanel>
      {found.facets.map((facet) => (
        <FacetList key={facet.column} address={address} facet={facet} total={found.total ?? 0} title={texts.column(facet.column)} />
      ))}
      <Tags address={address} found={found} />
    </SidePanel>
  )
}

const TAGS_SHOWN = 12

function Tags({ address, found }: { address: Address; found: Found }) {
  const texts = useText(ERRORS_SHARED)
  const language = useLanguage()
  const [isWhole, setWhole] = useState(false)
  // What failed for the list fails for its tags, and is told there.
  const { data } = useQuery(errorTagsQuery(address.project, found.asked))
  if (data === undefined || data.tags.length === 0) return null
  const { tags, events, sampled } = data
  const shown = isWhole ? tags : tags.filter((tag, at) => at < TAGS_SHOWN || isChosen(address, tag))
  return (
    <section className="facet" aria-label={texts.tags}>
      <h3>{texts.tags}</h3>
      {shown.map((tag) => (
        <Tag key={tag.name} address={address} tag={tag} total={events} />
      ))}
      {tags.length > TAGS_SHOWN && (
        <Button kind="quiet" pressed={isWhole} onPress={() => setWhole(!isWhole)}>
          {isWhole ? texts.fewerTags : texts.moreTags(count(tags.length - shown.length, language))}
        </Button>
      )}
      {sampled && <p className="quiet">{texts.tagsSampled(count(events, language))}</p>}
    </section>
  )
}

function isChosen({ search }: Address, { name }: TagValues): boolean {
  return search[`${TAG_PREFIX}${name}`] !== undefined
}

function Tag({ address, tag, total }: { address: Address; tag: TagValues; total: number }) {
  const language = useLanguage()
  const values = tag.values.map(({ value, events }) => ({ value, count: events }))
  return (
    <details className="facet-tag" open={isChosen(address, tag) || undefined}>
      <summary>
        <SafeText code>{tag.name}</SafeText>
        <span className="facet-count">{count(tag.events, language)}</span>
      </summary>
      <FacetValues address={address} column={`${TAG_PREFIX}${tag.name}`} values={values} total={total} />
    </details>
  )
}
