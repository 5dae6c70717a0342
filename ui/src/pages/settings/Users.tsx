/** Users: create with a made-up password, change roles, disable, give a new password. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { ROLES, useMe } from '../../api/session'
import type { UserView } from '../../api/settings'
import { createUser, resetPassword, updateUser, useChange, usersQuery } from '../../api/settings'
import { Button } from '../../kit/Button'
import { Select, TextField } from '../../kit/Fields'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Table } from '../../kit/Table'
import { Ago } from '../../kit/Time'
import { Failure } from '../../parts/Failure'
import { Refusal } from '../../parts/Refusal'
import type { Secret } from './Shared'
import { AskReason, SecretOnce, withReason } from './Shared'
import { SETTINGS } from './text'
import { Trail } from './Trail'

interface Asked {
  user: UserView
  what: 'disable' | 'enable' | 'resetPassword' | 'role'
  role?: string
}

export function Users() {
  const texts = useText(SETTINGS)
  const users = useQuery(usersQuery)
  const [asked, setAsked] = useState<Asked | undefined>()
  const [secret, setSecret] = useState<Secret | undefined>()
  if (users.isPending) return <Loading lines={3} />
  if (users.isError) return <Failure error={users.error} onRetry={() => void users.refetch()} />
  return (
    <>
      <NewUser onSecret={setSecret} />
      <section className="card">
        <Table label={texts.users} heads={[texts.email, texts.name, texts.role, texts.state, texts.lastSignIn, texts.do]}>
          {users.data.map((user) => (
            <UserRow key={user.id} user={user} onAsk={setAsked} />
          ))}
        </Table>
      </section>
      <Trail kind="user" />
      {asked !== undefined && <Change key={`${asked.user.id} ${asked.what}`} asked={asked} onSecret={setSecret} onClose={() => setAsked(undefined)} />}
      <SecretOnce secret={secret} onClose={() => setSecret(undefined)} />
    </>
  )
}

function UserRow({ user, onAsk }: { user: UserView; onAsk: (asked: Asked) => void }) {
  const texts = useText(SETTINGS)
  const me = useMe()
  const disabled = user.disabled_at !== undefined
  const owned = user.role === 'owner' && me?.role !== 'owner' ? texts.ownersOnly : undefined
  const because = user.id === me?.id ? texts.notYourself : owned
  const roles = ROLES.filter((role) => role !== 'owner' || me?.role === 'owner').map((id) => ({ id, label: texts.roleName(id) }))
  return (
    <tr>
      <th scope="row">
        <SafeText>{user.email}</SafeText>
      </th>
      <td>
        <SafeText>{user.name}</SafeText>
      </td>
      <td>
        {because === undefined ? (
          <Select label={`${texts.role}: ${user.email}`} quiet value={user.role} options={roles} onChange={(role) => role !== user.role && onAsk({ user, what: 'role', role })} />
        ) : (
          texts.roleName(user.role)
        )}
      </td>
      <td>{disabled ? texts.disabled : texts.active}</td>
      <td>{user.last_sign_in_at === undefined ? texts.never : <Ago value={user.last_sign_in_at} />}</td>
      <td className="settings-actions">
        <Button onPress={() => onAsk({ user, what: disabled ? 'enable' : 'disable' })} disabledBecause={because}>
          {disabled ? texts.enable : texts.disable}
        </Button>
        <Button onPress={() => onAsk({ user, what: 'resetPassword' })} disabledBecause={because}>
          {texts.resetPassword}
        </Button>
      </td>
    </tr>
  )
}

function Change({ asked, onSecret, onClose }: { asked: Asked; onSecret: (secret: Secret) => void; onClose: () => void }) {
  const texts = useText(SETTINGS)
  const { user, what, role } = asked
  const update = useChange(updateUser)
  const reset = useChange(resetPassword)
  const confirm = (reason: string | undefined) => {
    const shared = { id: user.id, ...withReason(reason) }
    if (what === 'resetPassword') {
      reset.mutate(shared, {
        onSuccess: ({ password }) => {
          onClose()
          onSecret({ title: texts.passwordOf(user.email), value: password })
        },
      })
      return
    }
    const change = what === 'role' ? (role === undefined ? {} : { role }) : { disabled: what === 'disable' }
    update.mutate({ ...shared, ...change }, { onSuccess: onClose })
  }
  const title = what === 'role' ? `${texts.role}: ${texts.roleName(role ?? '')}` : texts[what]
  return (
    <AskReason
      title={`${title} · ${user.email}`}
      {...(what === 'resetPassword' ? { body: texts.resetBody } : {})}
      confirm={what === 'role' ? texts.save : texts[what]}
      danger={what === 'disable'}
      error={update.error ?? reset.error}
      isPending={update.isPending || reset.isPending}
      onClose={onClose}
      onConfirm={({ reason }) => confirm(reason)}
    />
  )
}

function NewUser({ onSecret }: { onSecret: (secret: Secret) => void }) {
  const texts = useText(SETTINGS)
  const me = useMe()
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [role, setRole] = useState('viewer')
  const create = useChange(createUser)
  const submit = () =>
    create.mutate(
      { email: email.trim(), role, ...(name.trim() === '' ? {} : { name: name.trim() }) },
      {
        onSuccess: ({ user, password }) => {
          setEmail('')
          setName('')
          if (password !== undefined) onSecret({ title: texts.passwordOf(user.email), value: password })
        },
      },
    )
  const roles = ROLES.filter((one) => one !== 'owner' || me?.role === 'owner').map((id) => ({ id, label: texts.roleName(id) }))
  return (
    <section className="card settings-stack">
      <h2>{texts.newUser}</h2>
      <form
        className="settings-form"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <TextField label={texts.email} value={email} onChange={setEmail} type="email" autoComplete="off" isRequired />
        <TextField label={texts.name} value={name} onChange={setName} autoComplete="off" />
        <Select label={texts.role} value={role} options={roles} onChange={setRole} />
        <Button type="submit" kind="primary" isPending={create.isPending}>
          {texts.create}
        </Button>
      </form>
      <Refusal error={create.error} />
    </section>
  )
}
