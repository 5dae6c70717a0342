/**
 * Exceptions and frames of an error event, as Sentry's clients send them, read with tolerance: what is not there is
 * `undefined`, and what is of another form is passed over.
 */

import type { Row } from './json'
import { asText, isObject, number, parsedOf, text } from './json'

export interface Frame {
  function: string | undefined
  module: string | undefined
  /** As the client names it; `path` is where it lies. */
  file: string | undefined
  path: string | undefined
  line: number | undefined
  column: number | undefined
  /** Of the application, and not of a library. */
  isOwn: boolean
  /** Source lines with their numbers; the one that ran is `line`. */
  source: { number: number; text: string }[]
  variables: [string, unknown][]
}

export interface Exception {
  type: string | undefined
  value: string | undefined
  module: string | undefined
  /** How it was caught: `logging`, `onerror`. */
  mechanism: string | undefined
  handled: boolean | undefined
  /** The innermost call first. */
  frames: Frame[]
}

/** Paths of libraries in languages whose clients call every frame the application's, or say nothing. */
const LIBRARY = /(^|[/\\])(site-packages|dist-packages|node_modules|vendor|gems|\.cargo[/\\]registry|registry[/\\]src|git[/\\]checkouts|rustc|rustlib)[/\\]|^node:|^<frozen |[/\\]lib[/\\]python\d/

/** What was thrown first, and then its causes. */
export function exceptionsOf(event: Row): Exception[] {
  const exceptions = listOf(event['exception']).map(exception)
  if (exceptions.length > 0) return exceptions.reverse()
  const frames = looseFrames(event)
  return frames.length === 0 ? [] : [{ type: undefined, value: undefined, module: undefined, mechanism: undefined, handled: undefined, frames }]
}

/** A list, or an object whose `values` are one. */
export function listOf(value: unknown): Row[] {
  const parsed = parsedOf(value)
  const list = isObject(parsed) ? parsed['values'] : parsed
  return Array.isArray(list) ? list.filter(isObject) : []
}

/** Of a message that came with a stack. */
function looseFrames(event: Row): Frame[] {
  const raw = parsedOf(event['raw'])
  if (!isObject(raw)) return []
  const own = framesOf(raw['stacktrace'])
  if (own.length > 0) return own
  return listOf(raw['threads']).map((thread) => framesOf(thread['stacktrace'])).find((frames) => frames.length > 0) ?? []
}

function exception(row: Row): Exception {
  const mechanism = isObject(row['mechanism']) ? row['mechanism'] : {}
  return {
    type: text(row, 'type'),
    value: text(row, 'value'),
    module: text(row, 'module'),
    mechanism: text(mechanism, 'type'),
    handled: typeof mechanism['handled'] === 'boolean' ? mechanism['handled'] : undefined,
    frames: framesOf(row['stacktrace']),
  }
}

function framesOf(stacktrace: unknown): Frame[] {
  const frames = isObject(stacktrace) ? stacktrace['frames'] : undefined
  return Array.isArray(frames) ? frames.filter(isObject).map(frame).reverse() : []
}

function frame(row: Row): Frame {
  const line = number(row, 'lineno')
  const [file, path] = [text(row, 'filename'), text(row, 'abs_path')]
  const variables = isObject(row['vars']) ? Object.entries(row['vars']) : []
  return {
    function: text(row, 'function'),
    module: text(row, 'module'),
    file: file ?? path,
    path,
    line,
    column: number(row, 'colno'),
    isOwn: row['in_app'] !== false && !LIBRARY.test(path ?? file ?? ''),
    source: line === undefined ? [] : source(row, line),
    variables,
  }
}

function source(row: Row, line: number): Frame['source'] {
  const [before, at, after] = [linesOf(row['pre_context']), text(row, 'context_line'), linesOf(row['post_context'])]
  if (at === undefined) return []
  return [...before, at, ...after].map((one, index) => ({ number: line - before.length + index, text: one }))
}

function linesOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map((one) => asText(one) ?? '') : []
}

/** Frames of the application, each open on its own, and those of libraries between them as one. */
export type FrameGroup = { kind: 'own'; frame: Frame } | { kind: 'library'; frames: Frame[] }

/** Without any frame of the application the innermost one stands for it. */
export function grouped(frames: readonly Frame[]): FrameGroup[] {
  const none = frames.every((one) => !one.isOwn)
  const groups: FrameGroup[] = []
  frames.forEach((one, at) => {
    const last = groups.at(-1)
    if (one.isOwn || (none && at === 0)) groups.push({ kind: 'own', frame: one })
    else if (last?.kind === 'library') last.frames.push(one)
    else groups.push({ kind: 'library', frames: [one] })
  })
  return groups
}

/** `file:line:column`, as far as it is known. */
export function placeOf({ file, line, column }: Frame): string {
  return [file ?? '?', line, column].filter((part) => part !== undefined).join(':')
}

/** All of it as text, to be pasted elsewhere. */
export function stackText(exceptions: readonly Exception[]): string {
  return exceptions
    .map(({ type, value, frames }) => {
      const head = [type, value].filter((part) => part !== undefined).join(': ')
      const lines = frames.map((one) => `    at ${one.function ?? '?'} (${placeOf(one)})`)
      return [...(head === '' ? [] : [head]), ...lines].join('\n')
    })
    .join('\ncaused by: ')
}
