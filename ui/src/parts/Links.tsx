/** Links from a record to everything about its actor, its target or its request. */

import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import { useText } from '../kit/language'
import { SafeText } from '../kit/SafeText'
import type { Row } from '../lib/json'
import { text } from '../lib/json'
import { patched } from '../lib/search'
import type { Patch } from '../lib/search'
import { useAddress } from './address'
import { PARTS } from './text'

interface PageLinkProps {
  to: string
  search: Patch
  children: ReactNode
  className?: string
  /** It leads to where one is. */
  isCurrent?: boolean
}

/** A page within another one is not that one. */
const EXACT = { exact: true }

/** A link to another page of the same project and zone. */
export function PageLink({ to, search, children, className, isCurrent = false }: PageLinkProps) {
  const address = useAddress()
  const carried: Patch = { project: address.search['project'], zone: address.search['zone'] }
  return (
    <Link to={to} search={patched({}, { ...carried, ...search })} activeOptions={EXACT} className={className ?? 'link'} {...(isCurrent ? { 'aria-current': 'page' } : {})}>
      {children}
    </Link>
  )
}

export function actorOf(row: Row): string | undefined {
  return text(row, 'actor_email') ?? text(row, 'actor_name') ?? text(row, 'actor_id')
}

export function ActorLink({ row }: { row: Row }) {
  const texts = useText(PARTS)
  const shown = actorOf(row)
  const asked = text(row, 'actor_email') ?? text(row, 'actor_id')
  if (shown === undefined) return <span className="quiet">{texts.anonymous}</span>
  if (asked === undefined) return <SafeText>{shown}</SafeText>
  return (
    <PageLink to="/timeline" search={{ actor: asked, from: 'now-24h' }}>
      <SafeText>{shown}</SafeText>
    </PageLink>
  )
}

/** To the issue of an error event, at that event. Events may be older than what the page looks at by itself. */
export function ErrorLink({ row, children, className }: { row: Row; children: ReactNode; className?: string }) {
  const issue = text(row, 'issue_id')
  if (issue === undefined) return null
  return (
    <PageLink to={`/errors/${issue}`} search={{ event: text(row, 'event_id'), from: 'now-30d' }} {...(className === undefined ? {} : { className })}>
      {children}
    </PageLink>
  )
}

export function targetOf(row: Row): string | undefined {
  const [type, id] = [text(row, 'target_type'), text(row, 'target_id')]
  if (id === undefined) return type
  return type === undefined ? id : `${type}:${id}`
}

export function TargetLink({ row }: { row: Row }) {
  const target = targetOf(row)
  if (target === undefined) return null
  const name = text(row, 'target_name')
  return (
    <PageLink to="/timeline" search={{ target, from: 'now-30d' }}>
      <SafeText code>{target}</SafeText>
      {name !== undefined && (
        <>
          {' '}
          <SafeText>{name}</SafeText>
        </>
      )}
    </PageLink>
  )
}
