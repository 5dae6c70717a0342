/** Who had the most errors. */

import type { AffectedUser } from '../../api/issues'
import { useLanguage, useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Table } from '../../kit/Table'
import { Ago } from '../../kit/Time'
import { count } from '../../lib/numbers'
import { visibleText } from '../../lib/visible'
import { ANALYTICS } from './text'

export function TopUsers({ users, onOnly }: { users: readonly AffectedUser[]; onOnly: (user: string) => void }) {
  const texts = useText(ANALYTICS)
  const language = useLanguage()
  return (
    <section className="analytics-part">
      <h3>{texts.topUsers}</h3>
      {users.length === 0 ? (
        <p className="quiet">{texts.noUsers}</p>
      ) : (
        <Table label={texts.topUsers} heads={[texts.user, texts.events, texts.issues, texts.lastSeen]}>
          {users.map((one) => (
            <tr key={one.user}>
              <th scope="row" className="analytics-name">
                <button type="button" className="legend-name" aria-label={texts.only(visibleText(one.email ?? one.name ?? one.user))} onClick={() => onOnly(one.user)}>
                  <SafeText>{one.email ?? one.name ?? one.user}</SafeText>
                </button>
                {(one.email ?? one.name) !== undefined && one.email !== one.user && (
                  <SafeText code className="quiet">
                    {one.user}
                  </SafeText>
                )}
              </th>
              <td>{count(one.events, language)}</td>
              <td>{count(one.issues, language)}</td>
              <td>
                <Ago value={one.last_seen} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  )
}
