/** The log explorer: query, counts by level, all fields beside the lines, a live tail. */

import { useQuery } from '@tanstack/react-query'

import { fieldsQuery } from '../../api/lists'
import { Button } from '../../kit/Button'
import { ColumnChooser } from '../../kit/ColumnChooser'
import { Icon } from '../../kit/Icon'
import { useText } from '../../kit/language'
import { Loading } from '../../kit/States'
import { one } from '../../lib/search'
import { useAddress } from '../../parts/address'
import type { Address } from '../../parts/address'
import { Downloads } from '../../parts/Downloads'
import { Emptiness } from '../../parts/Emptiness'
import { Explorer } from '../../parts/Explorer'
import type { Found } from '../../parts/Explorer'
import { Failure } from '../../parts/Failure'
import { useColumnChoice } from '../../parts/useColumnChoice'
import type { ColumnsInLink } from '../../parts/useColumnChoice'
import { useListRows } from '../../parts/useListRows'
import { knownColumns, USUAL_COLUMNS } from './columns'
import { USUAL_FIELDS } from './fields'
import { FieldsPanel } from './FieldsPanel'
import { LiveLines } from './LiveLines'
import { LogRows } from './LogRows'
import { OpenLine } from './OpenLine'
import { QueryBar } from './QueryBar'
import { LOGS } from './text'
import './logs.css'

export default function LogsPage() {
  const address = useAddress('1h')
  const columns = useColumnChoice(address, USUAL_COLUMNS)
  return (
    <Explorer
      address={address}
      list="logs"
      facets={USUAL_FIELDS}
      query={<QueryBar address={address} />}
      tools={(found) => <Tools address={address} columns={columns} found={found} />}
      panel={(found) => <FieldsPanel address={address} found={found} columns={columns} />}
      rows={(found) => <Lines address={address} columns={columns} found={found} />}
      live={<LiveLines address={address} columns={columns} />}
    />
  )
}

function Tools({ address, columns, found }: { address: Address; columns: ColumnsInLink; found: Found }) {
  const texts = useText(LOGS)
  const fields = useQuery(fieldsQuery('logs', address.project, found.asked))
  const wraps = one(address.search, 'wrap') === 'on'
  return (
    <>
      <Button pressed={wraps} label={texts.wrap} onPress={() => address.change({ wrap: wraps ? undefined : 'on' }, 'replace')}>
        <Icon name="wrap" />
      </Button>
      <ColumnChooser known={knownColumns(fields.data?.fields ?? [], texts.column)} chosen={columns.chosen} onChange={columns.choose} />
    </>
  )
}

function Lines({ address, columns, found: { asked, total } }: { address: Address; columns: ColumnsInLink; found: Found }) {
  const { project } = address
  const { list, rows, more } = useListRows('logs', project, asked)
  if (list.isPending) return <Loading />
  if (list.isError) return <Failure error={list.error} onRetry={() => void list.refetch()} />
  const statistics = list.data.pages[0]?.statistics
  if (rows.length === 0 && statistics !== undefined) {
    return (
      <>
        <Emptiness address={address} statistics={statistics} />
        <OpenLine address={address} rows={rows} />
      </>
    )
  }
  return (
    <>
      <LogRows address={address} columns={columns} rows={rows} total={total} onNearEnd={more} />
      <Downloads list="logs" project={project} asked={asked} total={total} />
    </>
  )
}
