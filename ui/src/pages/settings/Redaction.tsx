/** Rules of what is filtered before it is stored, tried on what came last before they count. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import type { RedactionRule, RedactionTestAnswer } from '../../api/settings'
import { changeRedaction, redactionQuery, testRedaction, useChange } from '../../api/settings'
import { Button } from '../../kit/Button'
import { Select, TextField } from '../../kit/Fields'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Table } from '../../kit/Table'
import { Time } from '../../kit/Time'
import { useToast } from '../../kit/toasts'
import { asText } from '../../lib/json'
import { useAddress } from '../../parts/address'
import { Failure } from '../../parts/Failure'
import { Refusal } from '../../parts/Refusal'
import { AskReason, withReason } from './Shared'
import { SETTINGS } from './text'
import { RedactionVersions } from './Versions'

export function Redaction() {
  const texts = useText(SETTINGS)
  const { project } = useAddress()
  const view = useQuery(redactionQuery(project))
  if (view.isPending) return <Loading lines={3} />
  if (view.isError) return <Failure error={view.error} onRetry={() => void view.refetch()} />
  const { rules, standard, version } = view.data
  return (
    <>
      <section className="card">
        <h2>{texts.standard}</h2>
        <p>
          <bdi dir="ltr" className="code">
            {standard.join(', ')}
          </bdi>
        </p>
      </section>
      <Rules key={`${view.data.project} ${version}`} kept={rules} project={project} version={version} />
      <RedactionVersions project={view.data.project} version={version} />
    </>
  )
}

function Rules({ kept, project, version }: { kept: readonly RedactionRule[]; project: string | undefined; version: number }) {
  const texts = useText(SETTINGS)
  const tell = useToast()
  const [rules, setRules] = useState<readonly RedactionRule[]>(kept)
  const [asks, setAsks] = useState(false)
  const save = useChange(changeRedaction)
  const change = (at: number, patch: Partial<RedactionRule>) => setRules(rules.map((rule, index) => (index === at ? { ...rule, ...patch } : rule)))
  return (
    <section className="card settings-stack">
      <h2>{texts.ownRules}</h2>
      {rules.length === 0 && <p className="quiet">{texts.noRules}</p>}
      {rules.map((rule, at) => (
        <Rule key={at} rule={rule} onChange={(patch) => change(at, patch)} onRemove={() => setRules(rules.filter((_, index) => index !== at))} />
      ))}
      <div className="settings-actions">
        <Button onPress={() => setRules([...rules, { name: '', kind: 'key', pattern: '', action: 'filter' }])}>{texts.addRule}</Button>
        <Button kind="primary" onPress={() => setAsks(true)}>
          {texts.save}
        </Button>
      </div>
      <DryRun rules={rules} project={project} />
      {asks && (
        <AskReason
          title={texts.ownRules}
          confirm={texts.save}
          error={save.error}
          isPending={save.isPending}
          onClose={() => setAsks(false)}
          onConfirm={({ reason }) =>
            save.mutate(
              { project, rules: [...rules], version, ...withReason(reason) },
              {
                onSuccess: () => {
                  setAsks(false)
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

function Rule({ rule, onChange, onRemove }: { rule: RedactionRule; onChange: (patch: Partial<RedactionRule>) => void; onRemove: () => void }) {
  const texts = useText(SETTINGS)
  const byKey = rule.kind === 'key'
  return (
    <div className="settings-form" role="group" aria-label={`${texts.rule} ${rule.name}`}>
      <TextField label={texts.name} value={rule.name} onChange={(name) => onChange({ name })} code />
      <Select
        label={texts.by}
        value={rule.kind}
        options={[
          { id: 'key', label: texts.byKey },
          { id: 'value', label: texts.byValue },
        ]}
        // Only a key can be kept.
        onChange={(kind) => onChange(kind === 'value' ? { kind, action: 'filter' } : { kind })}
      />
      <TextField label={texts.pattern} value={rule.pattern} onChange={(pattern) => onChange({ pattern })} code />
      <Select
        label={texts.action}
        value={rule.action ?? 'filter'}
        options={[{ id: 'filter', label: texts.filter }, ...(byKey ? [{ id: 'keep', label: texts.keep }] : [])]}
        onChange={(action) => onChange({ action })}
      />
      <Button onPress={onRemove} label={`${texts.remove}: ${rule.name}`}>
        {texts.remove}
      </Button>
    </div>
  )
}

function DryRun({ rules, project }: { rules: readonly RedactionRule[]; project: string | undefined }) {
  const texts = useText(SETTINGS)
  const [sample, setSample] = useState('')
  const test = useChange(testRedaction)
  return (
    <div className="settings-stack">
      <TextField label={texts.sample} value={sample} onChange={setSample} lines={3} code />
      <div>
        <Button isPending={test.isPending} onPress={() => test.mutate({ project, rules: [...rules], ...(sample === '' ? {} : { sample }) })}>
          {texts.dryRun}
        </Button>
      </div>
      <Refusal error={test.error} />
      {test.data !== undefined && <Found answer={test.data} />}
    </div>
  )
}

function Found({ answer }: { answer: RedactionTestAnswer }) {
  const texts = useText(SETTINGS)
  return (
    <div role="status" className="settings-stack">
      <p>{texts.found(answer.records.length, answer.rows)}</p>
      {answer.sample !== undefined && (
        <p>
          {texts.sampleAs}: <SafeText code>{asText(answer.sample.filtered)}</SafeText>
        </p>
      )}
      {answer.records.length > 0 && (
        <Table label={texts.dryRun} heads={[texts.when, texts.table, texts.column, texts.rule, texts.stored]}>
          {answer.records.map((record, at) => (
            <tr key={at}>
              <td>
                <Time value={record.time} />
              </td>
              <td>
                <SafeText code>{record.table}</SafeText>
              </td>
              <td>
                <SafeText code>{record.column}</SafeText>
              </td>
              <td>
                <SafeText code>{record.rules.map((one) => `${one.rule} ×${one.count}`).join(', ')}</SafeText>
              </td>
              <td className="settings-json">
                <SafeText>{record.preview}</SafeText>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </div>
  )
}
