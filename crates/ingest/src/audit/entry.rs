//! Builds one audit entry from one JSON object.
//!
//! First every member is matched to its field, the best name of a field winning; then the fields are read in the
//! order of the alias list; what is left over or unknown becomes `metadata`, so that nothing sent is lost.

use std::borrow::Cow;

use whodunit_model::AuditEntry;
use whodunit_stdx::{EntryId, Timestamp};

use super::Context;
use super::alias::{ALIASES, COMPOSITES, Composite, Rule, TEXT_COLUMNS, TextColumn, Unit, find};
use super::{action, changes};
use crate::json::Value;
use crate::level::{self, Level, Scale};
use crate::time;

/// Longest text of one field.
pub const TEXT_BYTES_MAX: usize = 32 * 1024;
/// Longest canonical JSON of `metadata`, `arguments`, or one side of a change.
pub const JSON_BYTES_MAX: usize = 256 * 1024;
/// How far ahead of our clock an entry may be; clocks of phones are off by minutes, not by hours.
pub const TIME_AHEAD_MAX: std::time::Duration = std::time::Duration::from_secs(3600);

/// Why an entry is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub field: String,
    pub code: &'static str,
    pub reason: String,
}

impl Refusal {
    pub fn new(field: &str, code: &'static str, reason: impl Into<String>) -> Refusal {
        Refusal { field: field.to_owned(), code, reason: reason.into() }
    }

    fn invalid(field: &str, reason: impl Into<String>) -> Refusal {
        Refusal::new(field, "invalid", reason)
    }
}

/// What an entry must bring by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// An entry of its own: an action is required, context and time are filled in.
    Entry,
    /// The second step of an intent: only what is sent.
    Completion,
}

