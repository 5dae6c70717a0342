/** What can be done with the issues that are selected, all at once. */

import { useState } from 'react'

import { mergeIssues, useIssueChange } from '../../api/issues'
import type { IssueSummary } from '../../api/issues'
import { Button } from '../../kit/Button'
import { Dialog } from '../../kit/Dialog'
import { Select, TextField } from '../../kit/Fields'
import { useLanguage, useText } from '../../kit/language'
import { count } from '../../lib/numbers'
import { visibleText } from '../../lib/visible'
import { IssueActs, useTellChanged } from '../../parts/IssueActs'
import { Refusal } from '../../parts/Refusal'
import { ERRORS } from './text'

interface Props {
  issues: readonly IssueSummary[]
  project: string | undefined
  onAll: () => void
  onNone: () => void
}

export function Bulk({ issues, project, onAll, onNone }: Props) {
  const texts = useText(ERRORS)
  const language = useLanguage()
  const [isMerging, setMerging] = useState(false)
  return (
    <section className="card issue-acts issue-bulk" aria-label={texts.bulk}>
      <span role="status">{texts.selected(count(issues.length, language), issues.length)}</span>
      <IssueActs issues={issues} project={project} onDone={onNone} onDeleted={onNone} />
      {issues.length > 1 && <Button onPress={() => setMerging(true)}>{texts.merge}</Button>}
      <Button kind="quiet" onPress={onAll}>
        {texts.selectAll}
      </Button>
      <Button kind="quiet" onPress={onNone}>
        {texts.selectNone}
      </Button>
      {isMerging && <MergeDialog issues={issues} project={project} onClose={() => setMerging(false)} onDone={onNone} />}
    </section>
  )
}

interface MergeProps {
  issues: readonly IssueSummary[]
  project: string | undefined
  onClose: () => void
  onDone: () => void
}

function MergeDialog({ issues, project, onClose, onDone }: MergeProps) {
  const texts = useText(ERRORS)
  const tellChanged = useTellChanged()
  const merge = useIssueChange(mergeIssues)
  // Most often the one that most is known of stays.
  const [into, setInto] = useState(() => [...issues].sort((a, b) => b.events - a.events)[0]?.id ?? '')
  const [reason, setReason] = useState('')
  const given = reason.trim()
  return (
    <Dialog title={texts.mergeTitle(issues.length)} isOpen onClose={onClose}>
      <form
        className="issue-form"
        onSubmit={(event) => {
          event.preventDefault()
          const ids = issues.map(({ id }) => id).filter((id) => id !== into)
          merge.mutate(
            { ids, into, project, ...(given === '' ? {} : { reason: given }) },
            {
              onSuccess: (changed) => {
                onClose()
                onDone()
                tellChanged(changed)
              },
            },
          )
        }}
      >
        <p>{texts.mergeBody}</p>
        <Select
          label={texts.mergeInto}
          value={into}
          options={issues.map(({ id, title, culprit }) => ({ id, label: visibleText(title === '' ? texts.untitled : title), ...(culprit === undefined ? {} : { description: visibleText(culprit) }) }))}
          onChange={setInto}
        />
        <TextField label={texts.reason} value={reason} onChange={setReason} />
        <Refusal error={merge.error} />
        <div className="issue-acts">
          <Button type="submit" kind="primary" isPending={merge.isPending}>
            {texts.merge}
          </Button>
          <Button onPress={onClose}>{texts.cancel}</Button>
        </div>
      </form>
    </Dialog>
  )
}
