/** One log line beside the others: its fields, each of which filters by a click, and the lines around it. */

import { useQuery } from '@tanstack/react-query'

import { listPageQuery } from '../../api/lists'
import { Button } from '../../kit/Button'
import { Copy, copyText } from '../../kit/Copy'
import { Dialog } from '../../kit/Dialog'
import { Icon } from '../../kit/Icon'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading, Notice } from '../../kit/States'
import { Tabs } from '../../kit/Tabs'
import { Time } from '../../kit/Time'
import { useToast } from '../../kit/toasts'
import { justAfter } from '../../lib/instant'
import type { Row } from '../../lib/json'
import { asText, text } from '../../lib/json'
import { one, toggledOf } from '../../lib/search'
import { visibleText } from '../../lib/visible'
import type { Address } from '../../parts/address'
import { Failure } from '../../parts/Failure'
import { PageLink } from '../../parts/Links'
import { isFiltered } from './fields'
import { lineKey, timeOfKey } from './lineKey'
import { Surroundings } from './Surroundings'
import { LOGS } from './text'

interface Props {
  address: Address
  /** The line's name in the link. */
  open: string
  /** The line, if it is among those that are loaded; a link may name any. */
  known: Row | undefined
  onClose: () => void
}

export function OpenLine({ address, open, known, onClose }: Props) {
  const texts = useText(LOGS)
  const time = timeOfKey(open)
  const ofTheTime = useQuery({ ...listPageQuery('logs', address.project, [['from', time], ['to', justAfter(time)], ['limit', '1000']]), enabled: known === undefined })
  const row = known ?? ofTheTime.data?.rows.find((one) => lineKey(one) === open)
  return (
    <Dialog title={texts.line} isOpen onClose={onClose} kind="drawer">
      {row !== undefined ? (
        <Line row={row} address={address} />
      ) : ofTheTime.isError ? (
        <Failure error={ofTheTime.error} onRetry={() => void ofTheTime.refetch()} />
      ) : ofTheTime.isPending ? (
        <Loading />
      ) : (
        <Notice title={texts.lineGone}>
          <p>{texts.lineGoneBody}</p>
        </Notice>
      )}
    </Dialog>
  )
}

function Line({ row, address }: { row: Row; address: Address }) {
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
          { id: 'around', label: texts.linesAround, content: () => <Surroundings row={row} address={address} /> },
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
            <Button kind="quiet" label={`${texts.only}: ${visibleText(name)}`} onPress={() => filter(value)}>
              <Icon name="plus" />
            </Button>
            <Button kind="quiet" label={`${texts.without}: ${visibleText(name)}`} onPress={() => filter(`!${value}`)}>
              <Icon name="minus" />
            </Button>
          </span>
        )}
      </td>
    </tr>
  )
}
