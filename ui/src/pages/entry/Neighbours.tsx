/** The entries before and after this one: in the list that it was opened from, and of the same target. */

import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'

import type { Parameters } from '../../api/lists'
import { listPageQuery } from '../../api/lists'
import { Icon } from '../../kit/Icon'
import { Keycaps } from '../../kit/Keycaps'
import { useText } from '../../kit/language'
import { useShortcut } from '../../kit/shortcuts'
import { Time } from '../../kit/Time'
import { justAfter } from '../../lib/instant'
import type { Row } from '../../lib/json'
import { text } from '../../lib/json'
import type { Search } from '../../lib/search'
import { one, parseSearch, patched } from '../../lib/search'
import type { Address } from '../../parts/address'
import { filtersOfList } from '../../parts/address'
import { PageLink } from '../../parts/Links'
import { ENTRY } from './text'

/** As many entries may share one moment and still be told apart. */
const LIMIT = '200'

export function Neighbours({ row, address }: { row: Row; address: Address }) {
  const texts = useText(ENTRY)
  const list = one(address.search, 'in')
  const search = list === undefined ? undefined : parseSearch(list)
  const [type, id] = [text(row, 'target_type'), text(row, 'target_id')]
  const ofTarget: Parameters | undefined = id === undefined ? undefined : [...(type === undefined ? [] : ([['target_type', type]] as Parameters)), ['target_id', id]]
  return (
    <nav className="neighbours" aria-label={texts.neighbours}>
      {search !== undefined && (
        <>
          <PageLink to="/audit" search={search} className="button plain">
            {texts.toList}
          </PageLink>
          <Pair row={row} address={address} title={texts.inList} asked={filtersOfList(search)} keys={['[', ']']} />
        </>
      )}
      {ofTarget !== undefined && <Pair row={row} address={address} title={texts.ofTarget} asked={ofTarget} keys={search === undefined ? ['[', ']'] : ['{', '}']} />}
    </nav>
  )
}

interface PairProps {
  row: Row
  address: Address
  title: string
  asked: Parameters
  keys: [string, string]
}

function Pair({ row, address, title, asked, keys }: PairProps) {
  const texts = useText(ENTRY)
  const time = text(row, 'time') ?? ''
  const older = useQuery(listPageQuery('audit', address.project, [...asked, ['to', justAfter(time)], ['limit', LIMIT]]))
  const newer = useQuery(listPageQuery('audit', address.project, [...asked, ['from', time], ['direction', 'asc'], ['limit', LIMIT]]))
  const carried = patched({}, { in: one(address.search, 'in'), tab: one(address.search, 'tab') })
  return (
    <span className="neighbour-pair" role="group" aria-label={title}>
      <span className="quiet">{title}</span>
      <Step to={nextTo(row, older.data?.rows)} search={carried} label={`${title}: ${texts.older}`} keys={keys[0]} icon="backward" />
      <Step to={nextTo(row, newer.data?.rows)} search={carried} label={`${title}: ${texts.newer}`} keys={keys[1]} icon="forward" />
    </span>
  )
}

/** The first row behind this one, in a list that begins at its moment. */
function nextTo(row: Row, rows: readonly Row[] | undefined): Row | undefined {
  const at = rows?.findIndex((one) => text(one, 'id') === text(row, 'id')) ?? -1
  return rows?.slice(at + 1).find((one) => text(one, 'id') !== text(row, 'id'))
}

interface StepProps {
  to: Row | undefined
  search: Search
  label: string
  keys: string
  icon: 'backward' | 'forward'
}

function Step({ to, search, label, keys, icon }: StepProps) {
  const texts = useText(ENTRY)
  const navigate = useNavigate()
  const path = to === undefined ? undefined : `/audit/${text(to, 'id') ?? ''}`
  useShortcut(keys, label, texts.keys, path === undefined ? undefined : () => void navigate({ to: path, search: (before: Search) => ({ ...patched({}, { project: before['project'], zone: before['zone'] }), ...search }) } as never))
  if (to === undefined || path === undefined) {
    return (
      <span className="button plain" aria-disabled="true" role="link" aria-label={label} title={texts.noNeighbour}>
        <Icon name={icon} />
      </span>
    )
  }
  return (
    <PageLink to={path} search={search} className="button plain">
      <Icon name={icon} />
      <span className="visually-hidden">{label}</span>
      <Time value={text(to, 'time') ?? ''} />
      <Keycaps keys={keys} />
    </PageLink>
  )
}
