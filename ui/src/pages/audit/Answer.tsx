/** The answer to a question in plain words: a sentence, how it was read, the SQL that ran, and the rows. */

import { useQuery } from '@tanstack/react-query'

import { askQuery } from '../../api/ask'
import { Button } from '../../kit/Button'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { Time } from '../../kit/Time'
import { asText } from '../../lib/json'
import { zoneName } from '../../lib/zone'
import type { Address } from '../../parts/address'
import { Failure } from '../../parts/Failure'
import { AUDIT } from './text'

export function Answer({ question, address }: { question: string; address: Address }) {
  const texts = useText(AUDIT)
  const asked = useQuery(askQuery(question, address.project, zoneName(address.zone)))
  if (asked.isPending) return <Loading lines={2} />
  if (asked.isError) return <Failure error={asked.error} onRetry={() => void asked.refetch()} />
  const answer = asked.data
  return (
    <section className="card answer" aria-live="polite">
      <p className="answer-sentence">
        <SafeText>{answer.sentence}</SafeText>
      </p>
      {!answer.understood && <p>{texts.notUnderstood}</p>}
      {(answer.suggestions ?? []).length > 0 && (
        <ul className="chips">
          {(answer.suggestions ?? []).map((one) => (
            <li key={one.question}>
              <Button onPress={() => address.change({ ask: one.question })}>{one.question}</Button>
            </li>
          ))}
        </ul>
      )}
      {answer.understood && (
        <details>
          <summary>
            {texts.readAs}: <SafeText>{answer.read_as}</SafeText>
          </summary>
          <h3>{texts.sql}</h3>
          <pre dir="ltr" tabIndex={0}>{answer.sql.join(';\n')}</pre>
        </details>
      )}
      {answer.rows.length > 0 && <AnswerTable columns={answer.columns} rows={answer.rows} label={question} />}
    </section>
  )
}

interface TableProps {
  columns: readonly { name: string; type: string }[]
  rows: readonly unknown[][]
  label: string
}

function AnswerTable({ columns, rows, label }: TableProps) {
  return (
    <div className="answer-table" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col">
                <bdi dir="ltr">{column.name}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {columns.map((column, index) => (
                <td key={column.name}>
                  {column.type === 'time' ? <Time value={asText(row[index]) ?? ''} /> : <SafeText>{asText(row[index])}</SafeText>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
