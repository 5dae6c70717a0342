import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// The server embeds `dist` and serves `/assets` for good: every file there but the two of `public` has a hash in its name.
export default defineConfig({
  plugins: [react()],
  html: { cspNonce: '{{nonce}}' },
  build: {
    target: 'es2022',
    assetsDir: 'assets',
    // A data: URL would need a hole in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      '/api': process.env['WHODUNIT'] ?? 'http://127.0.0.1:8420',
      '/health': process.env['WHODUNIT'] ?? 'http://127.0.0.1:8420',
    },
  },
  test: { environment: 'node', include: ['src/**/*.test.ts', 'src/**/*.test.tsx'] },
})
