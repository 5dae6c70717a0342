// Logs with pino through pino-elasticsearch, as its documentation shows: pino-elasticsearch.mjs URL KEY.
import pino from 'pino'
import pinoElastic from 'pino-elasticsearch'

const [, , node, key] = process.argv
const stream = pinoElastic({ index: 'logs-checkout', node, esVersion: 8, opType: 'create', flushBytes: 10, auth: { apiKey: key } })
stream.on('insertError', (error) => { console.error('insertError', error.message ?? error); process.exitCode = 1 })
stream.on('error', (error) => { console.error('error', error.message); process.exitCode = 1 })
const logger = pino({ base: { hostname: 'web-1' } }, stream)
logger.warn({ userId: 'user-7', reqId: 'req-7', order: { id: 17 } }, 'order "17" is slow é😀')
logger.error(new Error('no stock'), 'order failed')
logger.flush()
stream.end()
