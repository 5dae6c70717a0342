/** What a case is called, what is asked, who did what when, and what can be done with it as a whole. */

import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { caseExportUrl, deleteCase, updateCase, useCaseChange } from '../../api/cases'
import type { CaseView } from '../../api/cases'
import { may, useMe } from '../../api/session'
import { Button } from '../../kit/Button'
import { Dialog } from '../../kit/Dialog'
import { TextField } from '../../kit/Fields'
import { Icon } from '../../kit/Icon'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Time } from '../../kit/Time'
import { useToast } from '../../kit/toasts'
import { patched } from '../../lib/search'
import { visibleText } from '../../lib/visible'
import { useAddress } from '../../parts/address'
import { Refusal } from '../../parts/Refusal'
import { CASE } from './text'

const FORMATS = ['csv', 'json', 'ndjson'] as const

export function Head({ view }: { view: CaseView }) {
  const texts = useText(CASE)
  const isClosed = view.closed_at !== undefined
  return (
    <header className="case-head">
      <h2 className="case-name">
        <SafeText>{view.name}</SafeText>
        <span className={isClosed ? 'mark tone-plain' : 'mark tone-good'}>
          <Icon name={isClosed ? 'sealed' : 'cases'} />
          {isClosed ? texts.closed : texts.open}
        </span>
      </h2>
      {view.description !== '' && (
        <p className="case-description">
          <SafeText>{view.description}</SafeText>
        </p>
      )}
      <Facts view={view} />
      <Acts view={view} isClosed={isClosed} />
    </header>
  )
}

function Facts({ view }: { view: CaseView }) {
  const texts = useText(CASE)
  const acts: [string, string | undefined, string | undefined][] = [
    [texts.openedBy, view.created_at, view.created_by],
    [texts.changedBy, view.updated_at, view.updated_by],
    [texts.closedBy, view.closed_at, view.closed_by],
  ]
  return (
    <dl className="facts card">
      <div className="fact">
        <dt>{texts.holds}</dt>
        <dd>{texts.counts(view.rows, view.notes)}</dd>
      </div>
      <div className="fact">
        <dt>{texts.project}</dt>
        <dd>
          <SafeText code>{view.project}</SafeText>
        </dd>
      </div>
      {acts.map(
        ([title, at, by]) =>
          at !== undefined && (
            <div key={title} className="fact">
              <dt>{title}</dt>
              <dd>
                <Time value={at} withZone /> {texts.by} <SafeText>{by}</SafeText>
              </dd>
            </div>
          ),
      )}
    </dl>
  )
}

type Asked = 'edit' | 'delete' | undefined

function Acts({ view, isClosed }: { view: CaseView; isClosed: boolean }) {
  const texts = useText(CASE)
  const refused = may(useMe(), 'edit') ? undefined : texts.readOnly
  const [asked, setAsked] = useState<Asked>()
  const update = useCaseChange(updateCase)
  return (
    <>
      <div className="case-actions">
        <Button onPress={() => setAsked('edit')} disabledBecause={refused ?? (isClosed ? texts.closedHint : undefined)}>
          {texts.edit}
        </Button>
        <Button onPress={() => update.mutate({ id: view.id, closed: !isClosed, version: view.version })} isPending={update.isPending} disabledBecause={refused}>
          {isClosed ? texts.reopen : texts.close}
        </Button>
        {FORMATS.map((format) => (
          <a key={format} className="button plain" href={caseExportUrl(view.id, format)} download={`case.${format}`}>
            <Icon name="download" /> {texts.export(format.toUpperCase())}
          </a>
        ))}
        <Button kind="danger" onPress={() => setAsked('delete')} disabledBecause={refused}>
          {texts.remove}
        </Button>
      </div>
      <Refusal error={update.error} />
      {isClosed && <p className="quiet">{texts.closedHint}</p>}
      {asked === 'edit' && <Edit view={view} onClose={() => setAsked(undefined)} />}
      {asked === 'delete' && <Delete view={view} onClose={() => setAsked(undefined)} />}
    </>
  )
}

function Edit({ view, onClose }: { view: CaseView; onClose: () => void }) {
  const texts = useText(CASE)
  const [name, setName] = useState(view.name)
  const [description, setDescription] = useState(view.description)
  const update = useCaseChange(updateCase)
  return (
    <Dialog title={texts.edit} isOpen onClose={onClose}>
      <form
        className="case-form"
        onSubmit={(event) => {
          event.preventDefault()
          // Of the version that is on the screen: what somebody else wrote meanwhile is not overwritten.
          update.mutate({ id: view.id, name: name.trim(), description: description.trim(), version: view.version }, { onSuccess: onClose })
        }}
      >
        <TextField label={texts.name} value={name} onChange={setName} isRequired autoFocus />
        <TextField label={texts.description} value={description} onChange={setDescription} lines={4} />
        <Refusal error={update.error} />
        <div className="case-actions">
          <Button type="submit" kind="primary" isPending={update.isPending}>
            {texts.save}
          </Button>
          <Button onPress={onClose}>{texts.cancel}</Button>
        </div>
      </form>
    </Dialog>
  )
}

function Delete({ view, onClose }: { view: CaseView; onClose: () => void }) {
  const texts = useText(CASE)
  const { search } = useAddress()
  const navigate = useNavigate()
  const tell = useToast()
  const [reason, setReason] = useState('')
  const remove = useCaseChange(async (body: { id: string; reason?: string }) => {
    await deleteCase(body)
    // Away first: the case that is on the screen is not to be asked for again.
    await navigate({ to: '/cases', search: patched({}, { project: search['project'], zone: search['zone'] }) } as never)
    tell({ message: texts.deleted })
  })
  const given = reason.trim()
  return (
    <Dialog title={texts.removeTitle(visibleText(view.name))} isOpen onClose={onClose} role="alertdialog">
      <form
        className="case-form"
        onSubmit={(event) => {
          event.preventDefault()
          remove.mutate({ id: view.id, ...(given === '' ? {} : { reason: given }) })
        }}
      >
        <p>{texts.removeBody}</p>
        <TextField label={texts.reason} value={reason} onChange={setReason} autoFocus />
        <Refusal error={remove.error} />
        <div className="case-actions">
          <Button type="submit" kind="danger" isPending={remove.isPending}>
            {texts.removeConfirm}
          </Button>
          <Button onPress={onClose}>{texts.cancel}</Button>
        </div>
      </form>
    </Dialog>
  )
}
