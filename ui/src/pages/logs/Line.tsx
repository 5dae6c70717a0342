/** One log line with all its fields, each of which filters by a click. */

import { Button } from '../../kit/Button'
import { Copy } from '../../kit/Copy'
import { Dialog } from '../../kit/Dialog'
import { Icon } from '../../kit/Icon'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Time } from '../../kit/Time'
import { namedRow } from '../../lib/cases'
import type { Row } from '../../lib/json'
import { asText, text } from '../../lib/json'
import { AddToCase } from '../../parts/AddToCase'
import type { Address } from '../../parts/address'
import { PageLink } from '../../parts/Links'
import { LOGS } from './text'

const NOT_FILTERED = ['time', 'received_at', 'observed_at', 'body', 'seq', 'writer', 'project']

export function Line({ row, address, onClose }: { row: Row; address: Address; onClose: () => void }) {
  const texts = useText(LOGS)
  const correlation = text(row, 'correlation_id')
  return (
    <Dialog title={texts.line} isOpen onClose={onClose} kind="drawer">
      <p className="line-body">
        <SafeText className="code">{text(row, 'body')}</SafeText>
      </p>
      <p className="entry-links">
        <AddToCase row={namedRow('logs', row)} />
        <PageLink to="/timeline" search={{ around: text(row, 'time') }} className="button plain">
          {texts.around}
        </PageLink>
        {correlation !== undefined && (
          <PageLink to="/timeline" search={{ correlation_id: correlation, from: 'now-30d' }} className="button plain">
            {texts.sameRequest}
          </PageLink>
        )}
      </p>
      <table>
        <tbody>
          {Object.entries(row).map(([name, value]) => (
            <Field key={name} name={name} value={asText(value)} address={address} />
          ))}
        </tbody>
      </table>
    </Dialog>
  )
}

function Field({ name, value, address }: { name: string; value: string | undefined; address: Address }) {
  const texts = useText(LOGS)
  if (value === undefined || name === 'body') return null
  const filter = (wanted: string) => address.change({ [name]: [...(address.search[name] ?? []), wanted], open: undefined })
  return (
    <tr>
      <th scope="row">
        <SafeText code>{name}</SafeText>
      </th>
      <td className="line-value">{name.endsWith('time') || name.endsWith('_at') ? <Time value={value} precision="millisecond" withZone /> : <Copy value={value} />}</td>
      <td>
        {!NOT_FILTERED.includes(name) && (
          <span className="line-filters">
            <Button kind="quiet" label={`${texts.only}: ${name}`} onPress={() => filter(value)}>
              <Icon name="plus" />
            </Button>
            <Button kind="quiet" label={`${texts.without}: ${name}`} onPress={() => filter(`!${value}`)}>
              <Icon name="minus" />
            </Button>
          </span>
        )}
      </td>
    </tr>
  )
}
