/** All cases: those that are open, those that were closed, and a new one. */

import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { casesQuery, createCase, useCaseChange } from '../../api/cases'
import type { CaseView } from '../../api/cases'
import { may, useMe } from '../../api/session'
import { Button } from '../../kit/Button'
import { Dialog } from '../../kit/Dialog'
import { TextField } from '../../kit/Fields'
import { Icon } from '../../kit/Icon'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { useShortcut } from '../../kit/shortcuts'
import { Loading, Notice } from '../../kit/States'
import { Tabs } from '../../kit/Tabs'
import { Ago } from '../../kit/Time'
import { one, patched } from '../../lib/search'
import { useAddress } from '../../parts/address'
import { Failure } from '../../parts/Failure'
import { PageLink } from '../../parts/Links'
import { Refusal } from '../../parts/Refusal'
import { CASES } from './text'
import './cases.css'
import '../../parts/cases.css'

export default function CasesPage() {
  const texts = useText(CASES)
  const { search, change } = useAddress()
  const allowed = may(useMe(), 'edit')
  const [isMaking, setMaking] = useState(false)
  useShortcut('n', texts.newCase, texts.group, allowed ? () => setMaking(true) : undefined)
  return (
    <div className="cases">
      <div className="cases-head">
        <p className="quiet">{texts.intro}</p>
        <Button kind="primary" onPress={() => setMaking(true)} disabledBecause={allowed ? undefined : texts.notAllowed}>
          <Icon name="plus" /> {texts.newCase}
        </Button>
      </div>
      <Tabs
        label={texts.which}
        chosen={one(search, 'tab') ?? 'open'}
        onChoose={(tab) => change({ tab: tab === 'open' ? undefined : tab })}
        tabs={[
          { id: 'open', label: texts.openOnes, content: () => <List state="open" /> },
          { id: 'closed', label: texts.closedOnes, content: () => <List state="closed" /> },
        ]}
      />
      {isMaking && <NewCase onClose={() => setMaking(false)} />}
    </div>
  )
}

function List({ state }: { state: 'open' | 'closed' }) {
  const texts = useText(CASES)
  const { project } = useAddress()
  const cases = useQuery(casesQuery(project, state))
  if (cases.isPending) return <Loading lines={3} />
  if (cases.isError) return <Failure error={cases.error} onRetry={() => void cases.refetch()} />
  if (cases.data.length === 0) {
    return (
      <Notice icon="cases" title={state === 'open' ? texts.noneOpen : texts.noneClosed}>
        <p>{state === 'open' ? texts.noneOpenBody : texts.noneClosedBody}</p>
      </Notice>
    )
  }
  return (
    <ul className="case-list" aria-label={texts.cases}>
      {cases.data.map((view) => (
        <CaseCard key={view.id} view={view} />
      ))}
    </ul>
  )
}

function CaseCard({ view }: { view: CaseView }) {
  const texts = useText(CASES)
  const me = useMe()
  const severalProjects = (me?.reachable.length ?? 0) > 1
  return (
    <li className="card case-card">
      <h2>
        <PageLink to={`/cases/${view.id}`} search={{}}>
          <SafeText>{view.name}</SafeText>
        </PageLink>
      </h2>
      {view.description !== '' && (
        <p className="case-card-description">
          <SafeText>{view.description}</SafeText>
        </p>
      )}
      <p className="case-card-facts">
        <span>{`${texts.rows(view.rows)}, ${texts.notes(view.notes)}`}</span>
        <Act label={texts.opened} at={view.created_at} by={view.created_by} />
        {view.closed_at === undefined ? (
          <Act label={texts.changed} at={view.updated_at} by={view.updated_by} />
        ) : (
          <Act label={texts.closed} at={view.closed_at} by={view.closed_by} />
        )}
        {severalProjects && (
          <span>
            {texts.project} <SafeText code>{view.project}</SafeText>
          </span>
        )}
      </p>
    </li>
  )
}

function Act({ label, at, by }: { label: string; at: string; by: string | undefined }) {
  const texts = useText(CASES)
  return (
    <span>
      {label} <Ago value={at} /> {texts.by} <SafeText>{by}</SafeText>
    </span>
  )
}

function NewCase({ onClose }: { onClose: () => void }) {
  const texts = useText(CASES)
  const { project, search } = useAddress()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const create = useCaseChange(createCase)
  const submit = () =>
    create.mutate(
      { name: name.trim(), description: description.trim(), project },
      { onSuccess: ({ id }) => void navigate({ to: `/cases/${id}`, search: patched({}, { project, zone: search['zone'] }) } as never) },
    )
  return (
    <Dialog title={texts.newCase} isOpen onClose={onClose}>
      <form
        className="case-form"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <TextField label={texts.name} value={name} onChange={setName} isRequired autoFocus />
        <TextField label={texts.description} value={description} onChange={setDescription} lines={3} />
        <Refusal error={create.error} />
        <div className="case-actions">
          <Button type="submit" kind="primary" isPending={create.isPending} disabledBecause={name.trim() === '' ? texts.nameMissing : undefined}>
            {texts.create}
          </Button>
          <Button onPress={onClose}>{texts.cancel}</Button>
        </div>
      </form>
    </Dialog>
  )
}
