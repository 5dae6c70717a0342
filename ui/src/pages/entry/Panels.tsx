/** What stands behind the tabs of an entry: its surroundings, its target's history, its bytes, its proof. */

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'

import { blameQuery, listQuery, timelineQuery } from '../../api/lists'
import type { Parameters } from '../../api/lists'
import { Copy } from '../../kit/Copy'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Table } from '../../kit/Table'
import { Time } from '../../kit/Time'
import { shown } from '../../lib/changes'
import type { Row } from '../../lib/json'
import { text } from '../../lib/json'
import { one } from '../../lib/search'
import { useAddress } from '../../parts/address'
import { Failure } from '../../parts/Failure'
import { ActorLink, PageLink } from '../../parts/Links'
import { TimelineRows } from '../../parts/TimelineRows'
import { visibleText } from '../../lib/visible'
import { ENTRY } from './text'

const FOLLOWED = ['correlation_id', 'trace_id', 'session_id']

export function Surroundings({ row }: { row: Row }) {
  const texts = useText(ENTRY)
  const { project, search, change } = useAddress()
  const key = FOLLOWED.find((name) => text(row, name) !== undefined)
  const actor = text(row, 'actor_email') ?? text(row, 'actor_id')
  const id = text(row, 'id') ?? ''
  const asked: Parameters = key !== undefined ? [[key, text(row, key) ?? '']] : [['around', id], ['window', '5m'], ...(actor === undefined ? [] : ([['actor', actor]] as Parameters))]
  const timeline = useInfiniteQuery(timelineQuery(project, [...asked, ['limit', '200']]))
  if (timeline.isPending) return <Loading />
  if (timeline.isError) return <Failure error={timeline.error} onRetry={() => void timeline.refetch()} />
  const rows = timeline.data.pages.flatMap((page) => page.rows)
  if (rows.length === 0) return <p className="quiet">{texts.noRequest}</p>
  return <TimelineRows rows={rows} open={one(search, 'open')} onOpen={(open) => change({ open }, 'replace')} />
}

export function History({ row }: { row: Row }) {
  const texts = useText(ENTRY)
  const { project } = useAddress()
  const [type, id] = [text(row, 'target_type'), text(row, 'target_id')]
  const asked: Parameters = [...(type === undefined ? [] : [['target_type', type] as [string, string]]), ['target_id', id ?? ''], ['limit', '500']]
  const list = useInfiniteQuery({ ...listQuery('audit', project, asked), enabled: id !== undefined })
  if (id === undefined) return <p className="quiet">{texts.noTarget}</p>
  if (list.isPending) return <Loading />
  if (list.isError) return <Failure error={list.error} onRetry={() => void list.refetch()} />
  const rows = list.data.pages.flatMap((page) => page.rows)
  return (
    <>
      {type !== undefined && <BlameTable type={type} id={id} />}
      <Table label={texts.history} heads={[texts.when, texts.who, texts.what, texts.why]}>
        {rows.map((one) => (
          <tr key={`${text(one, 'id') ?? ''} ${text(one, 'state') ?? ''}`}>
            <td>
              <PageLink to={`/audit/${text(one, 'id') ?? ''}`} search={{}}>
                <Time value={text(one, 'time') ?? ''} />
              </PageLink>
            </td>
            <td>
              <ActorLink row={one} />
            </td>
            <td>
              <SafeText>{text(one, 'action')}</SafeText>
            </td>
            <td>
              <SafeText>{text(one, 'reason')}</SafeText>
            </td>
          </tr>
        ))}
      </Table>
    </>
  )
}

function BlameTable({ type, id }: { type: string; id: string }) {
  const texts = useText(ENTRY)
  const { project } = useAddress()
  const blame = useQuery(blameQuery(type, id, project))
  if (blame.isPending) return <Loading lines={3} />
  if (blame.isError) return <Failure error={blame.error} onRetry={() => void blame.refetch()} />
  if (blame.data.fields.length === 0) return null
  return (
    <section>
      <h3>{texts.blame}</h3>
      <Table label={texts.blame} heads={[texts.field, texts.value, texts.setBy, texts.when]}>
        {blame.data.fields.map((last) => (
          <tr key={last.field}>
            <th scope="row">
              <SafeText code>{last.field}</SafeText>
            </th>
            <td>
              <SafeText>{shown(last.value)}</SafeText>
            </td>
            <td>
              <ActorLink row={{ ...last }} />
            </td>
            <td>
              <PageLink to={`/audit/${last.id}`} search={{}}>
                <Time value={last.time} />
              </PageLink>
            </td>
          </tr>
        ))}
      </Table>
    </section>
  )
}

export function Raw({ rows }: { rows: Row[] }) {
  const texts = useText(ENTRY)
  return (
    <pre className="raw" dir="ltr" tabIndex={0} aria-label={texts.raw}>
      {visibleText(JSON.stringify(rows, null, 2))}
    </pre>
  )
}

export function Proof({ row }: { row: Row }) {
  const texts = useText(ENTRY)
  const facts: [string, string | undefined][] = [
    [texts.leafIndex, text(row, 'leaf_index')],
    [texts.leafHash, text(row, 'leaf_hash')],
    [texts.writer, text(row, 'writer')],
  ]
  return (
    <section className="card">
      <h3>{texts.proofTitle}</h3>
      <dl className="facts">
        {facts.map(([title, value]) =>
          value === undefined ? null : (
            <div key={title} className="fact">
              <dt>{title}</dt>
              <dd>
                <Copy value={value} label={title} />
              </dd>
            </div>
          ),
        )}
      </dl>
      <p>{texts.proofBody}</p>
      <Copy value="whodunit verify-data --data DIR" />
    </section>
  )
}