/// One entry on its way from JSON to a row.
struct Draft<'v, 'a> {
    entry: AuditEntry,
    /// Members that belong to no column.
    metadata: Vec<(Cow<'v, str>, Cow<'v, Value<'a>>)>,
    before: Option<&'v Value<'a>>,
    after: Option<&'v Value<'a>>,
    status_word: Option<&'v str>,
    status_says: Option<&'static str>,
    sent_time: Option<Timestamp>,
}

/// Reads one entry.
pub fn build(value: &Value<'_>, context: &Context, demand: Demand) -> Result<AuditEntry, Refusal> {
    let Some(members) = value.as_object() else {
        return Err(Refusal::new("", "not_json", "an entry is a JSON object"));
    };
    let mut draft = Draft {
        entry: AuditEntry::default(),
        metadata: Vec::new(),
        before: None,
        after: None,
        status_word: None,
        status_says: None,
        sent_time: None,
    };
    let mut chosen: [Option<(usize, &str, &Value<'_>)>; ALIASES.len()] = [None; ALIASES.len()];
    for (name, value) in members {
        if value.is_null() {
            continue;
        }
        let Some(named) = find(name) else {
            draft.keep(name, value);
            continue;
        };
        match &mut chosen[named.row] {
            Some((rank, other_name, other)) if named.rank <= *rank => {
                draft.keep_other(other_name, other, value);
                chosen[named.row] = Some((named.rank, name, value));
            }
            Some((_, _, better)) => draft.keep_other(name, value, better),
            empty => *empty = Some((named.rank, name, value)),
        }
    }
    for (row, found) in chosen.into_iter().enumerate() {
        if let Some((_, name, value)) = found {
            draft.read(row, name, value)?;
        }
    }
    draft.finish(context, demand)
}

impl<'v, 'a> Draft<'v, 'a> {
    fn keep(&mut self, name: &'v str, value: &'v Value<'a>) {
        self.metadata.push((Cow::Borrowed(name), Cow::Borrowed(value)));
    }

    /// Keeps the value of a second name for a field, unless it says the same as the first.
    fn keep_other(&mut self, name: &'v str, value: &'v Value<'a>, winner: &Value<'a>) {
        if value != winner {
            self.keep(name, value);
        }
    }

    fn note(&mut self, name: &'static str, text: &str) {
        self.metadata.push((Cow::Borrowed(name), Cow::Owned(Value::Text(Cow::Owned(text.to_owned())))));
    }

    fn read(&mut self, row: usize, name: &'v str, value: &'v Value<'a>) -> Result<(), Refusal> {
        let alias = &ALIASES[row];
        let field = alias.field;
        match alias.rule {
            Rule::Text(column) => self.text(column, field, name, value)?,
            Rule::Id => self.entry.id = Some(entry_id(value)?),
            Rule::Time => self.sent_time = Some(instant(field, value)?),
            Rule::TraceId => self.entry.trace_id = Some(hexadecimal(field, value)?),
            Rule::SpanId => self.entry.span_id = Some(hexadecimal(field, value)?),
            Rule::Traceparent => self.traceparent(name, value),
            Rule::RequestStatus => self.entry.request_status = Some(whole_number(field, value)?),
            Rule::Status => self.status(name, value),
            Rule::Outcome => self.outcome(name, value),
            Rule::Success => self.success(name, value),
            Rule::Category => self.category(value),
            Rule::Severity => self.severity(value),
            Rule::SeverityNumber => self.severity_number(value),
            Rule::State => self.entry.state = Some(state(value)?),
            Rule::Origin => self.origin(name, value),
            Rule::Duration(unit) => {
                let nanos = duration(value, unit)?;
                self.entry.duration_ns.get_or_insert(nanos);
            }
            Rule::Arguments => self.entry.arguments = Some(json("arguments", value)?),
            Rule::Changes => match changes::read(value) {
                Some(read) => self.entry.changes = read,
                None => self.keep(name, value),
            },
            Rule::Before => self.before = Some(value),
            Rule::After => self.after = Some(value),
            Rule::Metadata => self.metadata(name, value),
            Rule::Composite(composite) => self.composite(composite, name, value)?,
        }
        Ok(())
    }

    fn text(&mut self, column: TextColumn, field: &str, name: &'v str, value: &'v Value<'a>) -> Result<(), Refusal> {
        let Some(text) = scalar_text(value) else {
            // The vocabulary's own name means the column; another application's name may mean something else.
            if name == field {
                return Err(Refusal::invalid(field, "must be text"));
            }
            self.keep(name, value);
            return Ok(());
        };
        if text.len() > TEXT_BYTES_MAX {
            let reason = format!("longer than {TEXT_BYTES_MAX} bytes");
            return Err(Refusal::new(field, "too_large", reason));
        }
        if !text.is_empty() {
            *(TEXT_COLUMNS[column.0].1)(&mut self.entry) = Some(text.into_owned());
        }
        Ok(())
    }

    fn traceparent(&mut self, name: &'v str, value: &'v Value<'a>) {
        match value.as_text().and_then(parse_traceparent) {
            Some((trace, span)) => {
                self.entry.trace_id.get_or_insert(trace);
                self.entry.span_id.get_or_insert(span);
            }
            None => self.keep(name, value),
        }
    }

    /// A number is the response's status, a word the outcome, anything else the application's own affair.
    fn status(&mut self, name: &'v str, value: &'v Value<'a>) {
        if let Some(number) = integer(value).filter(|number| (100..600).contains(number)) {
            self.entry.request_status.get_or_insert(number);
            return;
        }
        self.status_word = value.as_text();
        match self.status_word.and_then(outcome_of_word) {
            Some(outcome) => self.status_says = Some(outcome),
            None => self.keep(name, value),
        }
    }

    fn outcome(&mut self, name: &'v str, value: &'v Value<'a>) {
        let known = match value {
            Value::Boolean(truth) => Some(outcome_of_truth(*truth)),
            Value::Text(word) => outcome_of_word(word),
            _ => None,
        };
        match (known, value) {
            (Some(outcome), _) => self.entry.outcome = Some(outcome.to_owned()),
            (None, Value::Text(word)) if name == "outcome" => {
                self.entry.outcome = Some("unknown".to_owned());
                self.note("outcome_sent", word);
            }
            (None, _) => self.keep(name, value),
        }
    }

    fn success(&mut self, name: &'v str, value: &'v Value<'a>) {
        let truth = match value {
            Value::Boolean(truth) => Some(*truth),
            Value::Number("1") => Some(true),
            Value::Number("0") => Some(false),
            Value::Text(word) => word.parse().ok(),
            _ => None,
        };
        match truth {
            Some(truth) => {
                self.entry.outcome.get_or_insert_with(|| outcome_of_truth(truth).to_owned());
            }
            None => self.keep(name, value),
        }
    }

    fn category(&mut self, value: &'v Value<'a>) {
        let Some(word) = scalar_text(value) else { return self.keep("category_sent", value) };
        match action::category_of_word(&word) {
            Some(known) => {
                self.entry.category = Some(known.to_owned());
                if !known.eq_ignore_ascii_case(word.trim()) {
                    self.note("category_sent", &word);
                }
            }
            None => self.note("category_sent", &word),
        }
    }

    fn severity(&mut self, value: &'v Value<'a>) {
        let Some(word) = scalar_text(value) else { return self.keep("severity_sent", value) };
        let found = match integer(value) {
            Some(number @ 0..=7) => level::from_number(number, Scale::Syslog),
            Some(number @ 8..=24) => level::from_number(number, Scale::OpenTelemetry),
            Some(number) => level::from_number(number, Scale::Tens),
            None => level::from_word(&word),
        };
        self.set_severity(found, &word);
    }

    fn severity_number(&mut self, value: &'v Value<'a>) {
        let Some(word) = scalar_text(value) else { return self.keep("severity_sent", value) };
        if self.entry.severity.is_none() {
            let found = integer(value).and_then(|number| level::from_number(number, Scale::OpenTelemetry));
            self.set_severity(found, &word);
        }
    }

    fn set_severity(&mut self, found: Option<Level>, word: &str) {
        let severity = found.map(level::severity);
        self.entry.severity = severity.map(str::to_owned);
        if severity.is_none_or(|severity| !severity.eq_ignore_ascii_case(word.trim())) {
            self.note("severity_sent", word);
        }
    }

    /// A client is an SDK or the API; the other origins are not its to claim.
    fn origin(&mut self, name: &'v str, value: &'v Value<'a>) {
        match value.as_text() {
            Some("sdk") => self.entry.origin = Some("sdk".to_owned()),
            Some("api") => {}
            _ => {
                debug_assert_eq!(name, "origin");
                self.keep("origin_sent", value);
            }
        }
    }

    /// The first object of these names is the metadata; further ones are members of it.
    fn metadata(&mut self, name: &'v str, value: &'v Value<'a>) {
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    self.keep(key, value);
                }
            }
            _ => self.keep(name, value),
        }
    }

