// An Express application that throws, as Sentry's documentation sets it up: sentry-express.mjs DSN.
import * as Sentry from '@sentry/node'

const [, , dsn] = process.argv
Sentry.init({
  dsn,
  release: 'checkout@2.1.0',
  environment: 'staging',
  serverName: 'web-1',
  sendDefaultPii: true,
  tracesSampleRate: 1,
})
const { default: express } = await import('express')

const app = express()
app.get('/pay/:order', (request) => {
  Sentry.setUser({ id: 'user-7', email: 'ann@example.com' })
  Sentry.addBreadcrumb({ category: 'payment', message: `order ${request.params.order}` })
  throw new RangeError(`order ${request.params.order} has no total`)
})
Sentry.setupExpressErrorHandler(app)
const listener = app.listen(0, '127.0.0.1', async () => {
  const { port } = listener.address()
  const answer = await fetch(`http://127.0.0.1:${port}/pay/17?page=2`, {
    headers: { 'X-Request-ID': 'req-17', Authorization: 'Bearer t0ken-17', 'User-Agent': 'Browser/1' },
  })
  await answer.text()
  await Sentry.flush(5000)
  listener.close()
  process.exit(answer.status === 500 ? 0 : 1)
})
