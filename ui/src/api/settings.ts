/** What administrators change: projects, keys, users, settings with their versions; and one's own account. */

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import type { Schemas } from './client'
import { answer, client, ownHeaders } from './client'

export type KeyView = Schemas['KeyView']
export type UserView = Schemas['UserView']
export type SessionView = Schemas['SessionView']
export type SettingView = Schemas['SettingView']
export type SettingVersionView = Schemas['SettingVersionView']
export type RedactionRule = Schemas['RedactionRule']
export type RedactionTestAnswer = Schemas['RedactionTestAnswer']
export type RetentionRule = Schemas['RetentionRule']

export const keysQuery = queryOptions({ queryKey: ['keys'], queryFn: () => answer(client.GET('/api/v1/admin/keys')).then(({ keys }) => keys) })
export const usersQuery = queryOptions({ queryKey: ['users'], queryFn: () => answer(client.GET('/api/v1/admin/users')).then(({ users }) => users) })
export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: () => answer(client.GET('/api/v1/admin/settings')).then(({ settings }) => settings),
})
export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: () => answer(client.GET('/api/v1/me/sessions')).then(({ sessions }) => sessions),
})

export function versionsQuery(name: string) {
  return queryOptions({
    queryKey: ['settings', name, 'history'],
    queryFn: () => answer(client.GET('/api/v1/admin/settings/{name}/history', { params: { path: { name } } })).then(({ versions }) => versions),
  })
}

/** What would go now if these rules were in force; nothing does. */
export function retentionPreviewQuery(rules: readonly RetentionRule[]) {
  return queryOptions({
    queryKey: ['retention-preview', rules],
    queryFn: () => answer(client.POST('/api/v1/admin/retention/preview', { body: { value: [...rules] } })),
  })
}

export function redactionQuery(project: string | undefined) {
  return queryOptions({
    queryKey: ['redaction', project],
    queryFn: () => answer(client.GET('/api/v1/admin/redaction', { headers: ownHeaders(project) })),
  })
}

/** A change of anything here; whatever is on the screen is asked for again. */
export function useChange<V, A>(act: (variables: V) => Promise<A>) {
  const queries = useQueryClient()
  return useMutation({ mutationFn: act, onSuccess: () => queries.invalidateQueries() })
}

export const createProject = (body: Schemas['CreateProjectRequest']) => answer(client.POST('/api/v1/admin/projects', { body }))
export const updateProject = ({ slug, ...body }: Schemas['UpdateProjectRequest'] & { slug: string }) =>
  answer(client.PATCH('/api/v1/admin/projects/{slug}', { params: { path: { slug } }, body }))

export const createKey = (body: Schemas['CreateKeyRequest']) => answer(client.POST('/api/v1/admin/keys', { body }))
export const revokeKey = ({ id, ...body }: Schemas['ReasonRequest'] & { id: string }) =>
  answer(client.DELETE('/api/v1/admin/keys/{id}', { params: { path: { id } }, body }))

export const createUser = (body: Schemas['CreateUserRequest']) => answer(client.POST('/api/v1/admin/users', { body }))
export const updateUser = ({ id, ...body }: Schemas['UpdateUserRequest'] & { id: string }) =>
  answer(client.PATCH('/api/v1/admin/users/{id}', { params: { path: { id } }, body }))
export const resetPassword = ({ id, ...body }: Schemas['ReasonRequest'] & { id: string }) =>
  answer(client.POST('/api/v1/admin/users/{id}/password', { params: { path: { id } }, body }))

export const changeSetting = ({ name, ...body }: Schemas['ChangeSettingRequest'] & { name: string }) =>
  answer(client.PUT('/api/v1/admin/settings/{name}', { params: { path: { name } }, body }))
export const revertSetting = ({ name, ...body }: Schemas['RevertSettingRequest'] & { name: string }) =>
  answer(client.POST('/api/v1/admin/settings/{name}/revert', { params: { path: { name } }, body }))
export const changeRetention = (body: Schemas['RetentionChange']) => answer(client.PUT('/api/v1/admin/retention', { body }))
export const changeRedaction = ({ project, ...body }: Schemas['RedactionChange'] & { project: string | undefined }) =>
  answer(client.PUT('/api/v1/admin/redaction', { headers: ownHeaders(project), body }))
export const testRedaction = ({ project, ...body }: Schemas['RedactionTest'] & { project: string | undefined }) =>
  answer(client.POST('/api/v1/admin/redaction/test', { headers: ownHeaders(project), body }))

export const changePassword = (body: Schemas['ChangePasswordRequest']) => answer(client.POST('/api/v1/me/password', { body }))
export const endSession = (id: string) => answer(client.DELETE('/api/v1/me/sessions/{id}', { params: { path: { id } } }))
