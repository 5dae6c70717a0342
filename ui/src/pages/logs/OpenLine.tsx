/** One log line beside the others: its fields, each of which filters by a click, and the lines around it. */

import { useQuery } from '@tanstack/react-query'

import { listPageQuery } from '../../api/lists'
import { Button, SmallButton } from '../../kit/Button'
import { Copy, copyText } from '../../kit/Copy'
import { Dialog } from '../../kit/Dialog'
import { Icon } from '../../kit/Icon'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading, Notice } from '../../kit/States'
import { Tabs } from '../../kit/Tabs'
import { Time } from '../../kit/Time'
import { useToast } from '../../kit/toasts'
import { useTellActorZone } from '../../kit/zone'
import { justAfter } from '../../lib/instant'
import { namedRow } from '../../lib/cases'
import type { Row } from '../../lib/json'
import { asText, text } from '../../lib/json'
import { one, toggledOf } from '../../lib/search'
import { visibleText } from '../../lib/visible'
import { zoneTold } from '../../lib/zone'
import { AddToCase } from '../../parts/AddToCase'
import type { Address } from '../../parts/address'
import { Failure } from '../../parts/Failure'
import { PageLink } from '../../parts/Links'
import { isFiltered } from './fields'
import { lineKey, timeOfKey } from './lineKey'
import { Surroundings } from './Surroundings'
import { LOGS } from './text'

interface Props {
  address: Address
  /** The lines that are loaded; a link may name any other, too. */
  rows: readonly Row[]
}

/** Changes the open line in the link. */
export function openLine(address: Address, key: string | undefined): void {
  address.change({ open: key, ...(key === undefined ? { tab: undefined } : {}) }, 'replace')
}

export function OpenLine({ address, rows }: Props) {
  const texts = useText(LOGS)
  const open = one(address.search, 'open')
  if (open === undefined) return null
  const known = rows.find((row) => lineKey(row) === open)
  return (
    <Dialog title={texts.line} isOpen onClose={() => openLine(address, undefined)} kind="drawer">
      {known === undefined ? <FoundLine address={address} open={open} /> : <Line row={known} address={address} />}
    </Dialog>
  )
}

/** A line that is not among those that are loaded is found by its time. */
function FoundLine({ address, open }: { address: Address; open: string }) {
  const texts = useText(LOGS)
  const time = timeOfKey(open)
  const found = useQuery(listPageQuery('logs', address.project, [['from', time], ['to', justAfter(time)], ['limit', '1000']]))
  if (found.isPending) return <Loading />
  if (found.isError) return <Failure error={found.error} onRetry={() => void found.refetch()} />
  const row = found.data.rows.find((one) => lineKey(one) === open)
  if (row !== undefined) return <Line row={row} address={address} />
  return (
    <Notice title={texts.lineGone}>
      <p>{texts.lineGoneBody}</p>
    </Notice>
  )
}

function Line({ row, address }: { row: Row; address: Address }) {
  useTellActorZone(zoneTold(row))
  const texts = useText(LOGS)
  const tell = useToast()
  const correlation = text(row, 'correlation_id')
  const copyJson = () => void copyText(JSON.stringify(row, null, 2)).then(() => tell({ message: texts.jsonCopied }))
  return (
    <>
      <p className="line-body">
        <SafeText className="code">{text(row, 'body')}</SafeText>
      </p>
      <p className="line-links">
        <AddToCase row={namedRow('logs', row)} />
        <Button onPress={copyJson}>
          <Icon name="copy" /> {texts.copyJson}
        </Button>
        <PageLink to="/timeline" search={{ around: text(row, 'time') }} className="button plain">
          {texts.around}
        </PageLink>
        {correlation !== undefined && (
          <PageLink to="/timeline" search={{ correlation_id: correlation, from: 'now-30d' }} className="button plain">
            {texts.sameRequest}
          </PageLink>
        )}
      </p>
      <Tabs
        label={texts.partsOfLine}
        chosen={one(address.search, 'tab') ?? 'fields'}
        onChoose={(tab) => address.change({ tab: tab === 'fields' ? undefined : tab }, 'replace')}
        tabs={[
          { id: 'fields', label: texts.fields, content: () => <FieldTable row={row} address={address} /> },
          { id: 'around', label: texts.linesAround, content: () => <Surroundings key={lineKey(row)} row={row} address={address} /> },
        ]}
      />
    </>
  )
}

function FieldTable({ row, address }: { row: Row; address: Address }) {
  return (
    <table className="line-fields">
      <tbody>
        {Object.entries(row).map(([name, value]) => (
          <Field key={name} name={name} value={asText(value)} address={address} />
        ))}
      </tbody>
    </table>
  )
}

function Field({ name, value, address }: { name: string; value: string | undefined; address: Address }) {
  const texts = useText(LOGS)
  if (value === undefined || name === 'body') return null
  const filter = (wanted: string) => address.change({ [name]: toggledOf(address.search, name, wanted), open: undefined, tab: undefined })
  return (
    <tr>
      <th scope="row">
        <SafeText code>{name}</SafeText>
      </th>
      <td className="line-value">{name.endsWith('time') || name.endsWith('_at') ? <Time value={value} precision="millisecond" withZone /> : <Copy value={value} />}</td>
      <td>
        {isFiltered(name) && (
          <span className="line-filters">
            <SmallButton label={`${texts.only}: ${visibleText(name)}`} onPress={() => filter(value)}>
              <Icon name="plus" />
            </SmallButton>
            <SmallButton label={`${texts.without}: ${visibleText(name)}`} onPress={() => filter(`!${value}`)}>
              <Icon name="minus" />
            </SmallButton>
          </span>
        )}
      </td>
    </tr>
  )
}
