/** What can be done with issues, one or many: resolve, ignore, open again, assign, delete; each can be taken back. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { FAILURES, told } from '../api/failure'
import { assigneesQuery, changeIssues, deleteIssues, undoIssues, useIssueChange } from '../api/issues'
import type { IssueSummary, SetIssueState } from '../api/issues'
import type { Schemas } from '../api/client'
import { may, useMe } from '../api/session'
import { Button } from '../kit/Button'
import { Dialog } from '../kit/Dialog'
import { TextField } from '../kit/Fields'
import { Icon } from '../kit/Icon'
import { useText } from '../kit/language'
import { Menu } from '../kit/Menu'
import { useShortcut } from '../kit/shortcuts'
import { useToast } from '../kit/toasts'
import { rfc3339 } from '../lib/instant'
import { visibleText } from '../lib/visible'
import { nameOf } from './IssueMarks'
import type { Asked } from './IssueTerms'
import { TermsDialog } from './IssueTerms'
import { ISSUE_WORK } from './issues-text'
import { Refusal } from './Refusal'
import './issues.css'

const DAY_MS = 86_400_000

interface Props {
  issues: readonly IssueSummary[]
  project: string | undefined
  /** After a change, with the issues that were asked for. */
  onDone?: () => void
  onDeleted?: () => void
}

/** Nothing for those who may not change issues. */
export function IssueActs(props: Props) {
  return may(useMe(), 'edit') ? <Acts {...props} /> : null
}

/** Says what came of a change, with the way back. */
export function useTellChanged(): (changed: Schemas['ChangedIssuesAnswer']) => void {
  const texts = useText(ISSUE_WORK)
  const tell = useToast()
  // The message outlives what it stood beside, so the act itself tells what came of it.
  const undo = useIssueChange(async (change: string) => {
    try {
      await undoIssues({ change })
    } catch (error) {
      tell({ message: texts.notTakenBack, tone: 'failed' })
      throw error
    }
    tell({ message: texts.takenBack })
  })
  return ({ change, issues }) => {
    if (change === undefined) {
      tell({ message: texts.sameAlready })
      return
    }
    tell({ message: texts.done(issues.length), action: { label: texts.takeBack, run: () => undo.mutate(change) } })
  }
}

