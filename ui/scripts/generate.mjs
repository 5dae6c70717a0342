// Writes src/api/schema.d.ts from the server's description of itself, docs/reference/openapi.json.
// With --check it writes nothing and fails if the two differ.
import { readFileSync, writeFileSync } from 'node:fs'
import openapi, { astToString } from 'openapi-typescript'

const source = new URL('../../docs/reference/openapi.json', import.meta.url)
const target = new URL('../src/api/schema.d.ts', import.meta.url)
const head = '// Generated from docs/reference/openapi.json by `npm run generate`. Not to be edited.\n\n'
const made = head + astToString(await openapi(source))
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== made) {
    console.error('src/api/schema.d.ts is not what docs/reference/openapi.json says: npm run generate')
    process.exit(1)
  }
} else {
  writeFileSync(target, made)
}
