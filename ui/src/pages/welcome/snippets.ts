/** What to paste where, with the address of this server and the key of the person who reads it. */

export const KINDS = ['audit', 'logs', 'errors', 'otel', 'browser', 'postgres'] as const
export type Kind = (typeof KINDS)[number]

/** Ways in, as the list of sources names them. */
export const PROTOCOLS: Record<Kind, readonly string[]> = {
  audit: ['audit'],
  logs: ['logs', 'loki', 'elasticsearch'],
  errors: ['sentry'],
  otel: ['otlp'],
  browser: ['sentry'],
  postgres: ['logs'],
}

export interface Snippet {
  /** A name of a program; it is the same in every language. */
  name: string
  code: string
  /** Whether it was run against a server as it stands here. */
  tried: boolean
}

export interface Place {
  /** As in `http://127.0.0.1:8420`. */
  origin: string
  key: string
  /** The part of the key that may be known, and the project's number: what a DSN is made of. */
  publicId: string
  projectNumber: number
}

/** An address that only programs on this machine reach. */
export function isLocal(origin: string): boolean {
  const { hostname } = new URL(origin)
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}

export function snippetsOf(kind: Kind, place: Place): Snippet[] {
  switch (kind) {
    case 'audit':
      return [curlAudit(place), pythonAudit(place), nodeAudit(place)]
    case 'logs':
      return [curlLogs(place), promtail(place), alloy(place), vector(place), fluentBit(place)]
    case 'errors':
      return [sentryPython(place), sentryNode(place), curlError(place)]
    case 'otel':
      return [otelSdk(place), otelCollector(place), curlOtel(place)]
    case 'browser':
      return [sentryBrowser(place), plainScript(place)]
    case 'postgres':
      return [serverLog(place)]
  }
}

const ENTRY = {
  action: 'order_deleted',
  actor_email: 'dana@example.com',
  target_type: 'order',
  target_id: '17',
  reason: 'duplicate',
  correlation_id: 'first-steps',
  changes: [{ field: 'status', before: 'open', after: 'deleted' }],
}
const LINE = { level: 'INFO', message: 'order 17 is gone', service: 'shop', correlation_id: 'first-steps' }

function curl({ origin, key }: Place, path: string, body: unknown): string {
  return [
    `curl -sS ${origin}${path} \\`,
    `  -H 'Authorization: Bearer ${key}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${JSON.stringify(body)}'`,
  ].join('\n')
}

const curlAudit = (place: Place): Snippet => ({ name: 'curl', tried: true, code: curl(place, '/api/v1/audit', ENTRY) })
const curlLogs = (place: Place): Snippet => ({ name: 'curl', tried: true, code: curl(place, '/api/v1/logs', LINE) })

const pythonAudit = ({ origin, key }: Place): Snippet => ({
  name: 'Python',
  tried: true,
  code: `import json, urllib.request

entry = ${JSON.stringify(ENTRY)}
request = urllib.request.Request(
    "${origin}/api/v1/audit",
    data=json.dumps(entry).encode(),
    headers={"Authorization": "Bearer ${key}", "Content-Type": "application/json"},
)
with urllib.request.urlopen(request) as answer:
    print(answer.read().decode())`,
})

const nodeAudit = ({ origin, key }: Place): Snippet => ({
  name: 'Node.js',
  tried: true,
  code: `const entry = ${JSON.stringify(ENTRY)}
const answer = await fetch('${origin}/api/v1/audit', {
  method: 'POST',
  headers: { Authorization: 'Bearer ${key}', 'Content-Type': 'application/json' },
  body: JSON.stringify(entry),
})
console.log(await answer.text())`,
})

const promtail = ({ origin, key }: Place): Snippet => ({
  name: 'Promtail',
  tried: false,
  code: `server:
  disable: true
positions:
  filename: /var/tmp/promtail-positions.yaml
clients:
  - url: ${origin}/loki/api/v1/push
    bearer_token: ${key}
scrape_configs:
  - job_name: files
    static_configs:
      - targets: [localhost]
        labels:
          service: my-service
          __path__: /var/log/*.log`,
})

const alloy = ({ origin, key }: Place): Snippet => ({
  name: 'Grafana Alloy',
  tried: false,
  code: `local.file_match "files" {
  path_targets = [{"__path__" = "/var/log/*.log", "service" = "my-service"}]
}
loki.source.file "files" {
  targets    = local.file_match.files.targets
  forward_to = [loki.write.whodunit.receiver]
}
loki.write "whodunit" {
  endpoint {
    url          = "${origin}/loki/api/v1/push"
    bearer_token = "${key}"
  }
}`,
})

const vector = ({ origin, key }: Place): Snippet => ({
  name: 'Vector',
  tried: false,
  code: `sources:
  files:
    type: file
    include: [/var/log/*.log]
sinks:
  whodunit:
    type: elasticsearch
    inputs: [files]
    endpoints: ["${origin}"]
    api_version: v8
    mode: bulk
    auth:
      strategy: basic
      user: whodunit
      password: ${key}`,
})

