/** Notes: of a row or standing alone, changed where they stand. */

import { useState } from 'react'

import { addNote, changeNote, removeItem, useCaseChange } from '../../api/cases'
import type { CaseItem, CaseView } from '../../api/cases'
import { Button } from '../../kit/Button'
import { Dialog } from '../../kit/Dialog'
import { TextField } from '../../kit/Fields'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Ago } from '../../kit/Time'
import { Refusal } from '../../parts/Refusal'
import { CASE } from './text'

interface Props {
  view: CaseView
  item: CaseItem
  /** Why nothing can be changed. */
  locked: string | undefined
}

export function StandingNote({ view, item, locked }: Props) {
  return (
    <li className="card">
      <Note view={view} item={item} locked={locked} />
    </li>
  )
}

/** The note of an item, the field to change it, and the way of the item out of the case. */
export function Note({ view, item, locked }: Props) {
  const texts = useText(CASE)
  const [isWriting, setWriting] = useState(false)
  const [isAsked, setAsked] = useState(false)
  if (isWriting) return <NoteForm view={view} item={item} onClose={() => setWriting(false)} />
  const { note } = item
  return (
    <div className="case-note">
      {note !== undefined && (
        <p className="case-note-text">
          <SafeText>{note}</SafeText>
        </p>
      )}
      <div className="case-note-foot">
        <Credits item={item} />
        <Button kind="quiet" onPress={() => setWriting(true)} disabledBecause={locked}>
          {note === undefined ? texts.writeNote : texts.editNote}
        </Button>
        <Button kind="quiet" onPress={() => setAsked(true)} disabledBecause={locked}>
          {texts.takeOut}
        </Button>
      </div>
      {isAsked && <TakeOut view={view} item={item} onClose={() => setAsked(false)} />}
    </div>
  )
}

function Credits({ item }: { item: CaseItem }) {
  const texts = useText(CASE)
  const acts: [string, string, string][] = item.row === undefined ? [] : [[texts.addedBy, item.added_at, item.added_by]]
  const [at, by] = item.row === undefined ? [item.noted_at ?? item.added_at, item.noted_by ?? item.added_by] : [item.noted_at, item.noted_by]
  // A note that came with its row needs no second line.
  if (at !== undefined && by !== undefined && (at !== item.added_at || acts.length === 0)) acts.push([texts.notedBy, at, by])
  return (
    <span className="quiet case-credits">
      {acts.map(([act, when, who]) => (
        <span key={act}>
          {act} <Ago value={when} /> {texts.by} <SafeText>{who}</SafeText>
        </span>
      ))}
    </span>
  )
}

function NoteForm({ view, item, onClose }: { view: CaseView; item: CaseItem; onClose: () => void }) {
  const texts = useText(CASE)
  const [note, setNote] = useState(item.note ?? '')
  const change = useCaseChange(changeNote)
  // Of a row an empty text takes the note away; a note that stands alone has nothing else.
  const isEmpty = item.row === undefined && note.trim() === ''
  return (
    <form
      className="case-form case-note"
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate({ id: view.id, number: item.number, note: note.trim() }, { onSuccess: onClose })
      }}
    >
      <TextField label={texts.note} value={note} onChange={setNote} lines={3} autoFocus />
      <Refusal error={change.error} />
      <div className="case-actions">
        <Button type="submit" kind="primary" isPending={change.isPending} disabledBecause={isEmpty ? texts.noteEmpty : undefined}>
          {texts.save}
        </Button>
        <Button onPress={onClose}>{texts.cancel}</Button>
      </div>
    </form>
  )
}

function TakeOut({ view, item, onClose }: { view: CaseView; item: CaseItem; onClose: () => void }) {
  const texts = useText(CASE)
  const remove = useCaseChange(removeItem)
  return (
    <Dialog title={texts.takeOutTitle} isOpen onClose={onClose} role="alertdialog">
      <div className="case-form">
        <p>
          <SafeText>{item.row?.summary ?? item.note}</SafeText>
        </p>
        <p>{item.row === undefined ? texts.takeOutNote : texts.takeOutBody}</p>
        <Refusal error={remove.error} />
        <div className="case-actions">
          <Button kind="danger" onPress={() => remove.mutate({ id: view.id, number: item.number }, { onSuccess: onClose })} isPending={remove.isPending}>
            {texts.takeOutConfirm}
          </Button>
          <Button onPress={onClose}>{texts.cancel}</Button>
        </div>
      </div>
    </Dialog>
  )
}

export function NewNote({ view, locked }: { view: CaseView; locked: string | undefined }) {
  const texts = useText(CASE)
  const [note, setNote] = useState('')
  const add = useCaseChange(addNote)
  if (locked !== undefined) return <p className="quiet">{locked}</p>
  return (
    <form
      className="case-form"
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate({ id: view.id, note: note.trim() }, { onSuccess: () => setNote('') })
      }}
    >
      <TextField label={texts.newNote} value={note} onChange={setNote} lines={3} />
      <Refusal error={add.error} />
      <div className="case-actions">
        <Button type="submit" isPending={add.isPending} disabledBecause={note.trim() === '' ? texts.noteEmpty : undefined}>
          {texts.addNote}
        </Button>
      </div>
    </form>
  )
}
