/** The page behind the one-time link: makes the first owner and goes on to the first records. */

import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { ServerError } from '../../api/client'
import { FAILURES, told } from '../../api/failure'
import { useSetUp } from '../../api/session'
import { Button } from '../../kit/Button'
import { TextField } from '../../kit/Fields'
import { useText } from '../../kit/language'
import { Notice } from '../../kit/States'
import { one } from '../../lib/search'
import { useAddress } from '../../parts/address'
import { PageLink } from '../../parts/Links'
import { SET_UP } from './text'
import '../sign-in.css'

/** Somebody was there before. */
const CONFLICT = 409

export default function SetUpPage() {
  const texts = useText(SET_UP)
  const { search } = useAddress()
  const token = one(search, 'token')
  if (token === undefined) {
    return (
      <Notice icon="warning" tone="warning" title={texts.missing}>
        <p>{texts.missingBody}</p>
      </Notice>
    )
  }
  return <OwnerForm token={token} />
}

function OwnerForm({ token }: { token: string }) {
  const texts = useText(SET_UP)
  const failures = useText(FAILURES)
  const navigate = useNavigate()
  const setUp = useSetUp()
  const [owner, setOwner] = useState({ email: '', name: '', password: '' })
  const set = (field: keyof typeof owner) => (value: string) => setOwner({ ...owner, [field]: value })
  const said = setUp.error === null ? undefined : told(setUp.error, failures)
  return (
    <form
      className="card entrance"
      onSubmit={(event) => {
        event.preventDefault()
        setUp.mutate({ token, ...owner }, { onSuccess: () => void navigate({ to: '/welcome', search: {}, replace: true } as never) })
      }}
    >
      <img src="/assets/icon.svg" alt="" width="44" height="44" />
      <h1>{texts.title}</h1>
      <p className="quiet">{texts.intro}</p>
      <TextField label={texts.email} type="email" autoComplete="username" value={owner.email} onChange={set('email')} isRequired code autoFocus />
      <TextField label={texts.name} autoComplete="name" value={owner.name} onChange={set('name')} />
      <TextField
        label={texts.password}
        type="password"
        autoComplete="new-password"
        description={texts.passwordHint}
        value={owner.password}
        onChange={set('password')}
        isRequired
        code
      />
      {said !== undefined && (
        <p role="alert" className="field-error">
          {said.title}: <bdi dir="ltr">{said.detail ?? said.hint}</bdi>
        </p>
      )}
      <Button type="submit" kind="primary" isPending={setUp.isPending}>
        {texts.create}
      </Button>
      {setUp.error instanceof ServerError && setUp.error.status === CONFLICT && (
        <PageLink to="/sign-in" search={{}}>
          {texts.toSignIn}
        </PageLink>
      )}
    </form>
  )
}
