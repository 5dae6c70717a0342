/** A small line of counts beside a number; the numbers themselves are in its label. */

interface Props {
  counts: readonly number[]
  tone: string
  label: string
}

const WIDTH = 96
const HEIGHT = 24

export function Sparkline({ counts, tone, label }: Props) {
  const most = Math.max(1, ...counts)
  const step = counts.length > 1 ? WIDTH / (counts.length - 1) : WIDTH
  const at = (value: number, index: number) => `${(index * step).toFixed(1)},${(HEIGHT - 2 - (value / most) * (HEIGHT - 4)).toFixed(1)}`
  const line = counts.map(at).join(' ')
  return (
    <svg className={`sparkline stroke-${tone}`} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} preserveAspectRatio="none">
      <polygon points={`0,${HEIGHT} ${line} ${WIDTH},${HEIGHT}`} className="sparkline-area" />
      <polyline points={line} />
    </svg>
  )
}
