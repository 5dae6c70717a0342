/** Requests to the server, typed by its own description; every error becomes a `ServerError`. */

import createClient from 'openapi-fetch'

import type { components, paths } from './schema'

export type Schemas = components['schemas']
export type ErrorDetail = Schemas['ErrorDetail']

/** What the server said, or what kept it from saying anything. */
export class ServerError extends Error {
  readonly status: number
  /** `invalid`, `forbidden`, `not_found`, … as the server names it, or `unreachable`. */
  readonly kind: string
  readonly hint: string | undefined
  readonly field: string | undefined

  constructor(status: number, detail: Partial<ErrorDetail>) {
    super(detail.message ?? `the server answered ${status}`)
    this.status = status
    this.kind = detail.kind ?? 'unknown'
    this.hint = detail.hint
    this.field = detail.field
  }
}

let csrf: string | undefined

/** The proof that a change comes from our own page; known after signing in. */
export function rememberCsrf(value: string | undefined): void {
  csrf = value
}

/** Headers of one's own requests, for those who do not go through `client`. */
export function ownHeaders(project?: string): Record<string, string> {
  return {
    ...(csrf === undefined ? {} : { 'X-CSRF-Token': csrf }),
    ...(project === undefined ? {} : { 'X-Whodunit-Project': project }),
  }
}

export const client = createClient<paths>({ baseUrl: '' })

client.use({
  onRequest({ request }) {
    for (const [name, value] of Object.entries(ownHeaders())) request.headers.set(name, value)
    return request
  },
})

interface Answered<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The data of an answer; anything else is thrown as a `ServerError`. */
export async function answer<T>(asked: Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await asked.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ServerError(0, { kind: 'unreachable', message: 'the server cannot be reached' })
  })
  if (error !== undefined || !response.ok) throw new ServerError(response.status, detailOf(error))
  return data as T
}

function detailOf(body: unknown): Partial<ErrorDetail> {
  if (typeof body === 'object' && body !== null && 'error' in body) {
    const detail: unknown = body.error
    if (typeof detail === 'object' && detail !== null) return detail
  }
  return {}
}

/**
 * A list's parameters as they stand in the link: any column, several times. The description of the server cannot name
 * them one by one, so they are written by hand.
 */
export async function get<T>(path: string, parameters: Iterable<[string, string]>, options: { project?: string | undefined; signal?: AbortSignal } = {}): Promise<T> {
  const query = new URLSearchParams([...parameters]).toString()
  const { project, signal } = options
  const asked = fetch(query === '' ? path : `${path}?${query}`, {
    headers: { Accept: 'application/json', ...ownHeaders(project) },
    ...(signal === undefined ? {} : { signal }),
  }).then(async (response): Promise<Answered<T>> => {
    const body: unknown = await response.json().catch(() => undefined)
    return response.ok ? { data: body as T, response } : { error: body ?? {}, response }
  })
  return answer(asked)
}
