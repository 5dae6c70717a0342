/**
 * Adds rows to a case: to one that is open, or to a new one, with a note if somebody has something to say. As a button
 * beside one row, or as a column of a list.
 */

import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useMemo, useState } from 'react'

import { addRows, casesQuery, createCase, useCaseChange } from '../api/cases'
import type { Added, CaseView } from '../api/cases'
import { may, useMe } from '../api/session'
import { Button } from '../kit/Button'
import { Dialog } from '../kit/Dialog'
import { Select, TextField } from '../kit/Fields'
import { Icon } from '../kit/Icon'
import { useText } from '../kit/language'
import type { RowsColumn } from '../kit/Rows'
import { useShortcut } from '../kit/shortcuts'
import { Loading } from '../kit/States'
import { useToast } from '../kit/toasts'
import type { NamedRow } from '../lib/cases'
import { patched } from '../lib/search'
import { visibleText } from '../lib/visible'
import { useAddress } from './address'
import { ADD_TO_CASE } from './cases-text'
import { Failure } from './Failure'
import { Refusal } from './Refusal'
import './cases.css'

export function AddToCase({ row }: { row: NamedRow }) {
  const texts = useText(ADD_TO_CASE)
  const me = useMe()
  const [isOpen, setOpen] = useState(false)
  const rows = useMemo(() => [row], [row])
  return (
    <>
      <Button onPress={() => setOpen(true)} disabledBecause={may(me, 'edit') ? undefined : texts.notAllowed}>
        <Icon name="cases" /> {texts.add}
      </Button>
      {isOpen && <AddDialog rows={rows} onClose={() => setOpen(false)} />}
    </>
  )
}

/**
 * A button at the end of each row of a list, a key for the current one, and the dialog that they open. Without the
 * right to fill cases there is none of it: the page of a row says why.
 */
export function useCaseColumn<T>(named: (row: T) => readonly NamedRow[], current: T | undefined): { columns: readonly RowsColumn<T>[]; dialog: ReactNode } {
  const texts = useText(ADD_TO_CASE)
  const allowed = may(useMe(), 'edit')
  const [asked, setAsked] = useState<readonly NamedRow[] | undefined>()
  useShortcut('a', texts.add, texts.group, allowed && current !== undefined ? () => setAsked(named(current)) : undefined)
  const columns = useMemo(
    (): RowsColumn<T>[] =>
      allowed
        ? [
            {
              id: 'case',
              title: texts.column,
              width: '0px',
              fixed: true,
              cell: (row) => (
                <button type="button" className="button plain to-case" title={texts.add} aria-label={texts.add} onClick={() => setAsked(named(row))}>
                  <Icon name="cases" />
                </button>
              ),
            },
          ]
        : [],
    [texts, named, allowed],
  )
  return {
    columns,
    dialog: asked === undefined ? null : <AddDialog rows={asked} onClose={() => setAsked(undefined)} />,
  }
}

function AddDialog({ rows, onClose }: { rows: readonly NamedRow[]; onClose: () => void }) {
  const texts = useText(ADD_TO_CASE)
  const cases = useQuery(casesQuery(undefined, 'open'))
  return (
    <Dialog title={texts.title(rows.length)} isOpen onClose={onClose}>
      {cases.isPending ? (
        <Loading lines={3} />
      ) : cases.isError ? (
        <Failure error={cases.error} onRetry={() => void cases.refetch()} />
      ) : (
        <AddForm rows={rows} cases={cases.data} onClose={onClose} />
      )}
    </Dialog>
  )
}

const NEW = 'new'

function AddForm({ rows, cases, onClose }: { rows: readonly NamedRow[]; cases: readonly CaseView[]; onClose: () => void }) {
  const texts = useText(ADD_TO_CASE)
  const { project } = useAddress()
  const tellAdded = useTellAdded()
  // Last changed first: most often it is the one that somebody is at.
  const [chosen, setChosen] = useState(cases[0]?.id ?? NEW)
  const [name, setName] = useState('')
  const [note, setNote] = useState('')
  const create = useCaseChange(createCase)
  const add = useCaseChange(addRows)
  const fill = async () => {
    const id = chosen === NEW ? (await create.mutateAsync({ name: name.trim(), project })).id : chosen
    // Should adding fail, the case is there: another attempt adds to it.
    setChosen(id)
    const noted = note.trim()
    tellAdded(await add.mutateAsync({ id, project, rows: rows.map((row) => (noted === '' ? row : { ...row, note: noted })) }))
    onClose()
  }
  const isNew = chosen === NEW
  return (
    <form
      className="case-form"
      onSubmit={(event) => {
        event.preventDefault()
        // What went wrong is said below.
        void fill().catch(() => undefined)
      }}
    >
      <Select
        label={texts.which}
        value={chosen}
        options={[...cases.map((one) => ({ id: one.id, label: visibleText(one.name) })), { id: NEW, label: texts.another }]}
        onChange={setChosen}
      />
      {isNew && <TextField label={texts.name} value={name} onChange={setName} isRequired autoFocus />}
      <TextField label={texts.note} description={texts.noteHint} value={note} onChange={setNote} lines={3} />
      <Refusal error={create.error ?? add.error} />
      <div className="case-actions">
        <Button type="submit" kind="primary" isPending={create.isPending || add.isPending} disabledBecause={isNew && name.trim() === '' ? texts.nameMissing : undefined}>
          {texts.confirm}
        </Button>
        <Button onPress={onClose}>{texts.cancel}</Button>
      </div>
    </form>
  )
}

function useTellAdded(): (added: Added) => void {
  const texts = useText(ADD_TO_CASE)
  const tell = useToast()
  const navigate = useNavigate()
  const { search } = useAddress()
  return ({ case: { id, name }, added, present }) =>
    tell({
      message: texts.added(visibleText(name), added, present),
      action: {
        label: texts.open,
        run: () => void navigate({ to: `/cases/${id}`, search: patched({}, { project: search['project'], zone: search['zone'] }) } as never),
      },
    })
}
