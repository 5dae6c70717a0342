/** What the store holds by table, project and tier, how it grows, and how long the disk lasts. */

import { useQuery } from '@tanstack/react-query'

import { storageQuery } from '../../api/holdings'
import type { StorageAnswer } from '../../api/holdings'
import { useLanguage, useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Time } from '../../kit/Time'
import { bytes, count } from '../../lib/numbers'
import { summed } from '../../lib/rates'
import { isolated } from '../../lib/visible'
import { useAddress } from '../../parts/address'
import { Failure } from '../../parts/Failure'
import { HOLDINGS } from './holdings-text'
import './holdings.css'

export function Storage() {
  const texts = useText(HOLDINGS)
  const { project } = useAddress()
  const storage = useQuery(storageQuery(project))
  return (
    <section className="card">
      <h2>{texts.storage}</h2>
      {storage.isPending ? (
        <Loading lines={3} />
      ) : storage.isError ? (
        <Failure error={storage.error} onRetry={() => void storage.refetch()} />
      ) : (
        <>
          <Outlook storage={storage.data} />
          {storage.data.parts.length === 0 ? <p className="quiet">{texts.nothingHeld}</p> : <Parts storage={storage.data} />}
        </>
      )}
    </section>
  )
}

/** The figures of the whole store. */
function Outlook({ storage }: { storage: StorageAnswer }) {
  const texts = useText(HOLDINGS)
  const language = useLanguage()
  const waiting = storage.buffered.reduce((sum, { rows }) => sum + rows, 0)
  const uploads = storage.uploads.reduce((sum, one) => ({ files: sum.files + one.files, bytes: sum.bytes + one.bytes }), { files: 0, bytes: 0 })
  const { days_left: daysLeft, growth_bytes_per_day: growth } = storage
  return (
    <dl className="facts holdings-facts">
      <Fact title={texts.daysLeft}>
        <strong>{daysLeft === undefined ? texts.cannotSay : texts.days(count(daysLeft, language), daysLeft)}</strong>
        <p className="quiet">
          {texts.because} <Because storage={storage} />
        </p>
      </Fact>
      <Fact title={texts.growth}>{growth === undefined ? texts.unknownYet : <bdi dir="ltr">{bytes(growth)}</bdi>}</Fact>
      {storage.disks.map(({ place, free_bytes: free, total_bytes: total, reserve_bytes: reserve }) => (
        <Fact key={place} title={texts.disk(place)}>
          {texts.free(isolated(bytes(free)), isolated(bytes(total)), isolated(bytes(reserve)))}
          <span className="disk" aria-hidden="true">
            <span className="disk-used" style={{ inlineSize: `${total === 0 ? 0 : ((total - free) / total) * 100}%` }} />
          </span>
        </Fact>
      ))}
      <Fact title={texts.wal}>
        <bdi dir="ltr">{bytes(storage.wal_bytes)}</bdi>
      </Fact>
      <Fact title={texts.uploads}>
        {texts.uploaded(count(uploads.files, language), uploads.files)} <bdi dir="ltr">{bytes(uploads.bytes)}</bdi>
        {storage.uploads.length > 1 && (
          <ul className="quiet">
            {storage.uploads.map((one) => (
              <li key={one.project}>
                <SafeText code>{one.project}</SafeText> <bdi dir="ltr">{bytes(one.bytes)}</bdi>
              </li>
            ))}
          </ul>
        )}
      </Fact>
      <Fact title={texts.waiting}>{texts.waitingRows(count(waiting, language), waiting)}</Fact>
    </dl>
  )
}

/** In the language of the page, from figures and code. */
function Because({ storage }: { storage: StorageAnswer }) {
  const texts = useText(HOLDINGS)
  const days = storage.growth.reduce((most, one) => Math.max(most, one.days), 0)
  const said = storage.days_left_because
  return <SafeText>{storage.days_left === undefined ? texts.noDays(storage.days_left_code, said) : texts.playedForward(days, said)}</SafeText>
}

function Fact({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div className="fact">
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Parts({ storage }: { storage: StorageAnswer }) {
  const texts = useText(HOLDINGS)
  const language = useLanguage()
  const tiers = summed(storage.parts, ({ tier }) => tier)
  return (
    <div className="scrolled" tabIndex={0} role="region" aria-label={texts.storage}>
      <table>
        <thead>
          <tr>
            {[texts.table, texts.project, texts.tier, texts.size, texts.rows, texts.segments, texts.oldest, texts.newest, texts.growth].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {storage.parts.map((part) => (
            <tr key={`${part.table} ${part.project} ${part.tier}`}>
              <th scope="row">
                <bdi dir="ltr">{part.table}</bdi>
              </th>
              <td>
                <SafeText code>{part.project}</SafeText>
              </td>
              <td>{texts.tiers(part.tier)}</td>
              <Sizes part={part} />
              <td>
                <Time value={part.oldest} precision="minute" />
              </td>
              <td>
                <Time value={part.newest} precision="minute" />
              </td>
              <td>
                <Growth storage={storage} table={part.table} project={part.project} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          {tiers.length > 1 &&
            tiers.map((tier) => (
              <tr key={tier.name}>
                <th scope="row" colSpan={2}>
                  {texts.total}
                </th>
                <td>{texts.tiers(tier.name)}</td>
                <Sizes part={tier} />
                <td colSpan={3} />
              </tr>
            ))}
          <tr className="holdings-total">
            <th scope="row" colSpan={3}>
              {texts.total}
            </th>
            <td>
              <bdi dir="ltr">{bytes(storage.bytes)}</bdi>
            </td>
            <td>{count(storage.rows, language)}</td>
            <td>{count(storage.segments, language)}</td>
            <td colSpan={3} />
          </tr>
        </tfoot>
      </table>
    </div>
  )
}

function Sizes({ part }: { part: { bytes: number; rows: number; segments: number } }) {
  const language = useLanguage()
  return (
    <>
      <td>
        <bdi dir="ltr">{bytes(part.bytes)}</bdi>
      </td>
      <td>{count(part.rows, language)}</td>
      <td>{count(part.segments, language)}</td>
    </>
  )
}

/** Of a table and project: the same in each of its tiers. */
function Growth({ storage, table, project }: { storage: StorageAnswer; table: string; project: string }) {
  const texts = useText(HOLDINGS)
  const found = storage.growth.find((one) => one.table === table && one.project === project)
  if (found?.bytes_per_day === undefined) return <span className="quiet">{texts.unknownYet}</span>
  return (
    <>
      <bdi dir="ltr">{bytes(found.bytes_per_day)}</bdi> <span className="quiet">{texts.readFrom(found.days)}</span>
    </>
  )
}
