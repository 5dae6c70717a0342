/** Feedback: what users said, about an error or about the application. */

import { ISSUES_PRESET } from '../../api/issues'
import { useLanguage, useText } from '../../kit/language'
import { Loading } from '../../kit/States'
import { count } from '../../lib/numbers'
import { useAddress } from '../../parts/address'
import type { Address } from '../../parts/address'
import { Downloads } from '../../parts/Downloads'
import { Emptiness } from '../../parts/Emptiness'
import { ErrorsSections } from '../../parts/ErrorsSections'
import { ERRORS_SHARED } from '../../parts/errors-text'
import { Explorer } from '../../parts/Explorer'
import type { Found } from '../../parts/Explorer'
import { Failure } from '../../parts/Failure'
import { FacetPanel } from '../../parts/Filters'
import { Partial } from '../../parts/Partial'
import { SearchBox } from '../../parts/SearchBox'
import { useListRows } from '../../parts/useListRows'
import { FeedbackRows } from './FeedbackRows'
import { FEEDBACK } from './text'

const FACETS = ['environment', 'release', 'actor_email', 'url', 'source']

export default function FeedbackPage() {
  const shared = useText(ERRORS_SHARED)
  const address = useAddress(ISSUES_PRESET)
  return (
    <>
      <ErrorsSections current="feedback" address={address} />
      <Explorer
        address={address}
        list="feedback"
        facets={FACETS}
        query={<SearchBox address={address} name="q" label={shared.search} placeholder={shared.search} />}
        tools={() => null}
        panel={({ facets, total }) => <FacetPanel address={address} facets={facets} total={total ?? 0} titles={shared.column} />}
        rows={(found) => <Feedback address={address} found={found} />}
      />
    </>
  )
}

function Feedback({ address, found }: { address: Address; found: Found }) {
  const texts = useText(FEEDBACK)
  const language = useLanguage()
  const { list, rows, more } = useListRows('feedback', address.project, found.asked)
  const first = list.data?.pages[0]
  if (list.isPending) return <Loading />
  if (list.isError) return <Failure error={list.error} onRetry={() => void list.refetch()} />
  if (rows.length === 0) return first === undefined ? <Loading /> : <Emptiness address={address} statistics={first.statistics} />
  return (
    <>
      <Partial statistics={first?.statistics} />
      <FeedbackRows project={address.project} rows={rows} total={found.total} onNearEnd={more} />
      {found.total !== undefined && <p className="below">{texts.rows(count(found.total, language), found.total)}</p>}
      <Downloads list="feedback" project={address.project} asked={found.asked} total={undefined} />
    </>
  )
}
