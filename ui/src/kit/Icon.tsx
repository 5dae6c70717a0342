/** The icons, drawn here: 20 by 20, in the colour of the text. Those that point are mirrored from right to left. */

const PATHS = {
  activity: 'M3 10h3l2-6 4 12 2-6h3',
  audit: 'M6 3h6l3 3v11H6zM8.5 9h5M8.5 12h5',
  logs: 'M4 5h12M4 9h8M4 13h12M4 17h6',
  timeline: 'M4 6h7M9 10h7M5 14h8M3 3v14',
  cases: 'M3 7h14v9H3zM7 7V4h6v3',
  health: 'M10 16.5 4.5 11a3.6 3.6 0 0 1 5.1-5.1l.4.5.4-.5a3.6 3.6 0 0 1 5.1 5.1z',
  settings: 'M4 6h7m4 0h1M4 14h1m4 0h7M13 4v4M7 12v4',
  search: 'M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM13 13l4 4',
  close: 'M5 5l10 10M15 5L5 15',
  menu: 'M3 5h14M3 10h14M3 15h14',
  down: 'M5 8l5 5 5-5',
  up: 'M5 13l5-5 5 5',
  forward: 'M8 5l5 5-5 5',
  backward: 'M12 5l-5 5 5 5',
  copy: 'M7 7h9v9H7zM4 13V4h9',
  link: 'M8 12l4-4M7 9l-2 2a3 3 0 0 0 4 4l2-2M13 11l2-2a3 3 0 0 0-4-4L9 7',
  refresh: 'M16 10a6 6 0 1 1-1.8-4.3M16 3v4h-4',
  pause: 'M7 4v12M13 4v12',
  play: 'M6 4l10 6-10 6z',
  plus: 'M10 4v12M4 10h12',
  minus: 'M4 10h12',
  filter: 'M3 5h14l-5.5 6v5l-3-1.5V11z',
  download: 'M10 3v9M6 9l4 4 4-4M4 16h12',
  user: 'M10 10a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3.5 17c.6-3.4 3.3-5 6.5-5s5.900 1.600 6.500 5',
  sun: 'M10 6.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7zM10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.500 4.500l1 1M14.500 14.500l1 1M4.500 15.500l1-1M14.500 5.500l1-1',
  moon: 'M16 11.500A6.500 6.500 0 0 1 8.500 4 6.500 6.500 0 1 0 16 11.500z',
  language: 'M3 5h8M7 3v2M9.500 5c-.8 3.500-3 6-6 7.500M5 8c1 2 3 3.600 5 4.500M10.500 17l3.500-8 3.500 8M11.700 14.500h4.600',
  help: 'M10 17.500v-.1M7 7.200a3 3 0 1 1 4.600 2.500c-1 .7-1.600 1.300-1.600 2.800',
  check: 'M4 10.500l4 4 8-9',
  warning: 'M10 3l8 14H2zM10 8v4M10 14.500v.1',
  error: 'M10 2.500l7.500 7.500-7.500 7.500L2.500 10zM10 6.500v4.500M10 13.500v.1',
  critical: 'M6.500 2.500h7l4 4v7l-4 4h-7l-4-4v-7zM7 7l6 6M13 7l-6 6',
  info: 'M10 2.500a7.500 7.500 0 1 0 0 15 7.500 7.500 0 0 0 0-15zM10 9v5M10 6v.1',
  sealed: 'M5 9h10v8H5zM7 9V6.500a3 3 0 0 1 6 0V9',
  batch: 'M4 4h12v4H4zM4 12h12v4H4zM7 6h.1M7 14h.1',
  wrap: 'M3 5h14M3 10h11a2.500 2.500 0 0 1 0 5h-4M12 13l-2 2 2 2M3 15h4',
  table: 'M3 4h14v12H3zM3 8h14M8 8v8',
  chart: 'M4 16V9M8 16V4M12 16v-6M16 16V7',
  zoomOut: 'M9 3.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM13 13l4 4M6.500 9h5',
  save: 'M4 3h10l2 2v12H4zM7 3v4h5V3M7 17v-5h6v5',
  more: 'M5 10h.1M10 10h.1M15 10h.1',
  out: 'M9 4H4v12h5M8 10h9M14 7l3 3-3 3',
} as const

export type IconName = keyof typeof PATHS
const POINTING: readonly IconName[] = ['forward', 'backward', 'out', 'play']

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className={POINTING.includes(name) ? 'icon pointing' : 'icon'} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}
