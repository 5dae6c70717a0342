/** One's own password and sessions. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { changePassword, endSession, sessionsQuery, useChange } from '../../api/settings'
import { useMe } from '../../api/session'
import { Button } from '../../kit/Button'
import { TextField } from '../../kit/Fields'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Table } from '../../kit/Table'
import { Ago, Time } from '../../kit/Time'
import { useToast } from '../../kit/toasts'
import { Failure } from '../../parts/Failure'
import { Refusal } from '../../parts/Refusal'
import { SETTINGS } from './text'

export function Account() {
  const me = useMe()
  const texts = useText(SETTINGS)
  return (
    <div className="settings">
      {me !== undefined && (
        <p>
          <SafeText>{me.email ?? me.name}</SafeText> · {texts.roleName(me.role ?? '')}
        </p>
      )}
      <Password />
      <Sessions />
    </div>
  )
}

function Password() {
  const texts = useText(SETTINGS)
  const tell = useToast()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const change = useChange(changePassword)
  const submit = () =>
    change.mutate(
      { current, new: next },
      {
        onSuccess: () => {
          setCurrent('')
          setNext('')
          tell({ message: texts.passwordChanged })
        },
      },
    )
  return (
    <section className="card settings-stack">
      <h2>{texts.password}</h2>
      <form
        className="settings-form"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <TextField label={texts.current} value={current} onChange={setCurrent} type="password" autoComplete="current-password" isRequired />
        <TextField label={texts.next} value={next} onChange={setNext} type="password" autoComplete="new-password" isRequired />
        <Button type="submit" kind="primary" isPending={change.isPending}>
          {texts.changePassword}
        </Button>
      </form>
      <Refusal error={change.error} />
    </section>
  )
}

function Sessions() {
  const texts = useText(SETTINGS)
  const sessions = useQuery(sessionsQuery)
  const end = useChange(endSession)
  if (sessions.isPending) return <Loading lines={3} />
  if (sessions.isError) return <Failure error={sessions.error} onRetry={() => void sessions.refetch()} />
  return (
    <section className="card settings-stack">
      <h2>{texts.sessions}</h2>
      <Table label={texts.sessions} heads={[texts.browser, texts.address, texts.lastSeen, texts.expires, texts.do]}>
        {sessions.data.map((session) => (
          <tr key={session.id}>
            <th scope="row">
              <SafeText>{session.user_agent}</SafeText> {session.current && <strong>{texts.thisOne}</strong>}
            </th>
            <td>
              <SafeText code>{session.ip}</SafeText>
            </td>
            <td>
              <Ago value={session.last_seen_at} />
            </td>
            <td>
              <Time value={session.expires_at} />
            </td>
            <td>
              <Button onPress={() => end.mutate(session.id)} disabledBecause={session.current ? texts.endOwn : undefined}>
                {texts.end}
              </Button>
            </td>
          </tr>
        ))}
      </Table>
      <Refusal error={end.error} />
    </section>
  )
}
