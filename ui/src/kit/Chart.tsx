/**
 * A histogram over time, stacked by a column: bars, drag to zoom, and behind a button the same numbers as a table.
 * Time runs from left to right in every language.
 */

import { useEffect, useMemo, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

import { clock, timeOfDay } from '../lib/instant'
import { count } from '../lib/numbers'
import type { Range } from '../lib/range'
import type { Zone } from '../lib/zone'
import { Button } from './Button'
import { Icon } from './Icon'
import { SafeText } from './SafeText'
import { KIT } from './text'
import { useLanguage, useText } from './language'
import { useZone } from './zone'

export interface Series {
  name: string
  /** Name of a colour of the theme: `info`, `warning`, `error`, `critical`, `plain`, `accent`, or `first` to `fifth`, which mean nothing. */
  tone: string
  /** One count per bucket. */
  counts: readonly number[]
  /** What a press on its name does, and how that is called. */
  choose?: { label: string; run: () => void }
}

interface Props {
  label: string
  /** Starts of the buckets, in milliseconds since 1970. */
  times: readonly number[]
  bucketMs: number
  series: readonly Series[]
  onZoom?: (range: Range) => void
  height?: number
}

const DAY_MS = 86_400_000

export function Chart(props: Props) {
  const { label, times, series } = props
  const [asTable, setAsTable] = useState(false)
  const texts = useText(KIT)
  const total = series.reduce((sum, one) => sum + one.counts.reduce((all, value) => all + value, 0), 0)
  const language = useLanguage()
  return (
    <figure className="chart" aria-label={`${label}: ${count(total, language)}`}>
      {asTable ? <ChartTable {...props} /> : <Bars {...props} />}
      <figcaption>
        <ul className="legend">
          {series.map((one) => (
            <li key={one.name}>
              <span className={`swatch tone-${one.tone}`} aria-hidden="true" />
              <LegendName series={one} /> {count(one.counts.reduce((all, value) => all + value, 0), language)}
            </li>
          ))}
        </ul>
        <Button kind="quiet" label={asTable ? texts.chart : texts.dataTable} onPress={() => setAsTable(!asTable)}>
          <Icon name={asTable ? 'chart' : 'table'} />
        </Button>
      </figcaption>
      {times.length === 0 && <span className="visually-hidden">{count(0, language)}</span>}
    </figure>
  )
}

function LegendName({ series: { name, choose } }: { series: Series }) {
  if (choose === undefined) return <SafeText className="legend-name">{name}</SafeText>
  return (
    <button type="button" className="legend-name" aria-label={choose.label} title={choose.label} onClick={choose.run}>
      <SafeText>{name}</SafeText>
    </button>
  )
}

function Bars({ label, times, bucketMs, series, onZoom, height = 120 }: Props) {
  const texts = useText(KIT)
  const zone = useZone()
  const box = useRef<HTMLDivElement>(null)
  const data = useMemo(() => stacked(times, series), [times, series])
  const zoom = useRef(onZoom)
  useEffect(() => {
    zoom.current = onZoom
  })
  useEffect(() => {
    const element = box.current
    if (element === null) return undefined
    const plot = new uPlot(options(element, { series, bucketMs, times, zone, height }, (range) => zoom.current?.(range)), data, element)
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }))
    observer.observe(element)
    // Colours are read from the theme, so a change of theme draws anew.
    const media = matchMedia('(prefers-color-scheme: dark)')
    const redraw = () => plot.redraw()
    media.addEventListener('change', redraw)
    const theme = new MutationObserver(redraw)
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    return () => {
      observer.disconnect()
      media.removeEventListener('change', redraw)
      theme.disconnect()
      plot.destroy()
    }
  }, [data, series, bucketMs, times, zone, height])
  const keyboard = useKeyboardZoom(times, bucketMs, onZoom)
  return (
    <div
      ref={box}
      dir="ltr"
      className="chart-bars"
      role="group"
      aria-label={`${label}. ${onZoom === undefined ? '' : texts.selectRange}`}
      tabIndex={onZoom === undefined ? -1 : 0}
      onKeyDown={keyboard.onKeyDown}
    >
      <span className="chart-cursor" aria-live="polite">
        {keyboard.chosen === undefined ? '' : clock(keyboard.chosen, zone)}
      </span>
    </div>
  )
}

