/** A query that is typed, with suggestions: filters become chips and go into the link, words stay in the field. */

import { useCallback, useState } from 'react'

import type { Parameters as Asked } from '../api/lists'
import { Icon } from '../kit/Icon'
import { useText } from '../kit/language'
import { QueryField } from '../kit/QueryField'
import type { Suggest, Suggestion } from '../kit/QueryField'
import { SafeText } from '../kit/SafeText'
import type { Fault } from '../lib/query'
import { placeAt, readQuery, writtenValue } from '../lib/query'
import { addedFilters, one } from '../lib/search'
import type { Address } from './address'
import { rangeParameters } from './address'
import { QUERY } from './query-text'
import { SEARCH_ID } from './useRowsPage'

interface Props {
  address: Address
  label: string
  placeholder: string
  suggest: Suggest
  /** What else of the link changes when something else is asked. */
  also?: Parameters<Address['change']>[0]
}

const WRONG_ID = 'query-wrong'

export function FilterQuery({ address, label, placeholder, suggest, also = {} }: Props) {
  const faults = useText(QUERY)
  const kept = one(address.search, 'q') ?? ''
  const [typed, setTyped] = useState({ kept, text: kept })
  const [wrong, setWrong] = useState<{ part: string; fault: Fault } | undefined>()
  // A link that changes by itself (Back, a chip) fills the field anew.
  if (typed.kept !== kept) setTyped({ kept, text: kept })
  const submit = () => {
    const read = readQuery(typed.text)
    if (read.kind === 'wrong') {
      setWrong(read)
      return
    }
    setWrong(undefined)
    const { words, filters } = read.typed
    address.change({ ...addedFilters(address.search, filters), q: words, ...also })
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
      <QueryField
        id={SEARCH_ID}
        label={label}
        placeholder={placeholder}
        value={typed.text}
        onChange={(text) => {
          setTyped({ kept, text })
          setWrong(undefined)
        }}
        onSubmit={submit}
        suggest={suggest}
        isWrong={wrong !== undefined}
        describedBy={WRONG_ID}
      />
      <p id={WRONG_ID} className="field-error query-wrong" role="alert">
        {wrong !== undefined && (
          <>
            <SafeText code>{wrong.part}</SafeText> {faults.fault(wrong.fault)}
          </>
        )}
      </p>
    </form>
  )
}

const SUGGESTED_MAX = 12

/** Where names and values of filters come from, for the rows of the present filter and range. */
export interface Known {
  names: (asked: Asked) => Promise<readonly { name: string; detail?: string }[]>
  /** With how often each is there. */
  values: (name: string, asked: Asked) => Promise<readonly { value: string; detail: string }[]>
}

export function useKnownSuggestions(address: Address, { names, values }: Known): Suggest {
  const { parameters, range, zone } = address
  return useCallback(
    async (text, caret, isAsked) => {
      const place = placeAt(text, caret)
      if (place.kind === 'phrase' || (place.kind === 'name' && place.typed === '' && !isAsked)) return undefined
      const wanted = place.typed.toLowerCase()
      // To the minute, so that what was asked for once is known for a while.
      const now = Math.floor(Date.now() / 60_000) * 60_000
      const asked: Asked = [...parameters, ...rangeParameters(range, now, zone)]
      if (place.kind === 'name') {
        const fitting = (await names(asked)).filter(({ name }) => name.toLowerCase().includes(wanted))
        return { from: place.from, options: fitting.slice(0, SUGGESTED_MAX).map(({ name, detail }): Suggestion => ({ text: name, ...(detail === undefined ? {} : { detail }), goesOn: true })) }
      }
      // A field that is filtered by already has other values, too.
      const others = asked.filter(([name]) => name !== place.name)
      const options = (await values(place.name, others)).flatMap(({ value, detail }) => {
        const written = writtenValue(value)
        return written?.toLowerCase().includes(wanted) === true ? [{ text: written, detail, goesOn: false }] : []
      })
      return { from: place.from, options: options.slice(0, SUGGESTED_MAX) }
    },
    [names, values, parameters, range, zone],
  )
}
