/** What users said, a row each; Enter opens the error that it is about. */

import { useQueries } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'

import type { Parameters } from '../../api/lists'
import { listPageQuery } from '../../api/lists'
import { useText } from '../../kit/language'
import { Rows, useRowsCursor } from '../../kit/Rows'
import type { RowsColumn } from '../../kit/Rows'
import { SafeText } from '../../kit/SafeText'
import { Ago } from '../../kit/Time'
import type { Row } from '../../lib/json'
import { number, text } from '../../lib/json'
import { patched } from '../../lib/search'
import { useAddress } from '../../parts/address'
import { ActorLink, ErrorLink } from '../../parts/Links'
import { useRowsKeys } from '../../parts/useRowsPage'
import { FEEDBACK } from './text'

/** Errors that are asked for at once. */
const AT_ONCE = 100
const TABLE_PX = 760

interface Props {
  project: string | undefined
  rows: readonly Row[]
  total: number | undefined
  onNearEnd: () => void
}

export function FeedbackRows({ project, rows, total, onNearEnd }: Props) {
  const texts = useText(FEEDBACK)
  const navigate = useNavigate()
  const { search } = useAddress()
  const errors = useErrors(project, rows)
  const columns = useMemo(
    (): readonly RowsColumn<Row>[] => [
      { id: 'said', title: texts.said, width: 'minmax(220px, 1fr)', cell: (row) => <SafeText>{text(row, 'message')}</SafeText> },
      { id: 'about', title: texts.about, width: 'minmax(160px, 0.6fr)', cell: (row) => <About row={row} errors={errors} /> },
      { id: 'who', title: texts.who, width: '170px', cell: (row) => <ActorLink row={row} /> },
      { id: 'when', title: texts.when, width: '110px', cell: (row) => <Ago value={text(row, 'time') ?? ''} /> },
    ],
    [texts, errors],
  )
  const cursor = useRowsCursor(rows.length)
  const open = (row: Row) => {
    const error = errors.get(text(row, 'event_id') ?? '')
    if (error === undefined) return
    const { project: chosen, zone } = search
    void navigate({ to: `/errors/${text(error, 'issue_id') ?? ''}`, search: patched({}, { project: chosen, zone, event: text(error, 'event_id'), from: 'now-30d' }) } as never)
  }
  useRowsKeys(
    cursor,
    () => {
      const row = rows[cursor.at]
      if (row !== undefined) open(row)
    },
    () => cursor.set(-1),
  )
  return <Rows label={texts.feedback} columns={columns} rows={rows} keyOf={keyOf} onOpen={open} onNearEnd={onNearEnd} total={total} cursor={cursor} minWidth={TABLE_PX} wraps />
}

const keyOf = (row: Row): string => `${text(row, 'id') ?? ''} ${number(row, 'seq') ?? ''}`

function About({ row, errors }: { row: Row; errors: ReadonlyMap<string, Row> }) {
  const texts = useText(FEEDBACK)
  const event = text(row, 'event_id')
  const error = errors.get(event ?? '')
  const url = text(row, 'url')
  return (
    <>
      {event === undefined ? (
        <span className="quiet">{texts.noError}</span>
      ) : error === undefined ? (
        <span className="quiet">{texts.errorGone}</span>
      ) : (
        <ErrorLink row={error}>
          <SafeText>{text(error, 'title') ?? text(error, 'type') ?? texts.open}</SafeText>
        </ErrorLink>
      )}
      {url !== undefined && (
        <div>
          <SafeText code className="quiet">
            {url}
          </SafeText>
        </div>
      )}
    </>
  )
}

/** The errors that these rows are about, by their ids. */
function useErrors(project: string | undefined, rows: readonly Row[]): ReadonlyMap<string, Row> {
  const ids = useMemo(() => [...new Set(rows.flatMap((row) => text(row, 'event_id') ?? []))], [rows])
  const asked = useMemo(
    () => Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, at): Parameters => [...ids.slice(at * AT_ONCE, (at + 1) * AT_ONCE).map((id): [string, string] => ['event_id', id]), ['limit', '1000']]),
    [ids],
  )
  return useQueries({ queries: asked.map((parameters) => listPageQuery('errors', project, parameters)), combine: byId })
}

function byId(answers: readonly { data: { rows: Row[] } | undefined }[]): ReadonlyMap<string, Row> {
  return new Map(answers.flatMap(({ data }) => data?.rows ?? []).map((row) => [text(row, 'event_id') ?? '', row]))
}
