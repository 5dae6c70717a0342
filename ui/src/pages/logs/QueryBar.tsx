/** The query of the log explorer: filters become chips and go into the link, words stay in the field. */

import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'

import type { Parameters } from '../../api/lists'
import { fieldsQuery, valuesQuery } from '../../api/lists'
import { Icon } from '../../kit/Icon'
import { useLanguage, useText } from '../../kit/language'
import { QueryField } from '../../kit/QueryField'
import type { Suggest } from '../../kit/QueryField'
import { SafeText } from '../../kit/SafeText'
import { asText } from '../../lib/json'
import { count, percent } from '../../lib/numbers'
import type { Fault } from '../../lib/query'
import { placeAt, readQuery, writtenValue } from '../../lib/query'
import { addedFilters, one } from '../../lib/search'
import type { Address } from '../../parts/address'
import { rangeParameters } from '../../parts/address'
import { QUERY } from '../../parts/query-text'
import { SEARCH_ID } from '../../parts/useRowsPage'
import { isFiltered } from './fields'
import { LOGS } from './text'

const WRONG_ID = 'query-wrong'

export function QueryBar({ address }: { address: Address }) {
  const texts = useText(LOGS)
  const faults = useText(QUERY)
  const kept = one(address.search, 'q') ?? ''
  const [typed, setTyped] = useState({ kept, text: kept })
  const [wrong, setWrong] = useState<{ part: string; fault: Fault } | undefined>()
  // A link that changes by itself (Back, a chip) fills the field anew.
  if (typed.kept !== kept) setTyped({ kept, text: kept })
  const suggest = useSuggestions(address)
  const submit = () => {
    const read = readQuery(typed.text)
    if (read.kind === 'wrong') {
      setWrong(read)
      return
    }
    setWrong(undefined)
    const { words, filters } = read.typed
    address.change({ ...addedFilters(address.search, filters), q: words, open: undefined })
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
        label={texts.search}
        placeholder={texts.searchHint}
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

/** Names of fields and their values, as the lines of the present filter and range have them. */
function useSuggestions(address: Address): Suggest {
  const queries = useQueryClient()
  const language = useLanguage()
  const { project, parameters, range, zone } = address
  return useCallback(
    async (text, caret, isAsked) => {
      const place = placeAt(text, caret)
      if (place.kind === 'phrase' || (place.kind === 'name' && place.typed === '' && !isAsked)) return undefined
      const wanted = place.typed.toLowerCase()
      // To the minute, so that what was asked for once is known for a while.
      const now = Math.floor(Date.now() / 60_000) * 60_000
      const asked: Parameters = [...parameters, ...rangeParameters(range, now, zone)]
      if (place.kind === 'name') {
        const { fields } = await queries.query(fieldsQuery('logs', project, asked))
        const fitting = fields.filter(({ name }) => isFiltered(name) && name.toLowerCase().includes(wanted))
        return { from: place.from, options: fitting.slice(0, SUGGESTED_MAX).map(({ name, share }) => ({ text: name, detail: percent(share), goesOn: true })) }
      }
      // A field that is filtered by already has other values, too.
      const others = asked.filter(([name]) => name !== place.name)
      const values = await queries.query(valuesQuery('logs', project, others, place.name))
      const options = values.flatMap(({ value, count: rows }) => {
        const written = writtenValue(asText(value) ?? '')
        return written?.toLowerCase().includes(wanted) === true ? [{ text: written, detail: count(rows, language), goesOn: false }] : []
      })
      return { from: place.from, options: options.slice(0, SUGGESTED_MAX) }
    },
    [queries, language, project, parameters, range, zone],
  )
}
