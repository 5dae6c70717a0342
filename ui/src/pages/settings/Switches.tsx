/** Features that can be switched off, each with its history. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import type { SettingView } from '../../api/settings'
import { changeSetting, settingsQuery, useChange } from '../../api/settings'
import { Switch } from '../../kit/Fields'
import { useText } from '../../kit/language'
import { Loading } from '../../kit/States'
import { Failure } from '../../parts/Failure'
import { AskReason, withReason } from './Shared'
import { SETTINGS } from './text'
import { Versions } from './Versions'

const NAMES = ['audit_logging', 'session_tracking']

export function Switches() {
  const settings = useQuery(settingsQuery)
  if (settings.isPending) return <Loading lines={3} />
  if (settings.isError) return <Failure error={settings.error} onRetry={() => void settings.refetch()} />
  return settings.data.filter(({ name }) => NAMES.includes(name)).map((setting) => <OneSwitch key={setting.name} setting={setting} />)
}

function OneSwitch({ setting }: { setting: SettingView }) {
  const texts = useText(SETTINGS)
  const [wanted, setWanted] = useState<boolean | undefined>()
  const change = useChange(changeSetting)
  const title = texts.switchName(setting.name)
  return (
    <>
      <section className="card settings-stack">
        <Switch isOn={setting.value === true} onChange={setWanted}>
          {title}: {setting.value === true ? texts.on : texts.off}
        </Switch>
        <p className="quiet">
          <bdi dir="ltr">{setting.description}</bdi>
        </p>
      </section>
      <Versions name={setting.name} />
      {wanted !== undefined && (
        <AskReason
          title={`${title}: ${wanted ? texts.on : texts.off}`}
          confirm={texts.save}
          danger={!wanted}
          error={change.error}
          isPending={change.isPending}
          onClose={() => setWanted(undefined)}
          onConfirm={({ reason }) =>
            change.mutate({ name: setting.name, value: wanted, version: setting.version, ...withReason(reason) }, { onSuccess: () => setWanted(undefined) })
          }
        />
      )}
    </>
  )
}