function Acts({ issues, project, onDone, onDeleted }: Props) {
  const texts = useText(ISSUE_WORK)
  const failures = useText(FAILURES)
  const tell = useToast()
  const tellChanged = useTellChanged()
  const me = useMe()
  const people = useQuery(assigneesQuery)
  const change = useIssueChange(changeIssues)
  const [asked, setAsked] = useState<Asked | 'delete' | undefined>()
  const ids = issues.map(({ id }) => id)
  const run = (what: { state?: SetIssueState; assignee?: string }) =>
    change.mutate(
      { ids, project, ...what },
      {
        onSuccess: (changed) => {
          setAsked(undefined)
          tellChanged(changed)
          onDone?.()
        },
        // A dialog says it itself.
        onError: (error) => asked === undefined && tell({ message: [texts.failed, told(error, failures).detail].join(': '), tone: 'failed' }),
      },
    )
  const resolve = (terms: string) => run({ state: { name: 'resolved', terms } })
  const ignoreFor = (days: number) => run({ state: { name: 'ignored', terms: 'time', until: rfc3339(Date.now() + days * DAY_MS) } })
  const assignMe = me?.kind === 'user' ? () => run({ assignee: me.id }) : undefined
  const open = issues.length > 0 && issues.every(({ state }) => state.name === 'unresolved')
  useShortcut('e', texts.resolve, texts.keys, issues.length > 0 ? () => resolve('now') : undefined)
  useShortcut('i', texts.ignore, texts.keys, issues.length > 0 ? () => run({ state: { name: 'ignored', terms: 'forever' } }) : undefined)
  useShortcut('a', texts.assignMe, texts.keys, issues.length > 0 ? assignMe : undefined)
  return (
    <div className="issue-acts" role="group" aria-label={texts.acts}>
      <Menu
        label={texts.resolve}
        kind="plain"
        entries={[
          { id: 'now', label: texts.resolveNow, run: () => resolve('now') },
          { id: 'next', label: texts.resolveNext, run: () => resolve('next_release') },
          { id: 'release', label: texts.resolveIn, run: () => setAsked('release') },
        ]}
      >
        <Icon name="check" /> {texts.resolve} <Icon name="down" />
      </Menu>
      <Menu
        label={texts.ignore}
        kind="plain"
        entries={[
          { id: 'forever', label: texts.ignoreForever, run: () => run({ state: { name: 'ignored', terms: 'forever' } }) },
          { id: 'day', label: texts.ignoreDay, run: () => ignoreFor(1) },
          { id: 'week', label: texts.ignoreWeek, run: () => ignoreFor(7) },
          { id: 'until', label: texts.ignoreUntil, run: () => setAsked('until') },
          { id: 'events', label: texts.ignoreEvents, run: () => setAsked('events') },
          { id: 'users', label: texts.ignoreUsers, run: () => setAsked('users') },
        ]}
      >
        <Icon name="pause" /> {texts.ignore} <Icon name="down" />
      </Menu>
      {!open && <Button onPress={() => run({ state: { name: 'unresolved' } })}>{texts.reopen}</Button>}
      <Menu
        label={texts.assign}
        kind="plain"
        entries={[
          ...(assignMe === undefined ? [] : [{ id: 'me', label: texts.assignMe, run: assignMe }]),
          { id: 'nobody', label: texts.assignNobody, run: () => run({ assignee: '' }) },
          ...(people.data ?? []).filter(({ id }) => id !== me?.id).map((one) => ({ id: `user ${one.id}`, label: visibleText(nameOf(one)), run: () => run({ assignee: one.id }) })),
        ]}
      >
        <Icon name="user" /> {texts.assign} <Icon name="down" />
      </Menu>
      <Button onPress={() => setAsked('delete')}>{texts.remove}</Button>
      {asked === 'delete' && <DeleteDialog ids={ids} project={project} onClose={() => setAsked(undefined)} onDeleted={onDeleted} />}
      {asked !== undefined && asked !== 'delete' && (
        <TermsDialog asked={asked} issues={issues} error={change.error} isPending={change.isPending} onState={(state) => run({ state })} onClose={() => setAsked(undefined)} />
      )}
    </div>
  )
}

interface DeleteProps {
  ids: string[]
  project: string | undefined
  onClose: () => void
  onDeleted: (() => void) | undefined
}

function DeleteDialog({ ids, project, onClose, onDeleted }: DeleteProps) {
  const texts = useText(ISSUE_WORK)
  const tellChanged = useTellChanged()
  const [reason, setReason] = useState('')
  const remove = useIssueChange(async (body: Parameters<typeof deleteIssues>[0]) => {
    const changed = await deleteIssues(body)
    // Away first: the issue that is on the screen is not to be asked for again.
    onClose()
    onDeleted?.()
    tellChanged(changed)
  })
  const given = reason.trim()
  return (
    <Dialog title={texts.deleteTitle(ids.length)} isOpen onClose={onClose} role="alertdialog">
      <form
        className="issue-form"
        onSubmit={(event) => {
          event.preventDefault()
          remove.mutate({ ids, project, ...(given === '' ? {} : { reason: given }) })
        }}
      >
        <p>{texts.deleteBody}</p>
        <TextField label={texts.reason} value={reason} onChange={setReason} autoFocus />
        <Refusal error={remove.error} />
        <div className="issue-acts">
          <Button type="submit" kind="danger" isPending={remove.isPending}>
            {texts.remove}
          </Button>
          <Button onPress={onClose}>{texts.cancel}</Button>
        </div>
      </form>
    </Dialog>
  )
}
