//! The endpoints that the clients of other systems know: Loki, OpenTelemetry, Elasticsearch.

use whodunit_model::Permission;

use super::Operation;
use super::docs::{Docs, JSON, LOKI, OTLP, PROJECT, TEXT, Verb, answers, content, json};
use crate::call::{AuditClass, BodyLimit, Handler};
use crate::dialect::Dialect;
use crate::gate::RateClass;
use crate::routes::{elastic, loki, meta, otlp};

const OTLP_LOGS: Docs = answers(200, content(OTLP, ""))
    .said("`ExportLogsServiceRequest` as protobuf or JSON; plain, gzip, deflate, zstd or br. Attributes of record, scope and resource are all kept. Records that are not taken are counted in `partial_success`. See docs/compatibility.md.")
    .takes(content(OTLP, ""))
    .errors(Dialect::Status)
    .with(&[PROJECT]);

const BULK: Docs = answers(200, content(JSON, ""))
    .said("An action and a document on alternating lines. `index` and `create` are taken, `update` and `delete` refused item by item. See docs/compatibility.md.")
    .takes(content(&["application/x-ndjson", "application/json"], ""))
    .errors(Dialect::Elastic)
    .with(&[PROJECT]);

/// A bulk request, by one of its methods and paths.
const fn bulk(method: Verb, path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation {
        method,
        path,
        id,
        permission: Permission::Ingest,
        audit: AuditClass::Ingest,
        body: BodyLimit::Logs,
        rate: RateClass::Telemetry,
        handler: elastic::bulk,
        summary,
        docs: BULK,
    }
}

/// What clients ask or arrange before they send. Nothing is kept: fields become columns by themselves.
const fn arrangement(
    method: Verb,
    path: &'static str,
    id: &'static str,
    handler: Handler,
    summary: &'static str,
) -> Operation {
    Operation {
        method,
        path,
        id,
        permission: Permission::Ingest,
        audit: AuditClass::Ingest,
        body: BodyLimit::Request,
        rate: RateClass::Light,
        handler,
        summary,
        docs: answers(200, content(JSON, "")).errors(Dialect::Elastic),
    }
}

pub const OPERATIONS: &[Operation] = &[
    Operation {
        method: Verb::Post,
        path: "/loki/api/v1/push",
        id: "loki_push",
        permission: Permission::Ingest,
        audit: AuditClass::Ingest,
        body: BodyLimit::Logs,
        rate: RateClass::Telemetry,
        handler: loki::push,
        summary: "Push log lines as to Loki",
        docs: answers(204, content(TEXT, ""))
            .said("JSON, or protobuf in a snappy block; JSON plain, gzip, deflate, snappy, zstd or br. Labels, structured metadata and context inside JSON lines fill the context columns. 400 names what was not taken while the other entries are stored, 422 says that there were none. See docs/compatibility.md.")
            .takes(content(LOKI, ""))
            .errors(Dialect::Plain)
            .with(&[PROJECT]),
    },
    Operation {
        method: Verb::Get,
        path: "/ready",
        id: "loki_ready",
        permission: Permission::Public,
        audit: AuditClass::Public,
        body: BodyLimit::None,
        rate: RateClass::Light,
        handler: meta::ready_in_a_word,
        summary: "The same in the form in which Loki says it",
        docs: answers(200, content(TEXT, "Text")).errors(Dialect::Plain),
    },
    Operation {
        method: Verb::Get,
        path: "/loki/api/v1/status/buildinfo",
        id: "loki_build_info",
        permission: Permission::Public,
        audit: AuditClass::Public,
        body: BodyLimit::None,
        rate: RateClass::Light,
        handler: loki::build_info,
        summary: "Version, in the form in which Loki says it",
        docs: json("").errors(Dialect::Plain),
    },
    Operation {
        method: Verb::Post,
        path: "/v1/logs",
        id: "otlp_logs",
        permission: Permission::Ingest,
        audit: AuditClass::Ingest,
        body: BodyLimit::Logs,
        rate: RateClass::Telemetry,
        handler: otlp::logs,
        summary: "Export log records as OTLP/HTTP",
        docs: OTLP_LOGS,
    },
    Operation {
        method: Verb::Post,
        path: "/otlp/v1/logs",
        id: "otlp_logs_below",
        permission: Permission::Ingest,
        audit: AuditClass::Ingest,
        body: BodyLimit::Logs,
        rate: RateClass::Telemetry,
        handler: otlp::logs,
        summary: "The same, below the prefix that Loki gives it",
        docs: OTLP_LOGS,
    },
    bulk(Verb::Post, "/_bulk", "elastic_bulk", "Send documents as to Elasticsearch or OpenSearch"),
    bulk(Verb::Put, "/_bulk", "elastic_bulk_put", "The same by PUT"),
    bulk(Verb::Post, "/{index}/_bulk", "elastic_bulk_index", "The same for one index"),
    bulk(Verb::Put, "/{index}/_bulk", "elastic_bulk_index_put", "The same for one index by PUT"),
    arrangement(Verb::Get, "/_cluster/health", "elastic_health", elastic::health, "Health, in the form in which Elasticsearch says it"),
    arrangement(Verb::Get, "/_cat/health", "elastic_cat_health", elastic::cat_health, "The same as a line of text"),
    arrangement(Verb::Get, "/_license", "elastic_license", elastic::license, "The basic licence, which some clients ask for"),
    arrangement(Verb::Get, "/_xpack", "elastic_xpack", elastic::xpack, "Features of Elasticsearch: none of them is here"),
    arrangement(Verb::Get, "/_ilm/policy/{name}", "elastic_get_policy", elastic::absent, "A lifecycle policy: always 404"),
    arrangement(Verb::Put, "/_ilm/policy/{name}", "elastic_put_policy", elastic::acknowledge, "A lifecycle policy: acknowledged, not kept"),
    arrangement(Verb::Get, "/_index_template/{name}", "elastic_get_index_template", elastic::absent, "An index template: always 404"),
    arrangement(Verb::Put, "/_index_template/{name}", "elastic_put_index_template", elastic::acknowledge, "An index template: acknowledged, not kept"),
    arrangement(Verb::Get, "/_component_template/{name}", "elastic_get_component_template", elastic::absent, "A component template: always 404"),
    arrangement(Verb::Put, "/_component_template/{name}", "elastic_put_component_template", elastic::acknowledge, "A component template: acknowledged, not kept"),
    arrangement(Verb::Get, "/_template/{name}", "elastic_get_template", elastic::absent, "A legacy template: always 404"),
    arrangement(Verb::Put, "/_template/{name}", "elastic_put_template", elastic::acknowledge, "A legacy template: acknowledged, not kept"),
    arrangement(
        Verb::Get,
        "/{index}/_refresh",
        "elastic_refresh_get",
        elastic::refresh,
        "Make documents visible: they are already",
    ),
    arrangement(Verb::Post, "/{index}/_refresh", "elastic_refresh", elastic::refresh, "Make documents visible: they are already"),
];
