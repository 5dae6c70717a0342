/** The views of a page: open one, save what the screen shows, bring the opened one up to date. */

import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { may, useMe } from '../api/session'
import { createView, updateView, useViewChange, viewsQuery } from '../api/views'
import type { SavedView } from '../api/views'
import { FAILURES, told } from '../api/failure'
import { Button } from '../kit/Button'
import { Dialog } from '../kit/Dialog'
import { Switch, TextField } from '../kit/Fields'
import { Icon } from '../kit/Icon'
import { useText } from '../kit/language'
import { Menu } from '../kit/Menu'
import type { MenuEntry } from '../kit/Menu'
import { useShortcut } from '../kit/shortcuts'
import { useToast } from '../kit/toasts'
import { one, patched } from '../lib/search'
import type { Search } from '../lib/search'
import { isAsSaved, savedQuery, searchOf, VIEW_PATHS } from '../lib/views'
import { visibleText } from '../lib/visible'
import { useAddress } from './address'
import { Refusal } from './Refusal'
import { VIEWS } from './views-text'
import './views.css'

/** Who may change a view: its owner, and for a shared one those who may edit. */
export function mayChange(view: SavedView, allowed: boolean): boolean {
  return view.mine || (view.shared && allowed)
}

export function SavedViews({ page }: { page: string }) {
  const texts = useText(VIEWS)
  const address = useAddress()
  const { search } = address
  const go = useGo()
  const allowed = may(useMe(), 'edit')
  const ofAll = useQuery(viewsQuery)
  const views = (ofAll.data ?? []).filter((view) => view.page === page)
  const opened = views.find((view) => view.id === one(search, 'view'))
  const isChanged = opened !== undefined && !isAsSaved(search, opened)
  const update = useUpdate()
  const [isSaving, setSaving] = useState(false)
  useShortcut('s', texts.saveNew, texts.group, () => setSaving(true))
  const entries: MenuEntry[] = [
    ...views.map((view) => ({
      id: view.id,
      label: view.shared ? `${visibleText(view.name)} · ${texts.shared}` : visibleText(view.name),
      isChosen: view === opened,
      run: () => go(VIEW_PATHS[page] ?? '/', searchOf(view)),
    })),
    ...(isChanged
      ? [
          {
            id: 'update',
            label: texts.update(visibleText(opened.name)),
            run: () => update(opened, savedQuery(search)),
            disabledBecause: mayChange(opened, allowed) ? undefined : texts.mayNotChange,
          },
        ]
      : []),
    { id: 'save', label: texts.saveNew, run: () => setSaving(true) },
    { id: 'manage', label: texts.manage, run: () => go('/settings', patched({}, { tab: 'views', project: address.project, zone: search['zone'] })) },
  ]
  const name = opened === undefined ? texts.views : texts.current(visibleText(opened.name))
  return (
    <>
      <Menu label={isChanged ? `${name}, ${texts.changed}` : name} entries={entries} kind="plain">
        <Icon name="save" />
        <bdi className="views-name">{opened === undefined ? texts.views : visibleText(opened.name)}</bdi>
        {isChanged && <span className="quiet">{texts.changed}</span>}
        <Icon name="down" />
      </Menu>
      {isSaving && <SaveDialog page={page} search={search} allowed={allowed} onClose={() => setSaving(false)} />}
    </>
  )
}

function useGo(): (to: string, search: Search) => void {
  const navigate = useNavigate()
  return (to, search) => void navigate({ to, search } as never)
}

function useUpdate(): (view: SavedView, query: string) => void {
  const texts = useText(VIEWS)
  const failures = useText(FAILURES)
  const tell = useToast()
  const change = useViewChange(updateView)
  return (view, query) =>
    change.mutate(
      // Of the version that is known here: what somebody else saved meanwhile is not overwritten.
      { id: view.id, query, version: view.version },
      {
        onSuccess: () => tell({ message: texts.updated(visibleText(view.name)) }),
        onError: (error) => {
          const { title, detail } = told(error, failures)
          tell({ message: [title, detail ?? ''].join(' ').trim(), tone: 'failed' })
        },
      },
    )
}

interface SaveProps {
  page: string
  search: Search
  allowed: boolean
  onClose: () => void
}

function SaveDialog({ page, search, allowed, onClose }: SaveProps) {
  const texts = useText(VIEWS)
  const tell = useToast()
  const { project, change } = useAddress()
  const [name, setName] = useState('')
  const [isShared, setShared] = useState(false)
  const create = useViewChange(createView)
  const submit = () =>
    create.mutate(
      { page, name: name.trim(), query: savedQuery(search), shared: isShared, project },
      {
        onSuccess: (made) => {
          change({ view: made.id }, 'replace')
          tell({ message: texts.saved(visibleText(made.name)) })
          onClose()
        },
      },
    )
  return (
    <Dialog title={texts.title} isOpen onClose={onClose}>
      <form
        className="views-form"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <p>{texts.body}</p>
        <TextField label={texts.name} value={name} onChange={setName} isRequired autoFocus />
        <Switch isOn={isShared} onChange={setShared} isDisabled={!allowed}>
          {texts.share}
        </Switch>
        {!allowed && <p className="quiet">{texts.mayNotShare}</p>}
        <Refusal error={create.error} />
        <div className="actions">
          <Button type="submit" kind="primary" isPending={create.isPending} disabledBecause={name.trim() === '' ? texts.nameMissing : undefined}>
            {texts.save}
          </Button>
          <Button onPress={onClose}>{texts.cancel}</Button>
        </div>
      </form>
    </Dialog>
  )
}
