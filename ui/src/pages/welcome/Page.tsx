/** First records: per kind of source what to paste, with a real key, and whether anything has come. */

import { useState } from 'react'

import { DEFAULT_PROJECT } from '../../api/projects'
import { useText } from '../../kit/language'
import { Tabs } from '../../kit/Tabs'
import { one } from '../../lib/search'
import { useAddress } from '../../parts/address'
import type { MadeKey } from './Key'
import { KeyStep } from './Key'
import { SendStep } from './Send'
import { KINDS } from './snippets'
import { WELCOME } from './text'
import { WatchStep } from './Watch'
import './welcome.css'

export default function WelcomePage() {
  const texts = useText(WELCOME)
  const { search, change, project = DEFAULT_PROJECT } = useAddress()
  // Made for one project: another choice asks for another key.
  const [keys, setKeys] = useState<Record<string, MadeKey>>({})
  const made = keys[project]
  const kind = KINDS.find((id) => id === one(search, 'tab')) ?? 'audit'
  const choose = (tab: string) => change({ tab }, 'replace')
  return (
    <div className="welcome">
      <p className="quiet">{texts.intro}</p>
      <Tabs
        label={texts.kinds}
        chosen={kind}
        onChoose={choose}
        tabs={KINDS.map((id) => ({
          id,
          label: texts.kind(id),
          content: () => (
            <>
              <p className="welcome-about">{texts.about(id)}</p>
              <ol className="welcome-steps">
                <KeyStep project={project} made={made} onMade={(key) => setKeys({ ...keys, [project]: key })} />
                <SendStep kind={id} made={made} project={project} />
                <WatchStep kind={id} project={project} keyId={made?.id} />
              </ol>
            </>
          ),
        }))}
      />
    </div>
  )
}
