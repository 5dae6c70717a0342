/** Which columns a table has, and in which order: behind a button, all with the keyboard. */

import { useState } from 'react'
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components'

import type { ColumnChoice } from '../lib/columns'
import { movedColumn, toggledColumn } from '../lib/columns'
import { Button } from './Button'
import { TextField } from './Fields'
import { Icon } from './Icon'
import { useText } from './language'
import { SafeText } from './SafeText'
import { KIT } from './text'
import './columns.css'

export interface KnownColumn {
  name: string
  title: string
}

interface Props {
  known: readonly KnownColumn[]
  chosen: readonly ColumnChoice[]
  onChange: (chosen: readonly ColumnChoice[] | undefined) => void
}

/** Fewer are found at a glance. */
const SEARCHED_FROM = 12

export function ColumnChooser({ known, chosen, onChange }: Props) {
  const texts = useText(KIT)
  const [wanted, setWanted] = useState('')
  const titleOf = (name: string) => known.find((one) => one.name === name)?.title ?? name
  const others = known.filter(({ name }) => !chosen.some((one) => one.name === name))
  const found = others.filter(({ name, title }) => `${name} ${title}`.toLowerCase().includes(wanted.trim().toLowerCase()))
  return (
    <DialogTrigger>
      <AriaButton className="button plain" aria-label={texts.columns}>
        <Icon name="table" />
      </AriaButton>
      <Popover className="popover" placement="bottom end">
        <Dialog className="columns-dialog" aria-label={texts.columns}>
          <ol>
            {chosen.map(({ name }, at) => (
              <li key={name}>
                <SafeText>{titleOf(name)}</SafeText>
                <Button kind="quiet" label={texts.columnEarlier(titleOf(name))} onPress={() => onChange(movedColumn(chosen, name, -1))} disabledBecause={at === 0 ? texts.columnFirst : undefined}>
                  <Icon name="up" />
                </Button>
                <Button kind="quiet" label={texts.columnLater(titleOf(name))} onPress={() => onChange(movedColumn(chosen, name, 1))} disabledBecause={at === chosen.length - 1 ? texts.columnLast : undefined}>
                  <Icon name="down" />
                </Button>
                <Button kind="quiet" label={texts.columnAway(titleOf(name))} onPress={() => onChange(toggledColumn(chosen, name))} disabledBecause={chosen.length === 1 ? texts.oneColumn : undefined}>
                  <Icon name="close" />
                </Button>
              </li>
            ))}
          </ol>
          <Button kind="quiet" onPress={() => onChange(undefined)}>
            {texts.usualColumns}
          </Button>
          {others.length >= SEARCHED_FROM && <TextField label={texts.findColumn} value={wanted} onChange={setWanted} type="search" />}
          <ul>
            {found.map(({ name, title }) => (
              <li key={name}>
                <SafeText>{title}</SafeText>
                <Button kind="quiet" label={texts.columnAdd(title)} onPress={() => onChange(toggledColumn(chosen, name))}>
                  <Icon name="plus" />
                </Button>
              </li>
            ))}
          </ul>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
