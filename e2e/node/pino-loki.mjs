// Logs with pino through pino-loki, as its documentation shows: pino-loki.mjs URL KEY.
import pino from 'pino'

const [, , host, key] = process.argv
const transport = pino.transport({
  target: 'pino-loki',
  options: {
    host,
    basicAuth: { username: 'whodunit', password: key },
    labels: { application: 'checkout', environment: 'production' },
    batching: { interval: 1, maxBufferSize: 100 },
    silenceErrors: false,
  },
})
const logger = pino({ base: { hostname: 'web-1' } }, transport)
logger.warn({ userId: 'user-7', reqId: 'req-7', trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', order: { id: 17 } }, 'order "17" is slow é😀')
logger.error(new Error('no stock'), 'order failed')
transport.end()
