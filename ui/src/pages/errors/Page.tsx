/** Errors: what broke, how often, for how many, since when; one line for each issue. */

import { useMemo } from 'react'

import { ISSUE_ORDERS, ISSUES_PRESET } from '../../api/issues'
import type { IssueOrder } from '../../api/issues'
import { Select } from '../../kit/Fields'
import { useText } from '../../kit/language'
import { one } from '../../lib/search'
import { useAddress } from '../../parts/address'
import type { Address } from '../../parts/address'
import { Explorer } from '../../parts/Explorer'
import { FacetPanel } from '../../parts/Filters'
import { SearchBox } from '../../parts/SearchBox'
import { Issues } from './Issues'
import { ERRORS } from './text'
import './errors.css'

const FACETS = ['level', 'environment', 'release', 'type', 'actor_email', 'ip', 'transaction', 'host', 'platform', 'handled']

export default function ErrorsPage() {
  const texts = useText(ERRORS)
  const address = useErrorsAddress()
  const sort = orderOf(one(address.search, 'sort'))
  return (
    <Explorer
      address={address}
      list="errors"
      facets={FACETS}
      query={<SearchBox address={address} name="q" label={texts.search} placeholder={texts.search} />}
      tools={() => (
        <Select
          quiet
          label={texts.sort}
          value={sort}
          options={ISSUE_ORDERS.map((id) => ({ id, label: `${texts.sort}: ${texts.order(id)}` }))}
          onChange={(id) => address.change({ sort: id === 'last_seen' ? undefined : id })}
        />
      )}
      panel={({ facets, total }) => <FacetPanel address={address} facets={facets} total={total ?? 0} titles={texts.column} />}
      rows={(found) => <Issues address={address} sort={sort} found={found} />}
    />
  )
}

/** The order is the screen's, where other lists may have a column of that name. */
function useErrorsAddress(): Address {
  const address = useAddress(ISSUES_PRESET)
  return useMemo(() => ({ ...address, parameters: address.parameters.filter(([name]) => name !== 'sort') }), [address])
}

function orderOf(name: string | undefined): IssueOrder {
  return ISSUE_ORDERS.find((order) => order === name) ?? 'last_seen'
}
