// What the compiler does not know: the floors of `src`, hooks, and that every visible word stands in a catalogue.
import hooks from 'eslint-plugin-react-hooks'
import react from 'eslint-plugin-react'
import typescript from 'typescript-eslint'

/** Floors from the top down: a file imports only from floors below its own. */
const FLOORS = {
  app: [],
  pages: ['app'],
  parts: ['app', 'pages'],
  kit: ['app', 'pages', 'parts', 'api'],
  api: ['app', 'pages', 'parts', 'kit'],
  lib: ['app', 'pages', 'parts', 'kit', 'api'],
}

function floor(name, forbidden, more = []) {
  const patterns = forbidden.map((other) => ({
    group: [`**/${other}/**`],
    message: `${name} imports only from floors below it: app → pages → parts → kit, api → lib`,
  }))
  return {
    files: [`src/${name}/**/*.{ts,tsx}`],
    rules: { 'no-restricted-imports': ['error', { patterns: [...patterns, ...more] }] },
  }
}

const noReact = { group: ['react', 'react-dom', 'react-aria-components', '@tanstack/*'], message: 'lib knows no React' }
const noRouter = { group: ['@tanstack/react-router', '@tanstack/react-query'], message: 'kit knows no router and no query' }
const ownPage = { group: ['../../pages/**', '../*/Page', '../../*/Page'], message: 'pages never import pages' }

export default typescript.config(
  { ignores: ['dist', 'node_modules', 'src/api/schema.d.ts', 'scripts', '*.js', '*.ts', 'public'] },
  ...typescript.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { react, 'react-hooks': hooks },
    settings: { react: { version: 'detect' } },
    rules: {
      ...hooks.configs.recommended.rules,
      'react/jsx-no-literals': ['error', { noStrings: false, allowedStrings: ['·', '→', '…', '×', '—', '/', ':', ' ', '(', ')', '"', ',', '%', '+', '−', '@', '|', '='] }],
      'react/no-danger': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
    },
  },
  floor('pages', FLOORS.pages, [ownPage]),
  floor('parts', FLOORS.parts),
  floor('kit', FLOORS.kit, [noRouter]),
  floor('api', FLOORS.api),
  floor('lib', FLOORS.lib, [noReact]),
)
