/** Who is signed in, and what that allows. */

import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import type { Schemas } from './client'
import { answer, client, rememberCsrf, ServerError } from './client'

export type Me = Schemas['MeAnswer']

export const ROLES = ['owner', 'admin', 'member', 'auditor', 'viewer'] as const
export type Role = (typeof ROLES)[number]

/** `undefined` for a stranger. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  staleTime: 60_000,
  retry: false,
  queryFn: async (): Promise<Me | null> => {
    try {
      const me = await answer(client.GET('/api/v1/session'))
      rememberCsrf(me.csrf)
      return me
    } catch (error) {
      if (error instanceof ServerError && error.status === 401) return null
      throw error
    }
  },
})

export function useMe(): Me | undefined {
  return useQuery(meQuery).data ?? undefined
}

/** What an operation of the server asks of its caller. */
export type Permission = 'read_telemetry' | 'read_audit' | 'edit' | 'administer' | 'manage_users'

export function may(me: Me | undefined, permission: Permission): boolean {
  return me?.permissions.includes(permission) ?? false
}

export function useSignIn() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: Schemas['SignInRequest']) => answer(client.POST('/api/v1/session', { body })),
    onSuccess: async ({ csrf }) => {
      rememberCsrf(csrf)
      await queries.invalidateQueries()
    },
  })
}

export function useSetUp() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: Schemas['SetUpRequest']) => answer(client.POST('/api/v1/setup', { body })),
    onSuccess: async ({ csrf }) => {
      rememberCsrf(csrf)
      await queries.invalidateQueries()
    },
  })
}

export function useSignOut() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => answer(client.DELETE('/api/v1/session')),
    onSuccess: () => {
      rememberCsrf(undefined)
      queries.clear()
    },
  })
}
