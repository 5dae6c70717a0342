/** A field for a query with suggestions; a plain one until that with suggestions is loaded. */

import { lazy, Suspense, useRef } from 'react'

export interface Suggestion {
  text: string
  detail?: string
  /** A name, behind which a value is typed at once. */
  goesOn: boolean
}

/** What fits at the caret, in place of the text from `from` on. `isAsked`: the person asked for it with a key. */
export type Suggest = (text: string, caret: number, isAsked: boolean) => Promise<{ from: number; options: Suggestion[] } | undefined>

export interface QueryFieldProps {
  id: string
  label: string
  placeholder: string
  value: string
  onChange: (value: string) => void
  onSubmit: () => void
  suggest: Suggest
  isWrong: boolean
  /** Id of the text that says what is wrong. */
  describedBy: string
}

const QueryInput = lazy(() => import('./QueryInput'))

export function QueryField(props: QueryFieldProps) {
  const hasFocus = useRef(false)
  return (
    <Suspense fallback={<PlainField {...props} onFocus={(has) => (hasFocus.current = has)} />}>
      <QueryInput {...props} hadFocus={hasFocus} />
    </Suspense>
  )
}

function PlainField({ id, label, placeholder, value, onChange, onSubmit, isWrong, describedBy, onFocus }: QueryFieldProps & { onFocus: (has: boolean) => void }) {
  return (
    <input
      id={id}
      className="input"
      type="search"
      dir="auto"
      aria-label={label}
      aria-invalid={isWrong}
      aria-describedby={describedBy}
      placeholder={placeholder}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onFocus={() => onFocus(true)}
      onBlur={() => onFocus(false)}
      onKeyDown={(event) => event.key === 'Enter' && onSubmit()}
    />
  )
}