    fn composite(&mut self, composite: Composite, name: &'v str, value: &'v Value<'a>) -> Result<(), Refusal> {
        let Value::Object(members) = value else { return self.scalar_for(composite, name, value) };
        let (_, parts) = COMPOSITES.iter().find(|(known, _)| *known == composite).expect("every composite has a row");
        let mut left = Vec::new();
        let mut taken: Vec<&str> = Vec::new();
        for (column, keys) in *parts {
            let found =
                keys.iter().find_map(|key| members.iter().rev().find(|(name, value)| name == key && !value.is_null()));
            if let Some((key, value)) = found
                && self.fill(column, value)?
            {
                taken.push(key);
            }
        }
        for (key, value) in members {
            if !value.is_null() && !taken.contains(&&**key) {
                left.push((key.clone(), value.clone()));
            }
        }
        if !left.is_empty() {
            self.metadata.push((Cow::Borrowed(name), Cow::Owned(Value::Object(left))));
        }
        Ok(())
    }

    /// Fills a column from inside an object, unless a name of its own has filled it. Says whether the value is
    /// in the column now.
    fn fill(&mut self, column: &str, value: &Value<'_>) -> Result<bool, Refusal> {
        if column == "request_status" {
            let Some(number) = integer(value) else { return Ok(false) };
            return Ok(*self.entry.request_status.get_or_insert(number) == number);
        }
        let Some(text) = scalar_text(value) else { return Ok(false) };
        if text.len() > TEXT_BYTES_MAX {
            return Err(Refusal::new(column, "too_large", format!("longer than {TEXT_BYTES_MAX} bytes")));
        }
        let (_, slot, _) =
            TEXT_COLUMNS.iter().find(|(name, ..)| *name == column).expect("composites name text columns");
        let slot = slot(&mut self.entry);
        Ok(*slot.get_or_insert_with(|| text.clone().into_owned()) == *text)
    }