/** Arrow keys choose a bucket, Enter zooms into it. */
function useKeyboardZoom(times: readonly number[], bucketMs: number, onZoom: Props['onZoom']) {
  const [at, setAt] = useState<number | undefined>(undefined)
  const chosen = at === undefined ? undefined : times[at]
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (onZoom === undefined || times.length === 0) return
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setAt(Math.min(times.length - 1, Math.max(0, (at ?? (step > 0 ? -1 : times.length)) + step)))
    } else if (event.key === 'Enter' && chosen !== undefined) {
      event.preventDefault()
      onZoom({ from: chosen, to: chosen + bucketMs })
      setAt(undefined)
    }
  }
  return { chosen, onKeyDown }
}

/** uPlot draws areas over one another, so each series carries the sum of those below it; the tallest comes first. */
function stacked(times: readonly number[], series: readonly Series[]): uPlot.AlignedData {
  const sums = new Array<number>(times.length).fill(0)
  const columns = series.map((one) => {
    one.counts.forEach((value, at) => (sums[at] = (sums[at] ?? 0) + value))
    return [...sums]
  })
  return [times.map((time) => time / 1000), ...columns.reverse()]
}

interface Drawn {
  series: readonly Series[]
  bucketMs: number
  times: readonly number[]
  zone: Zone
  height: number
}

function options(element: HTMLElement, drawn: Drawn, onZoom: (range: Range) => void): uPlot.Options {
  const { series, bucketMs, times, zone, height } = drawn
  const colour = (name: string): string => colourOf(element, name)
  const last = times.at(-1) ?? 0
  const span = last - (times[0] ?? 0)
  const bars = uPlot.paths.bars?.({ size: [0.9, 60], align: 1 })
  const axis = { stroke: () => colour('--text-quiet'), grid: { stroke: () => colour('--line'), width: 1 }, ticks: { show: false }, font: '11px system-ui, sans-serif' }
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { y: false, drag: { x: true, y: false, setScale: false } },
    scales: { x: { range: [(times[0] ?? 0) / 1000, (last + bucketMs) / 1000] } },
    axes: [
      { ...axis, size: 26, grid: { show: false }, values: (_, values) => values.map((value) => axisTime(value * 1000, span, zone)), space: 90 },
      { ...axis, size: 44, values: (_, values) => values.map((value) => (Number.isInteger(value) ? shortTick(value) : '')), space: 26 },
    ],
    series: [
      {},
      ...[...series].reverse().map((one): uPlot.Series => ({
        label: one.name,
        fill: () => colour(`--tone-${one.tone}`),
        width: 0,
        points: { show: false },
        ...(bars === undefined ? {} : { paths: bars }),
      })),
    ],
    hooks: {
      setSelect: [
        (plot) => {
          const { left, width } = plot.select
          if (width < 4) return
          onZoom({ from: plot.posToVal(left, 'x') * 1000, to: plot.posToVal(left + width, 'x') * 1000 })
          plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false)
        },
      ],
    },
  }
}

/** A canvas needs the colour itself, and that of `light-dark()` is known only once something wears it. */
function colourOf(element: HTMLElement, name: string): string {
  element.style.caretColor = `var(${name})`
  return getComputedStyle(element).caretColor
}

function shortTick(value: number): string {
  if (value >= 1e6) return `${value / 1e6}M`
  return value >= 1000 ? `${value / 1000}k` : String(value)
}

function axisTime(at: number, span: number, zone: Zone): string {
  if (span > 2 * DAY_MS) return clock(at, zone, 'minute').slice(5)
  return timeOfDay(at, zone, span < 600_000 ? 'second' : 'minute')
}

function ChartTable({ label, times, series }: Props) {
  const texts = useText(KIT)
  const language = useLanguage()
  const zone = useZone()
  return (
    <div className="chart-table" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.time}</th>
            {series.map((one) => (
              <th key={one.name} scope="col">
                <SafeText>{one.name}</SafeText>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((time, at) => (
            <tr key={time}>
              <th scope="row">
                <bdi dir="ltr">{clock(time, zone)}</bdi>
              </th>
              {series.map((one) => (
                <td key={one.name}>{count(one.counts[at] ?? 0, language)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
