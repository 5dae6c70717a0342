/** Who changed a setting, when, from what to what, and the way back. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { revertSetting, useChange, versionsQuery } from '../../api/settings'
import { Button } from '../../kit/Button'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Time } from '../../kit/Time'
import { useToast } from '../../kit/toasts'
import { asText } from '../../lib/json'
import { Failure } from '../../parts/Failure'
import { AskReason, Table, withReason } from './Shared'
import { SETTINGS } from './text'

/** What was in force before the first change. */
const DEFAULT_VERSION = 0

export function Versions({ name }: { name: string }) {
  const texts = useText(SETTINGS)
  const tell = useToast()
  const versions = useQuery(versionsQuery(name))
  const revert = useChange(revertSetting)
  const [asked, setAsked] = useState<number | undefined>()
  if (versions.isPending) return <Loading lines={2} />
  if (versions.isError) return <Failure error={versions.error} onRetry={() => void versions.refetch()} />
  const newest = Math.max(0, ...versions.data.map(({ version }) => version))
  const sorted = [...versions.data].sort((a, b) => b.version - a.version)
  return (
    <section className="card settings-stack">
      <h2>
        {texts.history}: {texts.switchName(name)}
      </h2>
      {sorted.length === 0 ? (
        <p className="quiet">{texts.noHistory}</p>
      ) : (
        <Table label={texts.history} heads={[texts.version, texts.when, texts.who, texts.before, texts.after, texts.why, texts.do]}>
          {sorted.map((version) => (
            <tr key={version.version}>
              <th scope="row">{version.version}</th>
              <td>
                <Time value={version.changed_at} />
              </td>
              <td>
                <SafeText>{version.changed_by}</SafeText>
              </td>
              <td className="settings-json">
                <SafeText code>{asText(version.before)}</SafeText>
              </td>
              <td className="settings-json">
                <SafeText code>{asText(version.after)}</SafeText>
              </td>
              <td>
                <SafeText>{version.reason}</SafeText>
              </td>
              <td>
                <Button onPress={() => setAsked(version.version)} disabledBecause={version.version === newest ? texts.isNewest : undefined}>
                  {texts.undo}
                </Button>
              </td>
            </tr>
          ))}
        </Table>
      )}
      {sorted.length > 0 && (
        <div>
          <Button onPress={() => setAsked(DEFAULT_VERSION)}>{texts.toDefault}</Button>
        </div>
      )}
      {asked !== undefined && (
        <AskReason
          title={asked === DEFAULT_VERSION ? texts.toDefault : `${texts.undo}: ${asked}`}
          confirm={texts.undo}
          error={revert.error}
          isPending={revert.isPending}
          onClose={() => setAsked(undefined)}
          onConfirm={({ reason }) =>
            revert.mutate(
              { name, version: asked, ...withReason(reason) },
              {
                onSuccess: () => {
                  setAsked(undefined)
                  tell({ message: texts.undone })
                },
              },
            )
          }
        />
      )}
    </section>
  )
}
