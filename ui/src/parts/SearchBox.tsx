/** The free-text search of a list. It goes into the link when Enter is pressed. */

import { useState } from 'react'

import { Button } from '../kit/Button'
import { Icon } from '../kit/Icon'
import { one } from '../lib/search'
import type { Address } from './address'
import { SEARCH_ID } from './useRowsPage'

interface Props {
  address: Address
  /** The name in the link. */
  name: string
  label: string
  placeholder: string
  id?: string
}

export function SearchBox({ address, name, label, placeholder, id = SEARCH_ID }: Props) {
  const kept = one(address.search, name) ?? ''
  const [typed, setTyped] = useState({ kept, text: kept })
  // A link that changes by itself (Back, a chip) fills the field anew.
  if (typed.kept !== kept) setTyped({ kept, text: kept })
  const submit = () => address.change({ [name]: typed.text.trim() })
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
        onChange={(event) => setTyped({ kept, text: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
      <Button type="submit" kind="plain" label={label}>
        <Icon name="forward" />
      </Button>
    </form>
  )
}
