/** The range of time of a screen: presets, typed, zoomed, refreshed by itself; and the zone of its times. */

import { useState } from 'react'
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components'

import { clock, offsetText } from '../lib/instant'
import type { RangeText } from '../lib/range'
import { parseRange, presetOf, PRESETS, presetRange, resolveRange, zoomOut } from '../lib/range'
import type { Zone } from '../lib/zone'
import { Button } from './Button'
import { Icon } from './Icon'
import { Select, TextField } from './Fields'
import type { Option } from './Fields'
import { KIT } from './text'
import { useText } from './language'
import { useActorZone, useNow } from './zone'

interface Props {
  range: RangeText
  onChange: (range: RangeText) => void
  zone: Zone
  onZone: (zone: Zone) => void
  /** Seconds between refreshes; `0` is off. */
  refresh: number
  onRefresh: (seconds: number) => void
  onRefreshNow: () => void
}

const REFRESHES = [0, 5, 10, 30]

export function TimeRangePicker(props: Props) {
  const { range, onChange, zone, refresh, onRefresh, onRefreshNow } = props
  const texts = useText(KIT)
  const now = useNow()
  const [open, setOpen] = useState(false)
  const ends = resolveRange(range, now, zone)
  const preset = presetOf(range)
  const shown =
    preset !== undefined
      ? texts.last(preset)
      : ends === undefined
        ? `${range.from} – ${range.to}`
        : `${clock(ends.from, zone, 'minute')} – ${range.to === 'now' ? 'now' : clock(ends.to, zone, 'minute')}`
  const chosen = (next: RangeText) => {
    onChange(next)
    setOpen(false)
  }
  return (
    <div className="time-range" role="group" aria-label={texts.range}>
      <DialogTrigger isOpen={open} onOpenChange={setOpen}>
        <AriaButton className="button plain range-button">
          <span className="visually-hidden">{`${texts.range}: `}</span>
          <bdi dir={preset === undefined ? 'ltr' : 'auto'}>{shown}</bdi>
          {ends !== undefined && <span className="range-zone">{offsetText(ends.to, zone)}</span>}
          <Icon name="down" />
        </AriaButton>
        <Popover className="popover" placement="bottom end">
          <Dialog className="range-dialog" aria-label={texts.range}>
            <TypedRange zone={zone} onChange={chosen} />
            <div className="presets">
              {PRESETS.map((one) => (
                <Button key={one} kind={one === preset ? 'primary' : 'plain'} pressed={one === preset} onPress={() => chosen(presetRange(one))}>
                  {texts.last(one)}
                </Button>
              ))}
            </div>
            <ZoneChoice {...props} />
          </Dialog>
        </Popover>
      </DialogTrigger>
      <Button
        kind="plain"
        label={texts.zoomOut}
        onPress={() => {
          if (ends === undefined) return
          const wider = zoomOut(ends, now)
          onChange({ from: new Date(wider.from).toISOString(), to: wider.to >= now ? 'now' : new Date(wider.to).toISOString() })
        }}
      >
        <Icon name="zoomOut" />
      </Button>
      <Button kind="plain" label={texts.refresh} onPress={onRefreshNow}>
        <Icon name="refresh" />
      </Button>
      <Select
        quiet
        label={texts.autoRefresh}
        value={String(refresh)}
        options={REFRESHES.map((seconds) => ({ id: String(seconds), label: seconds === 0 ? texts.off : texts.everySecond(seconds) }))}
        onChange={(seconds) => onRefresh(Number(seconds))}
      />
    </div>
  )
}

function TypedRange({ zone, onChange }: { zone: Zone; onChange: (range: RangeText) => void }) {
  const texts = useText(KIT)
  const [typed, setTyped] = useState('')
  const [wrong, setWrong] = useState(false)
  const apply = () => {
    const range = parseRange(typed, Date.now(), zone)
    setWrong(range === undefined)
    if (range !== undefined) onChange(range)
  }
  return (
    <form
      className="typed-range"
      onSubmit={(event) => {
        event.preventDefault()
        apply()
      }}
    >
      <TextField
        autoFocus
        label={texts.range}
        description={texts.rangeHint}
        value={typed}
        onChange={(value) => {
          setTyped(value)
          setWrong(false)
        }}
        error={wrong ? texts.rangeWrong : undefined}
      />
      <Button type="submit" kind="primary">
        {texts.apply}
      </Button>
    </form>
  )
}

function ZoneChoice({ zone, onZone }: Props) {
  const texts = useText(KIT)
  const actor = useActorZone()
  const options: Option[] = [
    { id: 'local', label: texts.local },
    { id: 'UTC', label: texts.utc },
    ...(actor === undefined ? [] : [{ id: actor, label: texts.actorZone(actor) }]),
  ]
  const known = options.some((option) => option.id === zone) ? options : [...options, { id: zone, label: zone }]
  return <Select label={texts.zone} value={zone} options={known} onChange={onZone} />
}