    /// A bare value where an object is usual: a name, a kind, a message or a path.
    fn scalar_for(&mut self, composite: Composite, name: &'v str, value: &'v Value<'a>) -> Result<(), Refusal> {
        let text = scalar_text(value);
        let column = match (composite, text.as_deref()) {
            (Composite::Actor, Some(text)) if text.contains('@') => "actor_email",
            (Composite::Actor, _) => "actor_id",
            (Composite::Target, _) => "target_type",
            (Composite::Error, _) => "error_message",
            (Composite::Request, _) => "request_path",
        };
        if !self.fill(column, value)? {
            self.keep(name, value);
        }
        Ok(())
    }

    fn finish(mut self, context: &Context, demand: Demand) -> Result<AuditEntry, Refusal> {
        self.take_states();
        let names_failure = self.entry.action.as_deref().is_some_and(action::names_failure);
        let entry = &mut self.entry;
        entry.received_at = context.received_at;
        entry.time = self.sent_time.unwrap_or(context.received_at);
        check_time(entry.time, context)?;
        if entry.outcome.is_none() {
            let failed = entry.error_message.is_some() || entry.error_type.is_some() || names_failure;
            let by_status = entry.request_status.map(|status| outcome_of_truth(status < 400));
            let derived = self.status_says.or(failed.then_some("failure")).or(by_status);
            entry.outcome = derived.map(str::to_owned);
        } else if let (Some(word), true) = (self.status_word, self.status_says.is_some()) {
            let differs = self.status_says != entry.outcome.as_deref();
            if differs {
                self.note("status", word);
            }
        }
        if demand == Demand::Entry {
            self.demand_entry(context)?;
        }
        self.entry.metadata = self.finish_metadata()?;
        check_changes(&self.entry)?;
        Ok(self.entry)
    }

    /// Old and new values side by side are changes, unless the changes were sent as such.
    fn take_states(&mut self) {
        if self.before.is_none() && self.after.is_none() {
            return;
        }
        match changes::difference(self.before, self.after) {
            Some(changes) if self.entry.changes.is_empty() => self.entry.changes = changes,
            Some(_) => {}
            None => {
                for (name, value) in [("old_values", self.before), ("new_values", self.after)] {
                    if let Some(value) = value {
                        self.keep(name, value);
                    }
                }
            }
        }
    }

    fn demand_entry(&mut self, context: &Context) -> Result<(), Refusal> {
        let entry = &mut self.entry;
        let Some(action) = entry.action.as_deref() else {
            return Err(Refusal::new("action", "missing", "an entry needs an action"));
        };
        if entry.category.is_none() {
            entry.category = action::category(action)
                .or_else(|| (!entry.changes.is_empty()).then_some("mutation"))
                .map(str::to_owned);
        }
        entry.severity.get_or_insert_with(|| "INFO".to_owned());
        entry.origin.get_or_insert_with(|| "api".to_owned());
        context.fill(entry);
        Ok(())
    }