function fluentBit({ origin, key }: Place): Snippet {
  const { hostname, port, protocol } = new URL(origin)
  const isTls = protocol === 'https:'
  return {
    name: 'Fluent Bit',
    tried: false,
    code: `[INPUT]
    Name                tail
    Path                /var/log/*.log

[OUTPUT]
    Name                es
    Match               *
    Host                ${hostname.replace(/^\[|\]$/g, '')}
    Port                ${port || (isTls ? '443' : '80')}
    tls                 ${isTls ? 'On' : 'Off'}
    HTTP_User           whodunit
    HTTP_Passwd         ${key}
    Suppress_Type_Name  On`,
  }
}

/** What every SDK of Sentry's is told. */
export function dsnOf({ origin, publicId, projectNumber }: Place): string {
  const { protocol, host } = new URL(origin)
  return `${protocol}//${publicId}@${host}/${projectNumber}`
}

const sentryPython = (place: Place): Snippet => ({
  name: 'Python',
  tried: true,
  code: `import sentry_sdk

sentry_sdk.init(dsn="${dsnOf(place)}")
sentry_sdk.capture_message("hello from my application", level="error")
sentry_sdk.flush()`,
})

const sentryNode = (place: Place): Snippet => ({
  name: 'Node.js',
  tried: true,
  code: `import * as Sentry from '@sentry/node'

Sentry.init({ dsn: '${dsnOf(place)}' })
Sentry.captureMessage('hello from my application', 'error')
await Sentry.flush()`,
})

const curlError = ({ origin, publicId, projectNumber }: Place): Snippet => ({
  name: 'curl',
  tried: true,
  code: [
    `curl -sS '${origin}/api/${projectNumber}/store/?sentry_version=7&sentry_key=${publicId}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${JSON.stringify({ message: 'hello from my application', level: 'error' })}'`,
  ].join('\n'),
})

const otelSdk = ({ origin, key }: Place): Snippet => ({
  name: 'SDK',
  tried: true,
  code: `export OTEL_SERVICE_NAME=my-service
export OTEL_LOGS_EXPORTER=otlp
export OTEL_TRACES_EXPORTER=none
export OTEL_METRICS_EXPORTER=none
export OTEL_EXPORTER_OTLP_LOGS_PROTOCOL=http/protobuf
export OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=${origin}/v1/logs
export OTEL_EXPORTER_OTLP_HEADERS='Authorization=Bearer%20${key}'`,
})

const otelCollector = ({ origin, key }: Place): Snippet => ({
  name: 'Collector',
  tried: false,
  code: `receivers:
  otlp:
    protocols:
      grpc:
      http:
exporters:
  otlphttp/whodunit:
    logs_endpoint: ${origin}/v1/logs
    headers:
      Authorization: Bearer ${key}
service:
  pipelines:
    logs:
      receivers: [otlp]
      exporters: [otlphttp/whodunit]`,
})

const curlOtel = (place: Place): Snippet => ({
  name: 'curl',
  tried: true,
  code: curl(place, '/v1/logs', {
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeLogs: [{ logRecords: [{ severityNumber: 9, body: { stringValue: 'order 17 is gone' } }] }],
      },
    ],
  }),
})

const sentryBrowser = (place: Place): Snippet => ({
  name: '@sentry/browser',
  tried: true,
  code: `import * as Sentry from '@sentry/browser'

Sentry.init({ dsn: '${dsnOf(place)}' })
Sentry.captureMessage('hello from a page', 'error')`,
})

const plainScript = ({ origin, publicId, projectNumber }: Place): Snippet => ({
  name: 'HTML',
  tried: true,
  code: `<script>
  addEventListener('error', ({ error, message }) => {
    const thrown = { type: error?.name ?? 'Error', value: error?.message ?? message }
    const event = {
      platform: 'javascript',
      level: 'error',
      exception: { values: [thrown] },
      request: { url: location.href },
      extra: { stack: error?.stack },
    }
    fetch('${origin}/api/${projectNumber}/store/?sentry_version=7&sentry_key=${publicId}', {
      method: 'POST',
      keepalive: true,
      body: JSON.stringify(event),
    })
  })
  throw new Error('hello from a page')
</script>`,
})

/** The log of a server as JSON: who connected, which statements changed rows, and what failed. */
const serverLog = ({ origin, key }: Place): Snippet => ({
  name: 'psql',
  tried: true,
  code: `# Once, as a superuser, on the machine of the database:
psql -c "ALTER SYSTEM SET logging_collector = on" \\
     -c "ALTER SYSTEM SET log_destination = 'jsonlog'" \\
     -c "ALTER SYSTEM SET log_statement = 'mod'"
sudo systemctl restart postgresql

# Then every minute, by cron for example; each line enters once:
cd "$(psql -Atc 'SHOW data_directory')"
export WHODUNIT_API_KEY=${key}
whodunit import "$(psql -Atc "SELECT pg_current_logfile('jsonlog')")" --service postgresql --url ${origin}`,
})
