/** Errors: what broke, how often, for how many, since when; one line for each issue. */

import { useMemo } from 'react'

import { ISSUE_ORDERS, ISSUES_PRESET } from '../../api/issues'
import type { IssueOrder } from '../../api/issues'
import type { Parameters } from '../../api/lists'
import { Button } from '../../kit/Button'
import { Select } from '../../kit/Fields'
import { useText } from '../../kit/language'
import { Tabs } from '../../kit/Tabs'
import { one } from '../../lib/search'
import { useAddress } from '../../parts/address'
import type { Address } from '../../parts/address'
import { Downloads } from '../../parts/Downloads'
import { Explorer } from '../../parts/Explorer'
import { FacetPanel } from '../../parts/Filters'
import { SearchBox } from '../../parts/SearchBox'
import { Issues } from './Issues'
import { ERRORS } from './text'
import './errors.css'

const FACETS = ['level', 'environment', 'release', 'type', 'actor_email', 'ip', 'transaction', 'host', 'platform', 'handled']

/** As the server's lists take them, and `all`, which asks for none. What came back is open, too. */
const STATES = ['unresolved', 'regressed', 'resolved', 'ignored', 'all'] as const
const NAMES_OF_SCREEN = ['sort', 'status']

export default function ErrorsPage() {
  const texts = useText(ERRORS)
  const address = useErrorsAddress()
  const sort = orderOf(one(address.search, 'sort'))
  const status = one(address.search, 'status') ?? 'unresolved'
  const isMine = one(address.search, 'assignee') === 'me'
  const more = useMemo((): Parameters => (status === 'all' ? [] : [['status', status]]), [status])
  return (
    <Explorer
      address={address}
      list="errors"
      facets={FACETS}
      query={<SearchBox address={address} name="q" label={texts.search} placeholder={texts.search} />}
      more={more}
      tools={() => (
        <>
          <Button pressed={isMine} onPress={() => address.change({ assignee: isMine ? undefined : 'me' })}>
            {texts.mine}
          </Button>
          <Select
            quiet
            label={texts.sort}
            value={sort}
            options={ISSUE_ORDERS.map((id) => ({ id, label: `${texts.sort}: ${texts.order(id)}` }))}
            onChange={(id) => address.change({ sort: id === 'last_seen' ? undefined : id })}
          />
        </>
      )}
      panel={({ facets, total }) => <FacetPanel address={address} facets={facets} total={total ?? 0} titles={texts.column} />}
      rows={(found) => (
        <>
          <Tabs
            label={texts.states}
            chosen={status}
            onChoose={(id) => address.change({ status: id === 'unresolved' ? undefined : id })}
            tabs={STATES.map((id) => ({ id, label: texts.status(id), content: () => <Issues key={id} address={address} sort={sort} found={found} /> }))}
          />
          <Downloads list="errors" project={address.project} asked={found.asked} total={found.total} />
        </>
      )}
    />
  )
}

/** Order and state are the screen's: a select and tabs show them, and no chips. */
function useErrorsAddress(): Address {
  const address = useAddress(ISSUES_PRESET)
  return useMemo(() => ({ ...address, parameters: address.parameters.filter(([name]) => !NAMES_OF_SCREEN.includes(name)) }), [address])
}

function orderOf(name: string | undefined): IssueOrder {
  return ISSUE_ORDERS.find((order) => order === name) ?? 'last_seen'
}
