/** Projects: create, rename, archive, restore. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import type { ProjectView } from '../../api/projects'
import { OWN_PROJECT, projectsQuery } from '../../api/projects'
import { createProject, updateProject, useChange } from '../../api/settings'
import { Button } from '../../kit/Button'
import { TextField } from '../../kit/Fields'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Table } from '../../kit/Table'
import { Time } from '../../kit/Time'
import { Failure } from '../../parts/Failure'
import { Refusal } from '../../parts/Refusal'
import { AskReason, withReason } from './Shared'
import { SETTINGS } from './text'
import { Trail } from './Trail'

interface Asked {
  project: ProjectView
  what: 'rename' | 'archive' | 'restore'
}

export function Projects() {
  const texts = useText(SETTINGS)
  const projects = useQuery(projectsQuery)
  const [asked, setAsked] = useState<Asked | undefined>()
  if (projects.isPending) return <Loading lines={3} />
  if (projects.isError) return <Failure error={projects.error} onRetry={() => void projects.refetch()} />
  return (
    <>
      <NewProject />
      <section className="card">
        <Table label={texts.projects} heads={[texts.name, texts.slug, texts.created, texts.state, texts.do]}>
          {projects.data.map((project) => (
            <ProjectRow key={project.slug} project={project} onAsk={(what) => setAsked({ project, what })} />
          ))}
        </Table>
      </section>
      <Trail kind="project" />
      {asked !== undefined && <Change key={`${asked.project.slug} ${asked.what}`} asked={asked} onClose={() => setAsked(undefined)} />}
    </>
  )
}

function ProjectRow({ project, onAsk }: { project: ProjectView; onAsk: (what: Asked['what']) => void }) {
  const texts = useText(SETTINGS)
  const archived = project.archived_at !== undefined
  const because = project.slug === OWN_PROJECT ? texts.ownProject : undefined
  return (
    <tr>
      <th scope="row">
        <SafeText>{project.name}</SafeText>
      </th>
      <td>
        <SafeText code>{project.slug}</SafeText>
      </td>
      <td>
        <Time value={project.created_at} />
      </td>
      <td>{archived ? texts.archived : texts.active}</td>
      <td className="settings-actions">
        <Button onPress={() => onAsk('rename')} disabledBecause={because}>
          {texts.rename}
        </Button>
        <Button onPress={() => onAsk(archived ? 'restore' : 'archive')} disabledBecause={because}>
          {archived ? texts.restore : texts.archive}
        </Button>
      </td>
    </tr>
  )
}

function Change({ asked: { project, what }, onClose }: { asked: Asked; onClose: () => void }) {
  const texts = useText(SETTINGS)
  const update = useChange(updateProject)
  return (
    <AskReason
      title={`${texts[what]}: ${project.name}`}
      confirm={texts[what]}
      danger={what === 'archive'}
      {...(what === 'rename' ? { field: { label: texts.name, value: project.name } } : {})}
      error={update.error}
      isPending={update.isPending}
      onClose={onClose}
      onConfirm={({ reason, value }) =>
        update.mutate(
          { slug: project.slug, ...withReason(reason), ...(what === 'rename' ? { name: value } : { archived: what === 'archive' }) },
          { onSuccess: onClose },
        )
      }
    />
  )
}

function NewProject() {
  const texts = useText(SETTINGS)
  const [slug, setSlug] = useState('')
  const [name, setName] = useState('')
  const create = useChange(createProject)
  const submit = () =>
    create.mutate(
      { slug: slug.trim(), ...(name.trim() === '' ? {} : { name: name.trim() }) },
      {
        onSuccess: () => {
          setSlug('')
          setName('')
        },
      },
    )
  return (
    <section className="card settings-stack">
      <h2>{texts.newProject}</h2>
      <form
        className="settings-form"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <TextField label={texts.slug} value={slug} onChange={setSlug} description={texts.slugHint} code isRequired />
        <TextField label={texts.name} value={name} onChange={setName} />
        <Button type="submit" kind="primary" isPending={create.isPending}>
          {texts.create}
        </Button>
      </form>
      <Refusal error={create.error} />
    </section>
  )
}
