/** What was changed of projects, users or keys, by whom and why, from Whodunit's own trail; and the way back. */

import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { listQuery } from '../../api/lists'
import { OWN_PROJECT } from '../../api/projects'
import { updateProject, updateUser, useChange } from '../../api/settings'
import { Button } from '../../kit/Button'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Table } from '../../kit/Table'
import { Time } from '../../kit/Time'
import { useToast } from '../../kit/toasts'
import { changesOf, shown } from '../../lib/changes'
import { text } from '../../lib/json'
import { Failure } from '../../parts/Failure'
import { actorOf, PageLink } from '../../parts/Links'
import { AskReason, withReason } from './Shared'
import { SETTINGS } from './text'
import type { TrailEntry, Undo } from './undo'
import { withUndo } from './undo'

const ENTRIES = '20'

interface Asked {
  undo: Undo
  title: string
}

export function Trail({ kind }: { kind: 'project' | 'user' | 'key' }) {
  const texts = useText(SETTINGS)
  const tell = useToast()
  const trail = useInfiniteQuery(
    listQuery('audit', OWN_PROJECT, [
      ['target_type', kind],
      // Reading them and signing in change nothing of them.
      ['category', '!access'],
      ['category', '!authentication'],
      ['state', 'complete'],
      ['limit', ENTRIES],
    ]),
  )
  const [asked, setAsked] = useState<Asked | undefined>()
  const takeBack = useChange(takenBack)
  if (trail.isPending) return <Loading lines={3} />
  if (trail.isError) return <Failure error={trail.error} onRetry={() => void trail.refetch()} />
  const entries = withUndo(trail.data.pages.flatMap((page) => page.rows))
  return (
    <section className="card settings-stack">
      <h2>{texts.history}</h2>
      {entries.length === 0 ? (
        <p className="quiet">{texts.noChanges}</p>
      ) : (
        <Table label={texts.history} heads={[texts.when, texts.who, texts.what, texts.changed, texts.why, texts.do]}>
          {entries.map((entry) => (
            <TrailRow key={text(entry.row, 'id')} entry={entry} onAsk={setAsked} />
          ))}
        </Table>
      )}
      {trail.hasNextPage && (
        <div>
          <Button onPress={() => void trail.fetchNextPage()} isPending={trail.isFetchingNextPage}>
            {texts.older}
          </Button>
        </div>
      )}
      {asked !== undefined && (
        <AskReason
          title={asked.title}
          confirm={texts.takeBack}
          error={takeBack.error}
          isPending={takeBack.isPending}
          onClose={() => setAsked(undefined)}
          onConfirm={({ reason }) =>
            takeBack.mutate(
              { undo: asked.undo, reason },
              {
                onSuccess: () => {
                  setAsked(undefined)
                  tell({ message: texts.takenBack })
                },
              },
            )
          }
        />
      )}
    </section>
  )
}

async function takenBack({ undo, reason }: { undo: Undo; reason: string | undefined }): Promise<void> {
  if (undo.kind === 'project') await updateProject({ slug: undo.slug, ...undo.change, ...withReason(reason) })
  else await updateUser({ id: undo.id, ...undo.change, ...withReason(reason) })
}

function TrailRow({ entry: { row, undo }, onAsk }: { entry: TrailEntry; onAsk: (asked: Asked) => void }) {
  const texts = useText(SETTINGS)
  const target = text(row, 'target_name') ?? text(row, 'target_id') ?? ''
  const because = { final: texts.isFinal, 'changed-since': texts.changedSince }
  return (
    <tr>
      <td>
        <PageLink to={`/audit/${text(row, 'id') ?? ''}`} search={{ project: OWN_PROJECT }}>
          <Time value={text(row, 'time') ?? ''} />
        </PageLink>
      </td>
      <td>
        <SafeText>{actorOf(row)}</SafeText>
      </td>
      <td>
        <SafeText code>{text(row, 'action')}</SafeText> <SafeText>{target}</SafeText>
      </td>
      <td className="settings-json">
        {changesOf(row['changes']).map(({ field, before, after }) => (
          <p key={field}>
            <bdi dir="ltr">
              <SafeText code>{field}</SafeText>: <SafeText>{shown(before)}</SafeText> → <SafeText>{shown(after)}</SafeText>
            </bdi>
          </p>
        ))}
      </td>
      <td>
        <SafeText>{text(row, 'reason')}</SafeText>
      </td>
      <td>
        <Button
          onPress={() => typeof undo !== 'string' && onAsk({ undo, title: `${texts.takeBack}: ${text(row, 'action') ?? ''} ${target}` })}
          disabledBecause={typeof undo === 'string' ? because[undo] : undefined}
        >
          {texts.takeBack}
        </Button>
      </td>
    </tr>
  )
}
