/** Errors: what broke, how often, for how many, since when; one line for each issue. */

import { useMemo } from 'react'

import { ISSUE_ORDERS } from '../../api/issues'
import type { IssueOrder } from '../../api/issues'
import type { Parameters } from '../../api/lists'
import { Button } from '../../kit/Button'
import { Select } from '../../kit/Fields'
import { useText } from '../../kit/language'
import { Tabs } from '../../kit/Tabs'
import { one } from '../../lib/search'
import { Downloads } from '../../parts/Downloads'
import { ERROR_FACETS, ErrorsPanel } from '../../parts/ErrorsPanel'
import { ErrorsQuery } from '../../parts/ErrorsQuery'
import { ErrorsSections, useErrorsAddress } from '../../parts/ErrorsSections'
import { Explorer } from '../../parts/Explorer'
import { Issues } from './Issues'
import { ERRORS } from './text'
import './errors.css'

/** As the server's lists take them, and `all`, which asks for none. What came back is open, too. */
const STATES = ['unresolved', 'regressed', 'resolved', 'ignored', 'all'] as const

export default function ErrorsPage() {
  const texts = useText(ERRORS)
  const address = useErrorsAddress()
  const sort = orderOf(one(address.search, 'sort'))
  const status = one(address.search, 'status') ?? 'unresolved'
  const isMine = one(address.search, 'assignee') === 'me'
  const more = useMemo((): Parameters => (status === 'all' ? [] : [['status', status]]), [status])
  return (
    <>
      <ErrorsSections current="issues" address={address} />
      <Explorer
        address={address}
        list="errors"
        facets={ERROR_FACETS}
        query={<ErrorsQuery address={address} />}
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
        panel={(found) => <ErrorsPanel address={address} found={found} />}
        rows={(found) => (
          <>
            <Tabs
              label={texts.states}
              chosen={status}
              onChoose={(id) => address.change({ status: id === 'unresolved' ? undefined : id })}
              tabs={STATES.map((id) => ({ id, label: texts.status(id), content: () => <Issues key={id} address={address} sort={sort} found={found} /> }))}
            />
            <Downloads list="issues" project={address.project} asked={sorted(found.asked, sort)} total={undefined} what={texts.issuesFile} />
            <Downloads list="errors" project={address.project} asked={found.asked} total={found.total} what={texts.eventsFile} />
          </>
        )}
      />
    </>
  )
}

/** As the list of issues is asked for. */
function sorted(asked: Parameters, sort: IssueOrder): Parameters {
  return sort === 'last_seen' ? asked : [...asked, ['sort', sort]]
}

function orderOf(name: string | undefined): IssueOrder {
  return ISSUE_ORDERS.find((order) => order === name) ?? 'last_seen'
}
