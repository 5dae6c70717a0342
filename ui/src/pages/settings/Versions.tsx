/** Who changed a setting, when, from what to what, and the way back. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import type { SettingVersionView } from '../../api/settings'
import { changeRedaction, revertSetting, useChange, versionsQuery } from '../../api/settings'
import { Button } from '../../kit/Button'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Table } from '../../kit/Table'
import { Time } from '../../kit/Time'
import { useToast } from '../../kit/toasts'
import { asText } from '../../lib/json'
import { Failure } from '../../parts/Failure'
import { AskReason, withReason } from './Shared'
import { SETTINGS } from './text'
import { versionsOfProject } from './versions'

/** What was in force before the first change. */
const DEFAULT_VERSION = 0

/** Of a setting that holds for all projects. */
export function Versions({ name }: { name: string }) {
  const texts = useText(SETTINGS)
  const versions = useQuery(versionsQuery(name))
  const revert = useChange(revertSetting)
  if (versions.isPending) return <Loading lines={2} />
  if (versions.isError) return <Failure error={versions.error} onRetry={() => void versions.refetch()} />
  return (
    <VersionList
      title={`${texts.history}: ${texts.switchName(name)}`}
      versions={versions.data}
      error={revert.error}
      isPending={revert.isPending}
      onRevert={(version, reason, done) => revert.mutate({ name, version, ...withReason(reason) }, { onSuccess: done })}
    />
  )
}

/** Of one project's rules of redaction. The setting holds those of all projects: going back touches none of the others. */
export function RedactionVersions({ project, version: newest }: { project: string; version: number }) {
  const texts = useText(SETTINGS)
  const all = useQuery(versionsQuery('redaction'))
  const change = useChange(changeRedaction)
  if (all.isPending) return <Loading lines={2} />
  if (all.isError) return <Failure error={all.error} onRetry={() => void all.refetch()} />
  const versions = versionsOfProject(all.data, project)
  return (
    <VersionList
      title={`${texts.history}: ${texts.rulesOf(project)}`}
      versions={versions}
      error={change.error}
      isPending={change.isPending}
      onRevert={(wanted, reason, done) => {
        const rules = versions.find(({ version }) => version === wanted)?.after ?? []
        change.mutate({ project, rules: [...rules], version: newest, ...withReason(reason) }, { onSuccess: done })
      }}
    />
  )
}

interface ListProps {
  title: string
  versions: readonly (Omit<SettingVersionView, 'before' | 'after'> & { before?: unknown; after?: unknown })[]
  error: unknown
  isPending: boolean
  onRevert: (version: number, reason: string | undefined, done: () => void) => void
}

function VersionList({ title, versions, error, isPending, onRevert }: ListProps) {
  const texts = useText(SETTINGS)
  const tell = useToast()
  const [asked, setAsked] = useState<number | undefined>()
  const sorted = [...versions].sort((a, b) => b.version - a.version)
  const done = () => {
    setAsked(undefined)
    tell({ message: texts.undone })
  }
  return (
    <section className="card settings-stack">
      <h2>{title}</h2>
      {sorted.length === 0 ? (
        <p className="quiet">{texts.noHistory}</p>
      ) : (
        <>
          <Table label={title} heads={[texts.version, texts.when, texts.who, texts.before, texts.after, texts.why, texts.do]}>
            {sorted.map((version, at) => (
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
                  <Button onPress={() => setAsked(version.version)} disabledBecause={at === 0 ? texts.isNewest : undefined}>
                    {texts.undo}
                  </Button>
                </td>
              </tr>
            ))}
          </Table>
          <div>
            <Button onPress={() => setAsked(DEFAULT_VERSION)}>{texts.toDefault}</Button>
          </div>
        </>
      )}
      {asked !== undefined && (
        <AskReason
          title={asked === DEFAULT_VERSION ? texts.toDefault : `${texts.undo}: ${asked}`}
          confirm={texts.undo}
          error={error}
          isPending={isPending}
          onClose={() => setAsked(undefined)}
          onConfirm={({ reason }) => onRevert(asked, reason, done)}
        />
      )}
    </section>
  )
}
