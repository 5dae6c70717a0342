/** All fields of the lines, with the share of lines that have each; an open one shows its most frequent values. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import type { FieldCount } from '../../api/lists'
import { fieldsQuery, valuesQuery } from '../../api/lists'
import { Button } from '../../kit/Button'
import { TextField } from '../../kit/Fields'
import { Icon } from '../../kit/Icon'
import { useLanguage, useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading } from '../../kit/States'
import { toggledColumn } from '../../lib/columns'
import { count, percent } from '../../lib/numbers'
import type { Address } from '../../parts/address'
import type { Found } from '../../parts/Explorer'
import { Failure } from '../../parts/Failure'
import { FacetValues, SidePanel } from '../../parts/Filters'
import type { ColumnsInLink } from '../../parts/useColumnChoice'
import { sideFields, USUAL_FIELDS } from './fields'
import { LOGS } from './text'

interface Props {
  address: Address
  found: Found
  columns: ColumnsInLink
}

/** Fewer are found at a glance. */
const SEARCHED_FROM = 10

export function FieldsPanel({ address, found, columns }: Props) {
  const texts = useText(LOGS)
  const language = useLanguage()
  const [wanted, setWanted] = useState('')
  const fields = useQuery(fieldsQuery('logs', address.project, found.asked))
  const all = sideFields(fields.data?.fields ?? [])
  const shown = all.filter(({ name }) => name.toLowerCase().includes(wanted.trim().toLowerCase()))
  return (
    <SidePanel>
      {fields.isPending && <Loading lines={4} />}
      {fields.isError && <Failure error={fields.error} onRetry={() => void fields.refetch()} />}
      {all.length >= SEARCHED_FROM && <TextField label={texts.findField} value={wanted} onChange={setWanted} type="search" />}
      {fields.data?.sampled === true && <p className="quiet">{texts.sampled(count(fields.data.rows, language))}</p>}
      {shown.map((field) => (
        <Field key={field.name} address={address} field={field} found={found} columns={columns} />
      ))}
    </SidePanel>
  )
}

function Field({ address, field, found, columns }: Props & { field: FieldCount }) {
  const texts = useText(LOGS)
  const { name, share } = field
  const isUsual = USUAL_FIELDS.includes(name)
  const [isOpen, setIsOpen] = useState(isUsual)
  const isColumn = columns.chosen.some((column) => column.name === name)
  const title = texts.column(name)
  return (
    <section className="facet field-facet" aria-label={title}>
      <h3>
        <button type="button" className="field-head" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          <Icon name={isOpen ? 'down' : 'forward'} />
          <SafeText>{title}</SafeText>
          <span className="facet-count" title={texts.shareOf}>
            {percent(share)}
          </span>
        </button>
        <Button kind="quiet" label={isColumn ? texts.noColumn(title) : texts.asColumn(title)} pressed={isColumn} onPress={() => columns.choose(toggledColumn(columns.chosen, name))}>
          <Icon name="table" />
        </Button>
      </h3>
      {isOpen && (isUsual ? <Usual address={address} name={name} found={found} /> : <Asked address={address} name={name} found={found} />)}
    </section>
  )
}

interface ValuesProps {
  address: Address
  name: string
  found: Found
}

/** Values of usual fields come with the counts of the page. */
function Usual({ address, name, found }: ValuesProps) {
  const values = found.facets.find(({ column }) => column === name)?.values ?? []
  return <FacetValues address={address} column={name} values={values} total={found.total ?? 0} />
}

/** Those of others are asked for when they are opened. */
function Asked({ address, name, found }: ValuesProps) {
  const values = useQuery(valuesQuery('logs', address.project, found.asked, name))
  if (values.isPending) return <Loading lines={2} />
  if (values.isError) return <Failure error={values.error} onRetry={() => void values.refetch()} />
  return <FacetValues address={address} column={name} values={values.data} total={values.data.reduce((sum, value) => sum + value.count, 0)} />
}
