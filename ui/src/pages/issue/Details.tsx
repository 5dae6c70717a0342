/** The circumstances of an event: request, user and device, tags, why it is in its issue, and all that was sent. */

import type { IssueAnswer, TagValues } from '../../api/issues'
import { Copy } from '../../kit/Copy'
import { useLanguage, useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import type { Row } from '../../lib/json'
import { asText, isObject, parsedOf, text } from '../../lib/json'
import { count, percent } from '../../lib/numbers'
import { exactly } from '../../lib/search'
import type { Patch } from '../../lib/search'
import { visibleText } from '../../lib/visible'
import { TAG_PREFIX } from '../../parts/ErrorsPanel'
import { PageLink } from '../../parts/Links'
import { LongText } from './LongText'
import { ISSUE } from './text'

/** Names and values under a heading; nested ones as JSON. */
function Group({ title, values }: { title: string; values: unknown }) {
  const parsed = parsedOf(values)
  const entries = isObject(parsed) ? Object.entries(parsed) : Array.isArray(parsed) ? pairsOf(parsed) : []
  const shown = entries.filter(([, value]) => asText(value) !== undefined)
  if (shown.length === 0) return null
  return (
    <section className="issue-group">
      <h4>{title}</h4>
      <dl className="facts">
        {shown.map(([name, value], at) => (
          <div key={`${name} ${at}`} className="fact">
            <dt>
              <SafeText code>{name}</SafeText>
            </dt>
            <dd>
              <LongText>{asText(value)}</LongText>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** Headers may come as a list of names and values. */
function pairsOf(list: readonly unknown[]): [string, unknown][] {
  return list.flatMap((one) => (Array.isArray(one) && typeof one[0] === 'string' ? [[one[0], one[1]] as [string, unknown]] : []))
}

export function Request({ event }: { event: Row }) {
  const texts = useText(ISSUE)
  const parsed = parsedOf(event['request'])
  const request = isObject(parsed) ? parsed : {}
  const { headers, env, data, ...line } = request
  if (Object.keys(request).length === 0) return <p className="quiet">{texts.noRequest}</p>
  const isMany = isObject(data)
  return (
    <>
      <Group title={texts.request} values={isMany || data === undefined ? line : { ...line, data }} />
      {isMany && <Group title={texts.body} values={data} />}
      <Group title={texts.headers} values={headers} />
      <Group title={texts.serverVariables} values={env} />
    </>
  )
}

export function Surroundings({ event }: { event: Row }) {
  const texts = useText(ISSUE)
  const raw = parsedOf(event['raw'])
  const sent: Row = isObject(raw) ? raw : {}
  const parsed = parsedOf(event['contexts'])
  const contexts = isObject(parsed) ? Object.entries(parsed) : []
  return (
    <>
      <Group title={texts.user} values={sent['user']} />
      {contexts.map(([name, values]) => (
        <Group key={name} title={visibleText(name)} values={values} />
      ))}
      <Group title={texts.extra} values={sent['extra']} />
      <Group title={texts.client} values={{ sdk: event['sdk'], platform: event['platform'], user_agent: event['user_agent'] }} />
      <Group title={texts.modules} values={sent['modules']} />
    </>
  )
}

/** Browsers' SDKs name the replay of an event in it. */
const REPLAY_TAG = 'replayId'

export function Tags({ event, found, range }: { event: Row; found: IssueAnswer; range: Patch }) {
  const texts = useText(ISSUE)
  const language = useLanguage()
  const own = parsedOf(event['tags'])
  if (found.tags.length === 0) return <p className="quiet">{texts.noTags}</p>
  const replays = found.tags.find(({ name }) => name === REPLAY_TAG)?.events ?? 0
  return (
    <>
      <p className="quiet">{texts.tagsOf(count(found.tagged_events, language), found.tagged_events)}</p>
      {replays > 0 && <p className="quiet">{texts.replays(count(replays, language), replays)}</p>}
      <div className="tags">
        {found.tags.map((tag) => (
          <Tag key={tag.name} tag={tag} own={isObject(own) ? text(own, tag.name) : undefined} range={range} />
        ))}
      </div>
    </>
  )
}

function Tag({ tag, own, range }: { tag: TagValues; own: string | undefined; range: Patch }) {
  const texts = useText(ISSUE)
  const language = useLanguage()
  return (
    <section className="issue-group" aria-label={visibleText(tag.name)}>
      <h4>
        <SafeText code>{tag.name}</SafeText>
      </h4>
      <ul>
        {tag.values.map(({ value, events }) => (
          <li key={value} className="tag-value">
            <span className="tag-share" aria-hidden="true" style={{ inlineSize: `${(events / Math.max(1, tag.events)) * 100}%` }} />
            <span className="tag-name">
              <PageLink to="/errors" search={{ ...range, status: 'all', [`${TAG_PREFIX}${tag.name}`]: exactly(value) }}>
                <SafeText>{value === '' ? texts.emptyValue : value}</SafeText>
              </PageLink>{' '}
              {value === own && <span className="mark tone-info">{texts.thisEvent}</span>}
            </span>
            <span className="facet-count">
              {count(events, language)} · {percent(events / Math.max(1, tag.events))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

export function Grouping({ found: { grouping } }: { found: IssueAnswer }) {
  const texts = useText(ISSUE)
  return (
    <section>
      <p>{texts.groupingBody}</p>
      <dl className="facts">
        <div className="fact">
          <dt>{texts.algorithm}</dt>
          <dd>
            <SafeText code>{grouping.algorithm}</SafeText>
          </dd>
        </div>
        <div className="fact">
          <dt>{texts.fingerprint}</dt>
          <dd>
            <Copy value={grouping.fingerprint} label={texts.fingerprint} />
          </dd>
        </div>
      </dl>
      <pre className="issue-raw" dir="ltr" tabIndex={0} aria-label={texts.grouping}>
        {visibleText(grouping.explanation)}
      </pre>
    </section>
  )
}

export function Raw({ event }: { event: Row }) {
  const texts = useText(ISSUE)
  return (
    <pre className="issue-raw" dir="ltr" tabIndex={0} aria-label={texts.raw}>
      {visibleText(JSON.stringify(parsedOf(event['raw']) ?? event, null, 2))}
    </pre>
  )
}
