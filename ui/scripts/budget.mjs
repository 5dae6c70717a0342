// The first load: index.html, what it names, and what those import at once. At most 300 kB of compressed script.
import { readFileSync, readdirSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'

const LIMIT_BYTES = 300_000
const root = new URL('../dist/', import.meta.url)
const html = readFileSync(new URL('index.html', root), 'utf8')
const first = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((found) => found[1])
const seen = new Set()
for (let file = first.pop(); file !== undefined; file = first.pop()) {
  if (seen.has(file)) continue
  seen.add(file)
  const text = readFileSync(new URL(file, root), 'utf8')
  for (const found of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) first.push(`assets/${found[1]}`)
}
const size = (file) => brotliCompressSync(readFileSync(new URL(file, root))).length
const total = [...seen].reduce((sum, file) => sum + size(file), 0)
const all = readdirSync(new URL('assets/', root)).filter((file) => file.endsWith('.js'))
const whole = all.reduce((sum, file) => sum + size(`assets/${file}`), 0)
console.log(`first load: ${(total / 1000).toFixed(1)} kB of compressed script in ${seen.size} files (limit ${LIMIT_BYTES / 1000} kB); all pages: ${(whole / 1000).toFixed(1)} kB`)
if (total > LIMIT_BYTES) process.exit(1)
