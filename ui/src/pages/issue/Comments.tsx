/** What people said about an issue; who said it, and admins, change and remove it. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { addIssueComment, changeIssueComment, issueCommentsQuery, removeIssueComment, useIssueChange } from '../../api/issues'
import type { IssueCommentView } from '../../api/issues'
import { may, useMe } from '../../api/session'
import { Button } from '../../kit/Button'
import { Dialog } from '../../kit/Dialog'
import { TextField } from '../../kit/Fields'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Ago } from '../../kit/Time'
import { Failure } from '../../parts/Failure'
import { Refusal } from '../../parts/Refusal'
import { WORK } from './work-text'

interface Props {
  issue: string
  project: string | undefined
}

export function Comments({ issue, project }: Props) {
  const texts = useText(WORK)
  const comments = useQuery(issueCommentsQuery(issue, project))
  const allowed = may(useMe(), 'edit')
  if (comments.isPending) return <Loading lines={2} />
  if (comments.isError) return <Failure error={comments.error} onRetry={() => void comments.refetch()} />
  return (
    <section className="issue-comments" aria-label={texts.comments}>
      {comments.data.length === 0 ? (
        <p className="quiet">{texts.noComments}</p>
      ) : (
        <ul>
          {comments.data.map((comment) => (
            <Comment key={comment.id} issue={issue} project={project} comment={comment} allowed={allowed} />
          ))}
        </ul>
      )}
      {allowed ? <NewComment issue={issue} project={project} /> : <p className="quiet">{texts.readOnly}</p>}
    </section>
  )
}

function Comment({ issue, project, comment, allowed }: Props & { comment: IssueCommentView; allowed: boolean }) {
  const texts = useText(WORK)
  const me = useMe()
  const [asked, setAsked] = useState<'edit' | 'remove' | undefined>()
  const mine = allowed && (me?.email === comment.added_by || may(me, 'administer'))
  if (asked === 'edit') return <CommentForm issue={issue} project={project} comment={comment} onClose={() => setAsked(undefined)} />
  return (
    <li className="card issue-comment">
      <p className="issue-comment-text">
        <SafeText>{comment.body}</SafeText>
      </p>
      <p className="issue-acts quiet">
        <span>
          <SafeText>{comment.added_by}</SafeText> · <Ago value={comment.added_at} />
        </span>
        {comment.changed_at !== undefined && (
          <span>
            {texts.changed} <Ago value={comment.changed_at} /> · <SafeText>{comment.changed_by}</SafeText>
          </span>
        )}
        {mine && (
          <>
            <Button kind="quiet" onPress={() => setAsked('edit')}>
              {texts.edit}
            </Button>
            <Button kind="quiet" onPress={() => setAsked('remove')}>
              {texts.remove}
            </Button>
          </>
        )}
      </p>
      {asked === 'remove' && <Removal issue={issue} project={project} comment={comment} onClose={() => setAsked(undefined)} />}
    </li>
  )
}

function CommentForm({ issue, project, comment, onClose }: Props & { comment: IssueCommentView; onClose: () => void }) {
  const texts = useText(WORK)
  const [body, setBody] = useState(comment.body)
  const change = useIssueChange(changeIssueComment)
  return (
    <li className="card issue-comment">
      <form
        className="issue-form"
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate({ id: issue, comment: comment.id, project, body: body.trim() }, { onSuccess: onClose })
        }}
      >
        <TextField label={texts.comment} value={body} onChange={setBody} lines={3} autoFocus />
        <Refusal error={change.error} />
        <div className="issue-acts">
          <Button type="submit" kind="primary" isPending={change.isPending} disabledBecause={body.trim() === '' ? texts.commentEmpty : undefined}>
            {texts.save}
          </Button>
          <Button onPress={onClose}>{texts.cancel}</Button>
        </div>
      </form>
    </li>
  )
}

function Removal({ issue, project, comment, onClose }: Props & { comment: IssueCommentView; onClose: () => void }) {
  const texts = useText(WORK)
  const remove = useIssueChange(removeIssueComment)
  return (
    <Dialog title={texts.removeTitle} isOpen onClose={onClose} role="alertdialog">
      <div className="issue-form">
        <p>{texts.removeBody}</p>
        <Refusal error={remove.error} />
        <div className="issue-acts">
          <Button kind="danger" onPress={() => remove.mutate({ id: issue, comment: comment.id, project }, { onSuccess: onClose })} isPending={remove.isPending}>
            {texts.remove}
          </Button>
          <Button onPress={onClose}>{texts.cancel}</Button>
        </div>
      </div>
    </Dialog>
  )
}

function NewComment({ issue, project }: Props) {
  const texts = useText(WORK)
  const [body, setBody] = useState('')
  const add = useIssueChange(addIssueComment)
  return (
    <form
      className="issue-form"
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate({ id: issue, project, body: body.trim() }, { onSuccess: () => setBody('') })
      }}
    >
      <TextField label={texts.newComment} value={body} onChange={setBody} lines={3} />
      <Refusal error={add.error} />
      <div className="issue-acts">
        <Button type="submit" isPending={add.isPending} disabledBecause={body.trim() === '' ? texts.commentEmpty : undefined}>
          {texts.addComment}
        </Button>
      </div>
    </form>
  )
}
