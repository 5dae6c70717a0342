/** The free-text search of a list. It goes into the link when Enter is pressed; filters among the words become chips. */

import { useState } from 'react'

import { Button } from '../kit/Button'
import { Icon } from '../kit/Icon'
import { useText } from '../kit/language'
import { SafeText } from '../kit/SafeText'
import type { Fault } from '../lib/query'
import { readQuery } from '../lib/query'
import { addedFilters, one } from '../lib/search'
import type { Address } from './address'
import { QUERY } from './query-text'
import { SEARCH_ID } from './useRowsPage'

interface Props {
  address: Address
  /** The name in the link. */
  name: string
  label: string
  placeholder: string
  id?: string
  /** Whether `level=ERROR` is a filter, as in the query of log lines. */
  takesFilters?: boolean
}

const WRONG_ID = 'search-wrong'

export function SearchBox({ address, name, label, placeholder, id = SEARCH_ID, takesFilters = false }: Props) {
  const texts = useText(QUERY)
  const kept = one(address.search, name) ?? ''
  const [typed, setTyped] = useState({ kept, text: kept })
  const [wrong, setWrong] = useState<{ part: string; fault: Fault } | undefined>()
  // A link that changes by itself (Back, a chip) fills the field anew.
  if (typed.kept !== kept) setTyped({ kept, text: kept })
  const submit = () => {
    if (!takesFilters) {
      address.change({ [name]: typed.text.trim() })
      return
    }
    const read = readQuery(typed.text)
    if (read.kind === 'wrong') {
      setWrong(read)
      return
    }
    const { words, filters } = read.typed
    address.change({ ...addedFilters(address.search, filters), [name]: words })
    setTyped({ kept: words, text: words })
  }
  return (
    <form
      className="search-box"
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Icon name="search" />
      <input
        id={id}
        className="input"
        type="search"
        aria-label={label}
        placeholder={placeholder}
        dir="auto"
        value={typed.text}
        aria-invalid={wrong !== undefined}
        {...(takesFilters ? { 'aria-describedby': WRONG_ID } : {})}
        onChange={(event) => {
          setTyped({ kept, text: event.target.value })
          setWrong(undefined)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
      <Button type="submit" kind="plain" label={label}>
        <Icon name="forward" />
      </Button>
      {takesFilters && (
        <p id={WRONG_ID} className="field-error query-wrong" role="alert">
          {wrong !== undefined && (
            <>
              <SafeText code>{wrong.part}</SafeText> {texts.fault(wrong.fault)}
            </>
          )}
        </p>
      )}
    </form>
  )
}
