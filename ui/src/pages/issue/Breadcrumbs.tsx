/** What the application noted before it broke, the last first. */

import { useState } from 'react'

import { TextField } from '../../kit/Fields'
import { useLanguage, useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Table } from '../../kit/Table'
import { Time } from '../../kit/Time'
import { rfc3339 } from '../../lib/instant'
import type { Row } from '../../lib/json'
import { asText, number, text } from '../../lib/json'
import { count } from '../../lib/numbers'
import { SeverityMark } from '../../parts/Marks'
import { LongText } from './LongText'
import { ISSUE } from './text'

export function Breadcrumbs({ crumbs }: { crumbs: readonly Row[] }) {
  const texts = useText(ISSUE)
  const language = useLanguage()
  const [wanted, setWanted] = useState('')
  if (crumbs.length === 0) return <p className="quiet">{texts.noBreadcrumbs}</p>
  const word = wanted.trim().toLowerCase()
  const found = [...crumbs].reverse().filter((crumb) => JSON.stringify(crumb).toLowerCase().includes(word))
  return (
    <>
      <TextField label={texts.findBreadcrumb} value={wanted} onChange={setWanted} type="search" />
      <p className="quiet" role="status">
        {texts.breadcrumbsFound(count(found.length, language), count(crumbs.length, language))}
      </p>
      <Table label={texts.breadcrumbs} heads={[texts.when, texts.category, texts.level, texts.said]}>
        {found.map((crumb, at) => (
          <Crumb key={at} crumb={crumb} />
        ))}
      </Table>
    </>
  )
}

function Crumb({ crumb }: { crumb: Row }) {
  const time = timeOf(crumb)
  const data = asText(crumb['data'])
  return (
    <tr>
      <td>{time !== undefined && <Time value={time} precision="millisecond" timeOnly />}</td>
      <td className="crumb-category">
        <SafeText code>{text(crumb, 'category') ?? text(crumb, 'type')}</SafeText>
      </td>
      <td>
        <SeverityMark severity={(text(crumb, 'level') ?? 'info').toUpperCase()} />
      </td>
      <td className="crumb-said">
        <LongText>{text(crumb, 'message')}</LongText>
        {data !== undefined && data !== '{}' && (
          <div className="quiet">
            <LongText code>{data}</LongText>
          </div>
        )}
      </td>
    </tr>
  )
}

/** Clients send RFC 3339, or seconds since 1970. */
function timeOf(crumb: Row): string | undefined {
  const seconds = number(crumb, 'timestamp')
  return seconds === undefined ? text(crumb, 'timestamp') : rfc3339(seconds * 1000)
}
