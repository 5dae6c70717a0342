/** How long and how much is kept: rules, of which the first that fits counts. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { useProjects } from '../../api/projects'
import type { RetentionRule } from '../../api/settings'
import { changeRetention, settingsQuery, useChange } from '../../api/settings'
import { Button } from '../../kit/Button'
import { Select, TextField } from '../../kit/Fields'
import { useText } from '../../kit/language'
import { Loading } from '../../kit/States'
import { useToast } from '../../kit/toasts'
import { Failure } from '../../parts/Failure'
import type { Draft } from './drafts'
import { draftOf, isWhole, ruleOf } from './drafts'
import { RetentionPreview } from './RetentionPreview'
import { AskReason, withReason } from './Shared'
import { SETTINGS } from './text'
import { Versions } from './Versions'

const TABLES = ['audit_logs', 'logs', 'error_events', 'session_events', 'spans', 'samples', 'attachments', 'feedback', 'check_ins', 'release_sessions']
const ALL = '*'

export function Retention() {
  const settings = useQuery(settingsQuery)
  if (settings.isPending) return <Loading lines={3} />
  if (settings.isError) return <Failure error={settings.error} onRetry={() => void settings.refetch()} />
  const setting = settings.data.find(({ name }) => name === 'retention')
  const rules = (Array.isArray(setting?.value) ? setting.value : []) as RetentionRule[]
  return (
    <>
      <Rules key={setting?.version ?? 0} kept={rules} version={setting?.version ?? 0} />
      <Versions name="retention" />
    </>
  )
}

function Rules({ kept, version }: { kept: readonly RetentionRule[]; version: number }) {
  const texts = useText(SETTINGS)
  const tell = useToast()
  const [drafts, setDrafts] = useState<readonly Draft[]>(() => kept.map(draftOf))
  const [asks, setAsks] = useState(false)
  const [tried, setTried] = useState<readonly RetentionRule[] | undefined>()
  const save = useChange(changeRetention)
  const wrong = drafts.some(({ days, bytes }) => !isWhole(days) || !isWhole(bytes))
  return (
    <section className="card settings-stack">
      <p>{texts.retentionBody}</p>
      {drafts.map((draft, at) => (
        <Rule
          key={at}
          draft={draft}
          onChange={(patch) => setDrafts(drafts.map((one, index) => (index === at ? { ...one, ...patch } : one)))}
          onRemove={() => setDrafts(drafts.filter((_, index) => index !== at))}
        />
      ))}
      <div className="settings-actions">
        <Button onPress={() => setDrafts([...drafts, draftOf({})])}>{texts.addRule}</Button>
        <Button onPress={() => setTried(drafts.map(ruleOf))} disabledBecause={wrong ? texts.wrongNumber : undefined}>
          {texts.preview}
        </Button>
        <Button kind="primary" onPress={() => setAsks(true)} disabledBecause={wrong ? texts.wrongNumber : undefined}>
          {texts.save}
        </Button>
      </div>
      {tried !== undefined && <RetentionPreview rules={tried} />}
      {asks && (
        <AskReason
          title={texts.retention}
          body={<RetentionPreview rules={drafts.map(ruleOf)} />}
          width="wide"
          confirm={texts.save}
          danger
          error={save.error}
          isPending={save.isPending}
          onClose={() => setAsks(false)}
          onConfirm={({ reason }) =>
            save.mutate(
              { value: drafts.map(ruleOf), version, ...withReason(reason) },
              {
                onSuccess: () => {
                  setAsks(false)
                  setTried(undefined)
                  tell({ message: texts.saved })
                },
              },
            )
          }
        />
      )}
    </section>
  )
}

function Rule({ draft, onChange, onRemove }: { draft: Draft; onChange: (patch: Partial<Draft>) => void; onRemove: () => void }) {
  const texts = useText(SETTINGS)
  const projects = useProjects()
  const wrong = (text: string) => (isWhole(text) ? undefined : texts.wrongNumber)
  return (
    <div className="settings-form" role="group" aria-label={texts.rule}>
      <Select
        label={texts.table}
        value={draft.table === '' ? ALL : draft.table}
        options={[{ id: ALL, label: texts.allTables }, ...TABLES.map((id) => ({ id, label: id }))]}
        onChange={(table) => onChange({ table: table === ALL ? '' : table })}
      />
      <Select
        label={texts.project}
        value={draft.project === '' ? ALL : draft.project}
        options={[{ id: ALL, label: texts.allProjects }, ...projects.map((one) => ({ id: one.slug, label: one.name }))]}
        onChange={(project) => onChange({ project: project === ALL ? '' : project })}
      />
      <TextField label={texts.days} value={draft.days} onChange={(days) => onChange({ days })} error={wrong(draft.days)} code />
      <TextField label={texts.bytes} value={draft.bytes} onChange={(bytes) => onChange({ bytes })} error={wrong(draft.bytes)} code />
      <Button onPress={onRemove}>{texts.remove}</Button>
    </div>
  )
}
