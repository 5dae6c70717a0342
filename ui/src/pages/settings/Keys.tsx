/** Keys: create (shown once), revoke, when each was last used. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { DEFAULT_PROJECT, useProjects } from '../../api/projects'
import type { KeyView } from '../../api/settings'
import { createKey, keysQuery, revokeKey, useChange } from '../../api/settings'
import { Button } from '../../kit/Button'
import { Copy } from '../../kit/Copy'
import { Select, Switch, TextField } from '../../kit/Fields'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Table } from '../../kit/Table'
import { Ago, Time } from '../../kit/Time'
import { Failure } from '../../parts/Failure'
import { Refusal } from '../../parts/Refusal'
import type { Secret } from './Shared'
import { AskReason, SecretOnce, withReason } from './Shared'
import { SETTINGS } from './text'
import { Trail } from './Trail'

const API_SCOPES = ['read_telemetry', 'read_audit', 'release', 'administer'] as const
const ALL = '*'

export function Keys() {
  const texts = useText(SETTINGS)
  const keys = useQuery(keysQuery)
  const revoke = useChange(revokeKey)
  const [asked, setAsked] = useState<KeyView | undefined>()
  if (keys.isPending) return <Loading lines={3} />
  if (keys.isError) return <Failure error={keys.error} onRetry={() => void keys.refetch()} />
  return (
    <>
      <NewKey />
      <section className="card">
        <Table label={texts.keys} heads={[texts.name, texts.key, texts.kind, texts.scopes, texts.project, texts.created, texts.expires, texts.lastUsed, texts.do]}>
          {keys.data.map((key) => (
            <KeyRow key={key.id} view={key} onRevoke={() => setAsked(key)} />
          ))}
        </Table>
      </section>
      <Trail kind="key" />
      {asked !== undefined && (
        <AskReason
          title={texts.revokeTitle(asked.name)}
          body={texts.revokeBody}
          confirm={texts.revoke}
          danger
          error={revoke.error}
          isPending={revoke.isPending}
          onClose={() => setAsked(undefined)}
          onConfirm={({ reason }) => revoke.mutate({ id: asked.id, ...withReason(reason) }, { onSuccess: () => setAsked(undefined) })}
        />
      )}
    </>
  )
}

function KeyRow({ view, onRevoke }: { view: KeyView; onRevoke: () => void }) {
  const texts = useText(SETTINGS)
  return (
    <tr>
      <th scope="row">
        <SafeText>{view.name}</SafeText>
      </th>
      <td>
        <SafeText code>{`…${view.hint}`}</SafeText>
        {view.public_id !== undefined && (
          <p className="key-public">
            <Copy value={view.public_id} label={texts.publicPart} />
          </p>
        )}
      </td>
      <td>
        <SafeText code>{view.kind}</SafeText>
      </td>
      <td>
        <SafeText code>{view.scopes.join(', ')}</SafeText>
      </td>
      <td>{view.projects === undefined ? texts.allProjects : <SafeText code>{view.projects.join(', ')}</SafeText>}</td>
      <td>
        <Time value={view.created_at} />
      </td>
      <td>{view.expires_at === undefined ? texts.never : <Time value={view.expires_at} />}</td>
      <td>{view.last_used_at === undefined ? texts.never : <Ago value={view.last_used_at} />}</td>
      <td>
        {view.revoked_at === undefined ? (
          <Button kind="danger" onPress={onRevoke}>
            {texts.revoke}
          </Button>
        ) : (
          <span className="quiet">
            {texts.revoked} <Ago value={view.revoked_at} />
          </span>
        )}
      </td>
    </tr>
  )
}

function NewKey() {
  const texts = useText(SETTINGS)
  const projects = useProjects()
  const [kind, setKind] = useState('ingest')
  const [name, setName] = useState('')
  const [project, setProject] = useState(DEFAULT_PROJECT)
  const [scopes, setScopes] = useState<readonly string[]>(['read_telemetry'])
  const [secret, setSecret] = useState<Secret | undefined>()
  const create = useChange(createKey)
  const isIngest = kind === 'ingest'
  const chosen = isIngest && project === ALL ? DEFAULT_PROJECT : project
  const submit = () =>
    create.mutate(
      { kind, name: name.trim(), ...(chosen === ALL ? {} : { projects: [chosen] }), ...(isIngest ? {} : { scopes: [...scopes] }) },
      {
        onSuccess: (made) => {
          setName('')
          setSecret({ title: texts.keySecret(made.key.name), value: made.secret })
        },
      },
    )
  const options = projects.filter((one) => one.archived_at === undefined).map((one) => ({ id: one.slug, label: one.name }))
  return (
    <section className="card settings-stack">
      <h2>{texts.newKey}</h2>
      <form
        className="settings-form"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <TextField label={texts.name} value={name} onChange={setName} isRequired />
        <Select
          label={texts.kind}
          value={kind}
          options={[
            { id: 'ingest', label: texts.ingestKind },
            { id: 'api', label: texts.apiKind },
          ]}
          onChange={setKind}
        />
        <Select label={texts.project} value={chosen} options={isIngest ? options : [{ id: ALL, label: texts.allProjects }, ...options]} onChange={setProject} />
        <Button type="submit" kind="primary" isPending={create.isPending}>
          {texts.create}
        </Button>
      </form>
      {!isIngest && <Scopes chosen={scopes} onChange={setScopes} />}
      <Refusal error={create.error} />
      <SecretOnce secret={secret} onClose={() => setSecret(undefined)} />
    </section>
  )
}

function Scopes({ chosen, onChange }: { chosen: readonly string[]; onChange: (scopes: readonly string[]) => void }) {
  const texts = useText(SETTINGS)
  return (
    <div className="settings-form" role="group" aria-label={texts.scopes}>
      {API_SCOPES.map((scope) => (
        <Switch key={scope} isOn={chosen.includes(scope)} onChange={(on) => onChange(on ? [...chosen, scope] : chosen.filter((one) => one !== scope))}>
          <bdi dir="ltr">{scope}</bdi>
        </Switch>
      ))}
    </div>
  )
}