    fn finish_metadata(&mut self) -> Result<Option<String>, Refusal> {
        let members = std::mem::take(&mut self.metadata);
        if members.is_empty() {
            return Ok(None);
        }
        let mut object: Vec<(Cow<'_, str>, Value<'_>)> = Vec::with_capacity(members.len());
        for (name, value) in members {
            let mut key = name.into_owned();
            // Two members of one name can only come from different places of the entry; both are kept.
            while object.iter().any(|(other, known)| *other == key && *known != *value) {
                key.push_str("_also");
            }
            object.push((Cow::Owned(key), value.into_owned()));
        }
        json("metadata", &Value::Object(object)).map(Some)
    }
}

fn check_time(time: Timestamp, context: &Context) -> Result<(), Refusal> {
    if time < Timestamp(0) {
        return Err(Refusal::new("time", "out_of_range", "before 1970"));
    }
    if time > context.received_at.saturating_add(TIME_AHEAD_MAX) {
        let reason = format!("more than {} s ahead of the server's clock", TIME_AHEAD_MAX.as_secs());
        return Err(Refusal::new("time", "out_of_range", reason));
    }
    Ok(())
}

fn check_changes(entry: &AuditEntry) -> Result<(), Refusal> {
    if entry.changes.len() > changes::CHANGES_MAX {
        return Err(Refusal::new("changes", "too_large", format!("more than {} fields", changes::CHANGES_MAX)));
    }
    let long = |text: &Option<String>| text.as_ref().is_some_and(|text| text.len() > JSON_BYTES_MAX);
    if entry
        .changes
        .iter()
        .any(|change| change.field.len() > TEXT_BYTES_MAX || long(&change.before) || long(&change.after))
    {
        return Err(Refusal::new("changes", "too_large", format!("a value longer than {JSON_BYTES_MAX} bytes")));
    }
    Ok(())
}

/// Text, or a number or boolean as its text.
fn scalar_text<'v>(value: &'v Value<'_>) -> Option<Cow<'v, str>> {
    match value {
        Value::Text(text) => Some(Cow::Borrowed(text)),
        Value::Number(raw) => Some(Cow::Borrowed(raw)),
        Value::Boolean(truth) => Some(Cow::Borrowed(if *truth { "true" } else { "false" })),
        _ => None,
    }
}

/// A whole number, also as text or with a zero fraction.
fn integer(value: &Value<'_>) -> Option<i64> {
    let raw = match value {
        Value::Number(raw) => raw,
        Value::Text(text) => text.trim(),
        _ => return None,
    };
    let whole = raw.split_once('.').map_or(
        raw,
        |(whole, fraction)| {
            if fraction.bytes().all(|digit| digit == b'0') { whole } else { raw }
        },
    );
    whole.parse().ok()
}

fn whole_number(field: &str, value: &Value<'_>) -> Result<i64, Refusal> {
    integer(value).ok_or_else(|| Refusal::invalid(field, "must be a whole number"))
}

fn entry_id(value: &Value<'_>) -> Result<EntryId, Refusal> {
    let text = value.as_text().ok_or_else(|| Refusal::invalid("id", "must be a UUID of version 7, as text"))?;
    text.parse().map_err(|error: whodunit_stdx::id::IdError| Refusal::invalid("id", error.to_string()))
}

fn instant(field: &str, value: &Value<'_>) -> Result<Timestamp, Refusal> {
    let parsed = match value {
        Value::Number(raw) => time::parse_number(raw),
        Value::Text(text) => time::parse_text(text),
        _ => Err(time::TimeError::Unreadable),
    };
    parsed.map_err(|error| match error {
        time::TimeError::Unreadable => Refusal::invalid(field, error.to_string()),
        time::TimeError::OutOfRange => Refusal::new(field, "out_of_range", error.to_string()),
    })
}

fn hexadecimal<const N: usize>(field: &str, value: &Value<'_>) -> Result<[u8; N], Refusal> {
    let refusal = || Refusal::invalid(field, format!("must be {} hexadecimal digits", N * 2));
    let text = value.as_text().ok_or_else(refusal)?;
    let mut bytes = [0; N];
    // Trace ids are often written like UUIDs.
    let plain: Cow<'_, str> = if text.contains('-') { Cow::Owned(text.replace('-', "")) } else { Cow::Borrowed(text) };
    hex::decode_to_slice(plain.as_bytes(), &mut bytes).map_err(|_| refusal())?;
    Ok(bytes)
}

