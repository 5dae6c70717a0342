//! The operation table as `docs/reference/api.md`. A test compares the file with this text.

use std::fmt::Write;

use serde_json::Value;

use crate::openapi::{path_parameters, permission_note};
use crate::operation::{Content, OPERATIONS, Operation};
use crate::schema::schemas;

/// The whole page.
pub fn page() -> String {
    let mut out = String::from(HEAD);
    for operation in OPERATIONS {
        let _infallible =
            writeln!(out, "| `{}` | `{}` | {} |", operation.method.name(), operation.path, operation.summary);
    }
    out.push_str("\n## Operations\n");
    for operation in OPERATIONS {
        section(&mut out, operation);
    }
    out.push_str("\n## Bodies\n");
    for (name, schema) in schemas() {
        if let Some(properties) = schema["properties"].as_object()
            && !properties.is_empty()
        {
            body(&mut out, &name, &schema);
        }
    }
    out
}

const HEAD: &str = "\
# HTTP API

Generated from the operation table (`crates/server/src/operation.rs`); `UPDATE_REFERENCE=1 cargo test -p whodunit-server reference` writes it anew.
The same as OpenAPI 3.1: `GET /api/v1/openapi.json`.

Credentials: `Authorization: Bearer KEY` or `X-API-Key: KEY`, or the session cookie of a signed-in user together with `X-CSRF-Token` for everything that changes something.
Clients of other systems may also send the key as the password of Basic authentication, or as Elasticsearch's `ApiKey`.
Every answer carries `X-Correlation-ID`: the one that was sent, or a new one.
Every error is `{\"error\": {\"kind\", \"message\", \"hint\"?, \"field\"?, \"limit\"?}}`; 429 and 503 carry `Retry-After`.

| method | path | what |
|---|---|---|
";

fn section(out: &mut String, operation: &Operation) {
    let docs = &operation.docs;
    let _infallible =
        writeln!(out, "\n### {}\n\n`{} {}`\n", operation.summary, operation.method.name(), operation.path);
    let text = format!("{}{}", docs.description, permission_note(operation.permission));
    for sentence in text.trim().split_inclusive(". ").map(str::trim).filter(|sentence| !sentence.is_empty()) {
        let _infallible = writeln!(out, "{sentence}");
    }
    let _infallible = writeln!(out, "{}", operation.audit.note());
    if !docs.errors.note().is_empty() {
        let _infallible = writeln!(out, "{}", docs.errors.note());
    }
    out.push('\n');
    for name in path_parameters(operation.path) {
        let _infallible = writeln!(out, "- path `{name}`");
    }
    for parameter in docs.parameters {
        let place = format!("{:?}", parameter.place).to_ascii_lowercase();
        let _infallible = writeln!(out, "- {place} `{}`: {}", parameter.name, parameter.description);
    }
    if let Some(request) = &docs.request {
        let _infallible = writeln!(out, "- body (at most {}): {}", operation.body.note(), carried(request));
    }
    match docs.status {
        204 => out.push_str("- answer 204 without a body\n"),
        status => {
            let _infallible = writeln!(out, "- answer {status}: {}", carried(&docs.response));
        }
    }
}

fn carried(content: &Content) -> String {
    let types = content.types.iter().map(|media| format!("`{media}`")).collect::<Vec<_>>().join(", ");
    if content.schema.is_empty() { types } else { format!("`{}` as {types}", content.schema) }
}

fn body(out: &mut String, name: &str, schema: &Value) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let _infallible = writeln!(out, "\n### {name}\n\n{}\n", text(&schema["description"]));
    out.push_str("| member | type | |\n|---|---|---|\n");
    let required = |member: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == member));
    for (member, one) in schema["properties"].as_object().into_iter().flatten() {
        let optional = if required(member) { "" } else { " (optional)" };
        let description = text(&one["description"]);
        let _infallible = writeln!(out, "| `{member}`{optional} | {} | {description} |", kind(one));
    }
}

fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return format!("`{}`", reference.rsplit('/').next().unwrap_or_default());
    }
    match schema["type"].as_str() {
        Some("array") => format!("list of {}", kind(&schema["items"])),
        Some("string") => "text".to_owned(),
        Some(other) => other.to_owned(),
        None => "anything".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use whodunit_control::{
        GIVEN_KEY_CHARACTERS_MIN, PASSWORD_BYTES_MAX, PASSWORD_CHARACTERS_MIN, SESSION_ABSOLUTE, SESSION_IDLE,
        SIGN_IN_FAILURES_PER_ADDRESS_MAX, SIGN_IN_FAILURES_PER_EMAIL_MAX, SIGN_IN_WINDOW,
    };
    use whodunit_ingest::{audit, body, elastic, gateway, loki, sentry, syslog};
    use whodunit_model::redact;
    use whodunit_model::sources;

    use whodunit_sourcemaps::bundle;

    use super::*;
    use crate::artifacts::{chunks, files, releases, scripts, shelf};
    use crate::call::{REQUEST_BODY_MAX, SMALL_BODY_MAX};
    use crate::gate::{
        ACCOUNT_REQUESTS_MAX, LIGHT_REQUESTS_MAX, SMALL_TELEMETRY_BYTES_MAX, SMALL_TELEMETRY_PER_PLACE,
        TELEMETRY_OF_PROJECT_PER_HUNDRED_MAX, WAIT_MAX, WAITING_PER_PERMIT,
    };
    use crate::heard::SOURCES_SAVE_INTERVAL;
    use crate::identity::HEADER_TEXT_MAX;
    use crate::openapi;
    use crate::pg::{listen, message, portal, session, wire};
    use crate::refusals::{REFUSALS_RECORDED_MAX, REFUSALS_WINDOW};
    use crate::routes::summary;
    use crate::settings::SETTINGS;
    use crate::syslog::{SYSLOG_CONNECTIONS_MAX, SYSLOG_DATAGRAMS_MAX, SYSLOG_IDLE_MAX};
    use crate::tls::{TLS_FILE_BYTES_MAX, TLS_HANDSHAKE_TIMEOUT};
    use crate::watching::{WATCHED_FOR, WATCHERS_MAX};

    #[test]
    fn the_reference_page_is_what_the_table_says() {
        hold("api.md", &page());
    }

    /// The interface's types are made from it.
    #[test]
    fn the_reference_has_the_api_as_openapi() {
        let document = serde_json::to_string_pretty(&openapi::document()).expect("a document is JSON");
        hold("openapi.json", &(document + "\n"));
    }

    /// A generated page is as it would be made now; with `UPDATE_REFERENCE` in the environment it is made.
    fn hold(name: &str, text: &str) {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference");
        let path = std::path::Path::new(folder).join(name);
        if std::env::var_os("UPDATE_REFERENCE").is_some() {
            std::fs::create_dir_all(folder).expect("docs exist");
            std::fs::write(&path, text).expect("the page is written");
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(found == text, "docs/reference/{name} is not what the table says; run with UPDATE_REFERENCE=1");
    }

    const LIMITS: &str = include_str!("../../../docs/limits.md");

    #[test]
    fn the_page_of_limits_has_every_setting_with_its_default() {
        let bounds = |name: &&str| {
            ["_max", "_timeout", "_min", "query_time", "query_rows"].iter().any(|end| name.ends_with(end))
        };
        for setting in SETTINGS.iter().filter(|setting| bounds(&setting.name)) {
            let line = format!("| `{}` | `{}` |", setting.name, setting.default);
            assert!(LIMITS.contains(&line), "docs/limits.md lacks {line}");
        }
    }

    #[test]
    fn the_page_of_limits_has_the_constants_as_they_are() {
        let hours = |duration: Duration| duration.as_secs() / 3600;
        let bytes = |bytes: usize| format!("{bytes} bytes");
        let window = SIGN_IN_WINDOW.as_secs() / 60;
        let lines = [
            ("tls_handshake_timeout", format!("{} s", TLS_HANDSHAKE_TIMEOUT.as_secs())),
            ("tls_file_bytes_max", bytes(TLS_FILE_BYTES_MAX)),
            ("pg_startup_bytes_max", bytes(message::STARTUP_BYTES_MAX)),
            ("pg_sign_in_bytes_max", bytes(message::SIGN_IN_BYTES_MAX)),
            ("pg_message_bytes_max", bytes(message::MESSAGE_BYTES_MAX)),
            ("pg_parameters_max", whodunit_query::postgres::PARAMETERS_MAX.to_string()),
            ("pg_prepared_max", portal::PREPARED_MAX.to_string()),
            ("pg_portals_max", portal::PORTALS_MAX.to_string()),
            ("pg_sign_in_timeout", format!("{} s", listen::SIGN_IN_TIMEOUT.as_secs())),
            ("pg_idle_timeout", format!("{} s", session::IDLE_TIMEOUT.as_secs())),
            ("pg_suspended_timeout", format!("{} s", session::SUSPENDED_TIMEOUT.as_secs())),
            ("pg_read_timeout", format!("{} s", wire::READ_TIMEOUT.as_secs())),
            ("pg_write_timeout", format!("{} s", wire::WRITE_TIMEOUT.as_secs())),
            ("small_body_max", bytes(SMALL_BODY_MAX)),
            ("labels_max", loki::LABELS_MAX.to_string()),
            ("items_max", elastic::ITEMS_MAX.to_string()),
            ("id_bytes_max", bytes(elastic::ID_BYTES_MAX)),
            ("event_bytes_max", bytes(sentry::EVENT_BYTES_MAX)),
            ("event_ids_max", whodunit_ingest::repeats::EVENT_IDS_MAX.to_string()),
            ("envelope_items_max", sentry::ENVELOPE_ITEMS_MAX.to_string()),
            ("envelope_header_bytes_max", bytes(sentry::HEADER_BYTES_MAX)),
            ("attachment_bytes_max", bytes(sentry::ATTACHMENT_BYTES_MAX)),
            ("attachments_max", sentry::ATTACHMENTS_MAX.to_string()),
            ("chunk_bytes_max", bytes(chunks::CHUNK_BYTES_MAX)),
            ("chunks_per_request_max", chunks::CHUNKS_PER_REQUEST_MAX.to_string()),
            ("chunks_waiting_max", chunks::CHUNKS_WAITING_MAX.to_string()),
            ("bundle_bytes_max", format!("{} bytes", scripts::BUNDLE_BYTES_MAX)),
            ("bundle_files_max", bundle::FILES_MAX.to_string()),
            ("bundle_file_bytes_max", format!("{} bytes", bundle::FILE_BYTES_MAX)),
            ("artifact_bytes_max", format!("{} bytes", shelf::ARTIFACT_BYTES_MAX)),
            ("issues_export_max", whodunit_query::issues::ISSUES_EXPORT_MAX.to_string()),
            ("release_files_max", files::FILES_MAX.to_string()),
            ("file_name_characters_max", files::NAME_CHARACTERS_MAX.to_string()),
            ("scripts_bytes_max", bytes(scripts::SCRIPTS_BYTES_MAX)),
            ("frames_max", whodunit_sourcemaps::frames::FRAMES_MAX.to_string()),
            ("releases_max", releases::RELEASES_MAX.to_string()),
            ("deploys_max", releases::DEPLOYS_MAX.to_string()),
            ("release_characters_max", releases::RELEASE_CHARACTERS_MAX.to_string()),
            ("check_in_bytes_max", bytes(sentry::CHECK_IN_BYTES_MAX)),
            ("monitor_bytes_max", bytes(sentry::SLUG_BYTES_MAX)),
            ("sessions_max", sentry::SESSIONS_MAX.to_string()),
            ("reports_max", sentry::REPORTS_MAX.to_string()),
            ("form_parts_max", sentry::PARTS_MAX.to_string()),
            ("monitors_max", crate::monitors::MONITORS_MAX.to_string()),
            ("intake_globs_max", whodunit_control::intake::INTAKE_GLOBS_MAX.to_string()),
            ("grouping_bytes_max", bytes(whodunit_control::grouping::GROUPING_BYTES_MAX)),
            ("grouping_rules_max", whodunit_issues::rules::RULES_MAX.to_string()),
            ("grouping_matchers_max", whodunit_issues::rules::MATCHERS_MAX.to_string()),
            ("spike_keeps_one_in", whodunit_ingest::intake::SPIKE_KEEPS_ONE_IN.to_string()),
            ("intake_keys_max", whodunit_ingest::intake::KEYS_MAX.to_string()),
            ("releases_max", crate::routes::releases::RELEASES_MAX.to_string()),
            ("container_bytes_max", bytes(sentry::CONTAINER_BYTES_MAX)),
            ("syslog_connections_max", SYSLOG_CONNECTIONS_MAX.to_string()),
            ("syslog_idle_max", format!("{} min", SYSLOG_IDLE_MAX.as_secs() / 60)),
            ("syslog_message_bytes_max", bytes(syslog::MESSAGE_BYTES_MAX)),
            ("syslog_datagrams_max", SYSLOG_DATAGRAMS_MAX.to_string()),
            ("request_body_max", bytes(REQUEST_BODY_MAX)),
            ("waiting_per_permit", WAITING_PER_PERMIT.to_string()),
            ("small_telemetry_bytes_max", bytes(SMALL_TELEMETRY_BYTES_MAX)),
            ("small_telemetry_per_place", SMALL_TELEMETRY_PER_PLACE.to_string()),
            ("wait_max", format!("{} s", WAIT_MAX.as_secs())),
            ("account_requests_max", ACCOUNT_REQUESTS_MAX.to_string()),
            ("light_requests_max", LIGHT_REQUESTS_MAX.to_string()),
            ("header_text_max", bytes(HEADER_TEXT_MAX)),
            ("refusals_recorded_max", format!("{REFUSALS_RECORDED_MAX} a minute")),
            ("sign_in_failures_per_email_max", format!("{SIGN_IN_FAILURES_PER_EMAIL_MAX} in {window} min")),
            ("sign_in_failures_per_address_max", format!("{SIGN_IN_FAILURES_PER_ADDRESS_MAX} in {window} min")),
            ("password_characters_min", PASSWORD_CHARACTERS_MIN.to_string()),
            ("password_bytes_max", bytes(PASSWORD_BYTES_MAX)),
            ("session_idle", format!("{} h", hours(SESSION_IDLE))),
            ("session_absolute", format!("{} d", hours(SESSION_ABSOLUTE) / 24)),
            ("given_key_characters_min", GIVEN_KEY_CHARACTERS_MIN.to_string()),
            ("compressed_bytes_max", bytes(body::COMPRESSED_BYTES_MAX)),
            ("body_bytes_max", bytes(body::BODY_BYTES_MAX)),
            ("entry_bytes_max", bytes(audit::ENTRY_BYTES_MAX)),
            ("text_bytes_max", bytes(audit::entry::TEXT_BYTES_MAX)),
            ("json_bytes_max", bytes(audit::entry::JSON_BYTES_MAX)),
            ("changes_max", audit::changes::CHANGES_MAX.to_string()),
            ("redaction_rules_max", redact::RULES_MAX.to_string()),
            ("redaction_rule_name_bytes_max", bytes(redact::RULE_NAME_BYTES_MAX)),
            ("redaction_pattern_bytes_max", bytes(redact::PATTERN_BYTES_MAX)),
            ("redaction_pattern_memory_max", bytes(redact::PATTERN_MEMORY_MAX)),
            ("redaction_test_rows_max", crate::routes::redaction::TEST_ROWS_MAX.to_string()),
            (
                "telemetry_memory_of_project_per_hundred_max",
                gateway::TELEMETRY_MEMORY_OF_PROJECT_PER_HUNDRED_MAX.to_string(),
            ),
            ("telemetry_of_project_per_hundred_max", TELEMETRY_OF_PROJECT_PER_HUNDRED_MAX.to_string()),
            ("telemetry_memory_per_hundred_max", gateway::TELEMETRY_MEMORY_PER_HUNDRED_MAX.to_string()),
            ("time_ahead_max", format!("{} h", hours(audit::entry::TIME_AHEAD_MAX))),
            ("rejections_max", whodunit_api::logs::REJECTIONS_MAX.to_string()),
            ("sql_bytes", bytes(whodunit_query::statement::SQL_BYTES_MAX)),
            ("question_bytes", bytes(whodunit_query::ask::QUESTION_BYTES_MAX)),
            ("ask_rows_max", whodunit_query::ask::ASK_ROWS_MAX.to_string()),
            ("list_rows_max", whodunit_query::list::LIST_ROWS_MAX.to_string()),
            ("facets", whodunit_query::list::FACETS_MAX.to_string()),
            ("facet_values_max", whodunit_query::list::FACET_VALUES_MAX.to_string()),
            ("sources_per_project_max", sources::SOURCES_PER_PROJECT_MAX.to_string()),
            ("source_services_max", sources::SOURCE_SERVICES_MAX.to_string()),
            ("source_name_bytes_max", bytes(sources::SOURCE_NAME_BYTES_MAX)),
            ("source_reason_bytes_max", bytes(sources::SOURCE_REASON_BYTES_MAX)),
            ("searched_sources_max", whodunit_query::sources::SEARCHED_SOURCES_MAX.to_string()),
            ("sources_save_interval", format!("{} s", SOURCES_SAVE_INTERVAL.as_secs())),
            ("timeline_requests", whodunit_query::timeline::REQUESTS_MAX.to_string()),
        ];
        let more = [
            ("histogram_buckets_max", whodunit_query::list::BUCKETS_MAX.to_string()),
            ("fields_rows_max", whodunit_query::fields::FIELDS_ROWS_MAX.to_string()),
            ("fields_attributes_max", whodunit_query::fields::FIELDS_ATTRIBUTES_MAX.to_string()),
            ("blame_fields_max", whodunit_query::blame::BLAME_FIELDS_MAX.to_string()),
            ("export_attributes_max", whodunit_query::export::EXPORT_ATTRIBUTES_MAX.to_string()),
            ("activity_rate_max", whodunit_query::activity::ACTIVITY_RATE_MAX.to_string()),
            ("activity_backlog_max", whodunit_query::activity::ACTIVITY_BACKLOG_MAX.to_string()),
            ("activity_age_max", format!("{} h", hours(whodunit_query::activity::ACTIVITY_AGE_MAX))),
            ("saved_views_per_user_max", whodunit_control::SAVED_VIEWS_PER_USER_MAX.to_string()),
            ("saved_views_shared_max", whodunit_control::SAVED_VIEWS_SHARED_MAX.to_string()),
            ("saved_view_query_bytes_max", bytes(whodunit_control::SAVED_VIEW_QUERY_BYTES_MAX)),
            ("cases_per_project_max", whodunit_control::CASES_PER_PROJECT_MAX.to_string()),
            ("case_items_max", whodunit_control::CASE_ITEMS_MAX.to_string()),
            ("case_rows_per_request_max", whodunit_control::CASE_ROWS_PER_REQUEST_MAX.to_string()),
            ("case_row_bytes_max", bytes(whodunit_control::CASE_ROW_BYTES_MAX)),
            ("case_note_characters_max", whodunit_control::CASE_NOTE_CHARACTERS_MAX.to_string()),
            ("issues_per_request_max", whodunit_control::ISSUES_PER_REQUEST_MAX.to_string()),
            ("issues_acted_per_project_max", whodunit_control::ISSUES_ACTED_PER_PROJECT_MAX.to_string()),
            ("issue_events_max", whodunit_control::ISSUE_EVENTS_MAX.to_string()),
            ("issue_users_max", whodunit_control::ISSUE_USERS_MAX.to_string()),
            ("issue_comments_max", whodunit_control::ISSUE_COMMENTS_MAX.to_string()),
            ("issue_comment_characters_max", whodunit_control::ISSUE_COMMENT_CHARACTERS_MAX.to_string()),
            ("series_values_max", whodunit_query::issue_statistics::SERIES_VALUES_MAX.to_string()),
            ("affected_users_max", whodunit_query::issue_statistics::AFFECTED_USERS_MAX.to_string()),
            ("tagged_events_max", whodunit_query::error_tags::TAGGED_EVENTS_MAX.to_string()),
            ("tag_values_counted_max", whodunit_query::error_tags::TAG_VALUES_COUNTED_MAX.to_string()),
            ("tags_max", whodunit_query::error_tags::TAGS_MAX.to_string()),
            ("tag_values_max", whodunit_query::error_tags::TAG_VALUES_MAX.to_string()),
            ("issue_feedback_max", crate::routes::feedback::ISSUE_FEEDBACK_MAX.to_string()),
            ("similar_issues_max", crate::routes::similar::SIMILAR_ISSUES_MAX.to_string()),
            ("similar_compared_max", crate::routes::similar::SIMILAR_COMPARED_MAX.to_string()),
            ("issues_known_per_project_max", whodunit_control::ISSUES_KNOWN_PER_PROJECT_MAX.to_string()),
            ("releases_known_per_project_max", whodunit_control::RELEASES_KNOWN_PER_PROJECT_MAX.to_string()),
            ("growth_days_max", whodunit_store::maintain::outlook::GROWTH_DAYS_MAX.to_string()),
            ("outlook_days_max", whodunit_store::maintain::outlook::OUTLOOK_DAYS_MAX.to_string()),
            ("rates_minutes_max", crate::rates::RATES_MINUTES_MAX.to_string()),
            ("rates_interval", format!("{} s", crate::rates::RATES_INTERVAL.as_secs())),
            ("checkup_interval", format!("{} s", crate::checkup::CHECKUP_INTERVAL.as_secs())),
            ("watched_for", format!("{} min", WATCHED_FOR.as_secs() / 60)),
            ("watchers_max", WATCHERS_MAX.to_string()),
            ("summary_days", summary::SUMMARY_DAYS_MAX.to_string()),
            ("summary_buckets_max", summary::BUCKETS_MAX.to_string()),
            ("top_max", summary::TOP_MAX.to_string()),
        ];
        for (name, value) in lines.into_iter().chain(more) {
            let line = format!("| `{name}` | {value} |");
            assert!(LIMITS.contains(&line), "docs/limits.md lacks {line}");
        }
        assert_eq!(REFUSALS_WINDOW, Duration::from_secs(60), "the page says a minute");
    }
}
