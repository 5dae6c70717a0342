/** The query of the log explorer, with the names of fields and their values as its lines have them. */

import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'

import { fieldsQuery, valuesQuery } from '../../api/lists'
import { useLanguage, useText } from '../../kit/language'
import { asText } from '../../lib/json'
import { count, percent } from '../../lib/numbers'
import type { Address } from '../../parts/address'
import type { Known } from '../../parts/FilterQuery'
import { FilterQuery, useKnownSuggestions } from '../../parts/FilterQuery'
import { isFiltered } from './fields'
import { LOGS } from './text'

const CLOSED = { open: undefined }

export function QueryBar({ address }: { address: Address }) {
  const texts = useText(LOGS)
  const queries = useQueryClient()
  const language = useLanguage()
  const { project } = address
  const known = useMemo(
    (): Known => ({
      names: async (asked) => {
        const { fields } = await queries.query(fieldsQuery('logs', project, asked))
        return fields.filter(({ name }) => isFiltered(name)).map(({ name, share }) => ({ name, detail: percent(share) }))
      },
      values: async (name, asked) => {
        const values = await queries.query(valuesQuery('logs', project, asked, name))
        return values.map(({ value, count: rows }) => ({ value: asText(value) ?? '', detail: count(rows, language) }))
      },
    }),
    [queries, language, project],
  )
  return <FilterQuery address={address} label={texts.search} placeholder={texts.searchHint} suggest={useKnownSuggestions(address, known)} also={CLOSED} />
}