/// Trace and span of a W3C `traceparent`; all zeros mean none.
pub fn parse_traceparent(text: &str) -> Option<([u8; 16], [u8; 8])> {
    let mut parts = text.trim().split('-');
    let (version, trace, span, _flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let (mut trace_id, mut span_id) = ([0; 16], [0; 8]);
    hex::decode_to_slice(trace, &mut trace_id).ok()?;
    hex::decode_to_slice(span, &mut span_id).ok()?;
    (version.len() == 2 && version != "ff" && trace_id != [0; 16] && span_id != [0; 8]).then_some((trace_id, span_id))
}

fn state(value: &Value<'_>) -> Result<String, Refusal> {
    match value.as_text() {
        Some(word @ ("complete" | "intent")) => Ok(word.to_owned()),
        _ => Err(Refusal::invalid("state", "must be \"complete\" or \"intent\"")),
    }
}

fn outcome_of_truth(succeeded: bool) -> &'static str {
    if succeeded { "success" } else { "failure" }
}

fn outcome_of_word(word: &str) -> Option<&'static str> {
    Some(match word.trim().to_ascii_lowercase().as_str() {
        "success" | "succeeded" | "successful" | "ok" | "okay" | "passed" | "allowed" | "granted" | "true" => "success",
        "failure" | "failed" | "fail" | "error" | "errored" | "denied" | "rejected" | "refused" | "false" => "failure",
        "unknown" => "unknown",
        _ => return None,
    })
}

/// Nanoseconds of a number in its unit, or of a text like `12ms`.
fn duration(value: &Value<'_>, unit: Unit) -> Result<i64, Refusal> {
    let refusal = || Refusal::invalid("duration_ns", "must be a duration that is not negative");
    let raw = match value {
        Value::Number(raw) => raw,
        Value::Text(text) => text.trim(),
        _ => return Err(refusal()),
    };
    let digits = raw.trim_end_matches(|letter: char| letter.is_alphabetic()).trim_end();
    let per_unit: f64 = match raw[digits.len()..].trim_start() {
        "" => match unit {
            Unit::Nanoseconds => 1.0,
            Unit::Microseconds => 1e3,
            Unit::Milliseconds => 1e6,
            Unit::Seconds => 1e9,
        },
        "ns" => 1.0,
        "us" | "µs" => 1e3,
        "ms" => 1e6,
        "s" | "sec" => 1e9,
        "m" | "min" => 60e9,
        "h" => 3600e9,
        _ => return Err(refusal()),
    };
    if let Ok(whole) = digits.parse::<i64>() {
        // Every factor is a whole number of nanoseconds.
        return whole.checked_mul(per_unit as i64).filter(|nanos| *nanos >= 0).ok_or_else(refusal);
    }
    let nanos = digits.parse::<f64>().map_err(|_| refusal())? * per_unit;
    // Below 2^63, which is the first float that an i64 does not hold.
    (0.0..9_223_372_036_854_775_808.0).contains(&nanos).then(|| nanos.round() as i64).ok_or_else(refusal)
}

/// Canonical JSON within its size limit. JSON that comes as text is read, so that equal values are equal bytes.
fn json(field: &str, value: &Value<'_>) -> Result<String, Refusal> {
    let nested = value.as_text().and_then(|text| Value::parse(text).ok());
    let nested = nested.filter(|value| matches!(value, Value::Object(_) | Value::Array(_)));
    let text = nested.map_or_else(|| value.canonical(), |value| value.canonical());
    if text.len() > JSON_BYTES_MAX {
        return Err(Refusal::new(field, "too_large", format!("longer than {JSON_BYTES_MAX} bytes")));
    }
    Ok(text)
}
