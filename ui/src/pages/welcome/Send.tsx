/** The second step: what to paste. */

import { useState } from 'react'

import { useProjects } from '../../api/projects'
import { Button } from '../../kit/Button'
import { copyText } from '../../kit/Copy'
import { Icon } from '../../kit/Icon'
import { useText } from '../../kit/language'
import { useToast } from '../../kit/toasts'
import type { MadeKey } from './Key'
import type { Kind } from './snippets'
import { isLocal, snippetsOf } from './snippets'
import { WELCOME } from './text'

/** Stands where the key belongs until there is one. */
const PLACEHOLDER = 'KEY'
const PUBLIC_PLACEHOLDER = 'PUBLIC_ID'

export function SendStep({ kind, made, project }: { kind: Kind; made: MadeKey | undefined; project: string }) {
  const texts = useText(WELCOME)
  const tell = useToast()
  const [chosen, setChosen] = useState(0)
  const projectNumber = useProjects().find(({ slug }) => slug === project)?.number ?? 1
  const snippets = snippetsOf(kind, { origin: location.origin, key: made?.secret ?? PLACEHOLDER, publicId: made?.publicId ?? PUBLIC_PLACEHOLDER, projectNumber })
  const snippet = snippets[chosen] ?? snippets[0]
  if (snippet === undefined) return null
  const copy = () => void copyText(snippet.code).then(() => tell({ message: texts.copied }))
  return (
    <li className="card welcome-step">
      <h2>{texts.stepSend}</h2>
      <div className="welcome-programs" role="group" aria-label={texts.programs}>
        {snippets.map((one, at) => (
          <Button key={one.name} pressed={one === snippet} onPress={() => setChosen(at)}>
            <bdi dir="ltr">{one.name}</bdi>
          </Button>
        ))}
        <Button kind={made === undefined ? 'plain' : 'primary'} onPress={copy}>
          <Icon name="copy" />
          {texts.copy}
        </Button>
      </div>
      <pre dir="ltr" className="welcome-code" tabIndex={0} role="region" aria-label={snippet.name}>
        {snippet.code}
      </pre>
      {!snippet.tried && <p className="quiet">{texts.untried}</p>}
      {isLocal(location.origin) && <p className="quiet">{texts.local}</p>}
    </li>
  )
}
