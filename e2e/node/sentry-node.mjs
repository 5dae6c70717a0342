// Captures an error, a message and a log line with @sentry/node, as its documentation shows: sentry-node.mjs DSN.
import * as Sentry from '@sentry/node'

const [, , dsn] = process.argv
Sentry.init({
  dsn,
  release: 'checkout@2.1.0',
  environment: 'production',
  serverName: 'web-1',
  enableLogs: true,
})
Sentry.setUser({ id: 'user-7', email: 'ann@example.com' })
Sentry.setTag('request_id', 'req-7')
Sentry.setTag('session_id', 'visit-3')
Sentry.setExtra('token', 't0ken-17')
Sentry.setExtra('attempt', 2)
Sentry.addBreadcrumb({ category: 'cart', message: 'added é😀' })

function total(order) {
  throw new TypeError(`order ${order} has no total`)
}
try {
  total(17)
} catch (error) {
  Sentry.captureException(error)
}
Sentry.captureMessage('disk is nearly full', 'warning')
Sentry.logger.warn('order 17 is slow')
await Sentry.flush(5000)
