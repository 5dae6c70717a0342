/** The audit explorer: questions in plain words, filters, counts over time, and the entries, newest first. */

import { ColumnChooser } from '../../kit/ColumnChooser'
import { useText } from '../../kit/language'
import { one } from '../../lib/search'
import { useAddress } from '../../parts/address'
import { Explorer } from '../../parts/Explorer'
import { FacetPanel } from '../../parts/Filters'
import { SearchBox } from '../../parts/SearchBox'
import { Answer } from './Answer'
import { useEntryColumns } from './columns'
import { Entries } from './Entries'
import { LiveEntries } from './LiveEntries'
import { AUDIT } from './text'
import './audit.css'

const FACETS = ['action', 'actor_email', 'category', 'target_type', 'outcome', 'severity', 'ip', 'origin', 'batch_id']

export default function AuditPage() {
  const texts = useText(AUDIT)
  const address = useAddress('24h')
  const columns = useEntryColumns(address)
  const question = one(address.search, 'ask')
  return (
    <>
      <div className="explorer-bar">
        <SearchBox id="page-ask" address={address} name="ask" label={texts.ask} placeholder={texts.askPlaceholder} />
      </div>
      {question !== undefined && <Answer question={question} address={address} />}
      <Explorer
        address={address}
        list="audit"
        facets={FACETS}
        query={<SearchBox address={address} name="q" label={texts.search} placeholder={texts.search} />}
        tools={() => <ColumnChooser known={columns.known} chosen={columns.chosen} onChange={columns.choose} />}
        panel={({ facets, total }) => <FacetPanel address={address} facets={facets} total={total ?? 0} titles={texts.column} />}
        rows={(found) => <Entries address={address} columns={columns} found={found} />}
        live={<LiveEntries address={address} columns={columns} />}
      />
    </>
  )
}
