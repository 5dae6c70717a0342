/** Before and after of fields: one below the other or side by side, unchanged ones hidden, secrets as sealed. */

import { useState } from 'react'

import { Switch } from '../kit/Fields'
import { Icon } from '../kit/Icon'
import { useText } from '../kit/language'
import { SafeText } from '../kit/SafeText'
import { catalogue } from '../lib/language'
import type { Change } from '../lib/changes'
import { flattened, isUnchanged, SEALED, shown, words } from '../lib/changes'
import './diff.css'

const DIFF = catalogue(
  {
    field: 'Field',
    before: 'Before',
    after: 'After',
    beforeAfter: 'Before → after',
    sealed: 'sealed: a secret that was never stored',
    nothing: 'nothing',
    sideBySide: 'Side by side',
    unchanged: (count: number) => `Show ${count} unchanged`,
    none: 'The entry holds no changes of fields.',
  },
  {
    field: 'שדה',
    before: 'לפני',
    after: 'אחרי',
    beforeAfter: 'לפני ← אחרי',
    sealed: 'חתום: סוד שמעולם לא נשמר',
    nothing: 'ריק',
    sideBySide: 'זה לצד זה',
    unchanged: (count: number) => `הצגת ${count} ללא שינוי`,
    none: 'אין ברשומה שינויי שדות.',
  },
)

export function DiffView({ changes }: { changes: readonly Change[] }) {
  const texts = useText(DIFF)
  const [sideBySide, setSideBySide] = useState(true)
  const [withUnchanged, setWithUnchanged] = useState(false)
  const all = flattened(changes)
  const unchanged = all.filter(isUnchanged).length
  if (all.length === 0) return <p className="quiet">{texts.none}</p>
  const rows = withUnchanged ? all : all.filter((change) => !isUnchanged(change))
  return (
    <section>
      <div className="diff-switches">
        <Switch isOn={sideBySide} onChange={setSideBySide}>
          {texts.sideBySide}
        </Switch>
        {unchanged > 0 && (
          <Switch isOn={withUnchanged} onChange={setWithUnchanged}>
            {texts.unchanged(unchanged)}
          </Switch>
        )}
      </div>
      <table className="diff">
        <thead>
          <tr>
            <th scope="col">{texts.field}</th>
            {sideBySide ? (
              <>
                <th scope="col">{texts.before}</th>
                <th scope="col">{texts.after}</th>
              </>
            ) : (
              <th scope="col">{texts.beforeAfter}</th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((change) => (
            <tr key={change.field}>
              <th scope="row">
                <SafeText code>{change.field}</SafeText>
              </th>
              {sideBySide ? (
                <>
                  <td>
                    <Value value={change.before} kind="removed" />
                  </td>
                  <td>
                    <Value value={change.after} kind="added" />
                  </td>
                </>
              ) : (
                <td>
                  <Inline change={change} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Inline({ change }: { change: Change }) {
  const pieces = words(change)
  if (pieces === undefined) {
    return (
      <>
        <Value value={change.before} kind="removed" />
        <Value value={change.after} kind="added" />
      </>
    )
  }
  return (
    <p className="diff-words">
      {pieces.map((piece, at) => {
        const text = <SafeText>{piece.text}</SafeText>
        if (piece.kind === 'added') return <ins key={at}>{text}</ins>
        return piece.kind === 'removed' ? <del key={at}>{text}</del> : <span key={at}>{text}</span>
      })}
    </p>
  )
}

function Value({ value, kind }: { value: unknown; kind: 'added' | 'removed' }) {
  const texts = useText(DIFF)
  const text = shown(value)
  if (text === SEALED) {
    return (
      <span className="sealed">
        <Icon name="sealed" /> {texts.sealed}
      </span>
    )
  }
  if (text === '') return <span className="quiet">{texts.nothing}</span>
  const sign = kind === 'added' ? '+' : '−'
  return (
    <div className={`diff-value ${kind}`}>
      <span aria-hidden="true">{sign}</span> <SafeText>{text}</SafeText>
    </div>
  )
}
