/** All saved views of all pages: open, rename, share, delete. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { may, useMe } from '../../api/session'
import { createView, deleteView, updateView, useViewChange, viewsQuery } from '../../api/views'
import type { SavedView } from '../../api/views'
import { Button } from '../../kit/Button'
import { Dialog } from '../../kit/Dialog'
import { Switch, TextField } from '../../kit/Fields'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Table } from '../../kit/Table'
import { Ago } from '../../kit/Time'
import { useToast } from '../../kit/toasts'
import { searchOf, VIEW_PATHS } from '../../lib/views'
import { visibleText } from '../../lib/visible'
import { Failure } from '../../parts/Failure'
import { PageLink } from '../../parts/Links'
import { Refusal } from '../../parts/Refusal'
import { mayChange } from '../../parts/SavedViews'
import { VIEWS } from '../../parts/views-text'

export function Views() {
  const texts = useText(VIEWS)
  const views = useQuery(viewsQuery)
  const [renamed, setRenamed] = useState<SavedView | undefined>()
  if (views.isPending) return <Loading lines={3} />
  if (views.isError) return <Failure error={views.error} onRetry={() => void views.refetch()} />
  return (
    <section className="card">
      {views.data.length === 0 ? (
        <p className="quiet">{texts.none}</p>
      ) : (
        <Table label={texts.views} heads={[texts.name, texts.page, texts.project, texts.owner, texts.when, texts.shared, texts.act]}>
          {views.data.map((view) => (
            <ViewRow key={view.id} view={view} onRename={() => setRenamed(view)} />
          ))}
        </Table>
      )}
      {renamed !== undefined && <Rename view={renamed} onClose={() => setRenamed(undefined)} />}
    </section>
  )
}

function ViewRow({ view, onRename }: { view: SavedView; onRename: () => void }) {
  const texts = useText(VIEWS)
  const tell = useToast()
  const allowed = may(useMe(), 'edit')
  const change = useViewChange(updateView)
  const again = useViewChange(createView)
  const remove = useViewChange(deleteView)
  const name = visibleText(view.name)
  const refused = mayChange(view, allowed) ? undefined : texts.mayNotChange
  const { page, query, shared, project } = view
  const undo = view.mine ? { action: { label: texts.undo, run: () => again.mutate({ page, name: view.name, query, shared, project }) } } : {}
  return (
    <tr>
      <th scope="row">
        <PageLink to={VIEW_PATHS[page] ?? '/'} search={searchOf(view)}>
          <SafeText>{view.name}</SafeText>
        </PageLink>
      </th>
      <td>{texts.pages(page)}</td>
      <td>
        <SafeText code>{project}</SafeText>
      </td>
      <td>
        <SafeText>{view.owner}</SafeText>
      </td>
      <td>
        <Ago value={view.updated_at} />
      </td>
      <td>
        <Switch isOn={shared} onChange={(on) => change.mutate({ id: view.id, shared: on, version: view.version })} isDisabled={!allowed || change.isPending}>
          <span className="visually-hidden">{texts.sharing(name)}</span>
        </Switch>
      </td>
      <td>
        <div className="settings-actions">
          <Button onPress={onRename} disabledBecause={refused}>
            {texts.rename}
          </Button>
          <Button
            kind="danger"
            onPress={() => remove.mutate(view.id, { onSuccess: () => tell({ message: texts.deleted(name), ...undo }) })}
            isPending={remove.isPending}
            disabledBecause={refused}
          >
            {texts.remove}
          </Button>
        </div>
        <Refusal error={change.error ?? remove.error} />
      </td>
    </tr>
  )
}

function Rename({ view, onClose }: { view: SavedView; onClose: () => void }) {
  const texts = useText(VIEWS)
  const [name, setName] = useState(view.name)
  const change = useViewChange(updateView)
  return (
    <Dialog title={texts.renameTitle(visibleText(view.name))} isOpen onClose={onClose}>
      <form
        className="settings-stack"
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate({ id: view.id, name: name.trim(), version: view.version }, { onSuccess: onClose })
        }}
      >
        <TextField label={texts.name} value={name} onChange={setName} isRequired autoFocus />
        <Refusal error={change.error} />
        <div className="settings-actions">
          <Button type="submit" kind="primary" isPending={change.isPending} disabledBecause={name.trim() === '' ? texts.nameMissing : undefined}>
            {texts.save}
          </Button>
          <Button onPress={onClose}>{texts.cancel}</Button>
        </div>
      </form>
    </Dialog>
  )
}
