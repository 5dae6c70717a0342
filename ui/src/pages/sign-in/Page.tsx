/** Signing in; the link that was asked for comes afterwards. */

import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { FAILURES, told } from '../../api/failure'
import { ServerError } from '../../api/client'
import { useSignIn } from '../../api/session'
import { Button } from '../../kit/Button'
import { TextField } from '../../kit/Fields'
import { useText } from '../../kit/language'
import { one } from '../../lib/search'
import { useAddress } from '../../parts/address'
import { SIGN_IN } from './text'
import '../sign-in.css'

export default function SignInPage() {
  const texts = useText(SIGN_IN)
  const failures = useText(FAILURES)
  const { search } = useAddress()
  const navigate = useNavigate()
  const signIn = useSignIn()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  // Only paths of this server: a link must not lead elsewhere after signing in.
  const next = one(search, 'next')
  const target = next !== undefined && /^\/(?![/\\])/.test(next) ? next : '/'
  const submit = () => {
    signIn.mutate({ email, password }, { onSuccess: () => void navigate({ href: target } as never) })
  }
  const wrong = signIn.error instanceof ServerError && signIn.error.status === 401
  const said = signIn.error === null ? undefined : told(signIn.error, failures)
  return (
    <form
      className="card entrance"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <img src="/assets/icon.svg" alt="" width="44" height="44" />
      <h1>{texts.title}</h1>
      <TextField label={texts.email} type="email" autoComplete="username" value={email} onChange={setEmail} isRequired code autoFocus />
      <TextField
        label={texts.password}
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        isRequired
        code
        error={wrong ? texts.wrong : undefined}
      />
      {said !== undefined && !wrong && (
        <p role="alert" className="field-error">
          {said.title}: <bdi dir="ltr">{said.detail ?? said.hint}</bdi>
        </p>
      )}
      <Button type="submit" kind="primary" isPending={signIn.isPending}>
        {texts.signIn}
      </Button>
      <p className="quiet">{texts.forgotten}</p>
    </form>
  )
}
