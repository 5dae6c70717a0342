/** The first step: a key that can only send, made by one click. */

import { FAILURES, told } from '../../api/failure'
import { may, useMe } from '../../api/session'
import { createKey, useChange } from '../../api/settings'
import { Button } from '../../kit/Button'
import { Copy } from '../../kit/Copy'
import { useText } from '../../kit/language'
import { WELCOME } from './text'

export interface MadeKey {
  id: string
  secret: string
  /** What a DSN has of it. */
  publicId: string | undefined
}

interface Props {
  project: string
  made: MadeKey | undefined
  onMade: (key: MadeKey) => void
}

export function KeyStep({ project, made, onMade }: Props) {
  const texts = useText(WELCOME)
  const failures = useText(FAILURES)
  const me = useMe()
  const create = useChange(createKey)
  const said = create.error === null ? undefined : told(create.error, failures)
  const make = () =>
    create.mutate(
      { kind: 'ingest', name: texts.keyName, projects: [project], reason: texts.keyReason },
      { onSuccess: ({ key, secret }) => onMade({ id: key.id, secret, publicId: key.public_id }) },
    )
  return (
    <li className="card welcome-step">
      <h2>{texts.stepKey}</h2>
      {made === undefined ? (
        <>
          <div>
            <Button
              kind="primary"
              onPress={make}
              isPending={create.isPending}
              disabledBecause={may(me, 'administer') ? undefined : texts.keyForbidden}
            >
              {texts.makeKey}
            </Button>
          </div>
          {!may(me, 'administer') && <p>{texts.keyForbidden}</p>}
          <p className="quiet">
            {texts.project(project)} {texts.ownKey}
          </p>
        </>
      ) : (
        <>
          <p className="welcome-key">
            <Copy value={made.secret} label={texts.key} />
          </p>
          <p>{texts.madeKey}</p>
          <p className="quiet">{texts.project(project)}</p>
        </>
      )}
      {said !== undefined && (
        <p role="alert" className="field-error">
          {said.title}: <bdi dir="ltr">{said.detail ?? said.hint}</bdi>
        </p>
      )}
    </li>
  )
}
