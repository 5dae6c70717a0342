//! The one way in: takes a request, bounds what it may cost, decodes, appends, counts and answers.
//!
//! Decoding is the only part that computes, so it runs in two small pools of its own. Audit and telemetry do not
//! share one: a flood of logs may queue up behind itself, never in front of an audit entry. A body that is small, also
//! once its encoding is off, is decoded where it arrives: handing it to another thread and back would cost more than
//! reading it.

mod errors;
mod lines;
mod hearing;
mod admission;

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use whodunit_api::audit::{AuditAnswer, Receipt, Rejection};
use whodunit_api::logs::LogsAnswer;
use whodunit_model::redact::Tally;
use whodunit_model::{AuditBuilder, AuditEntry, Batch, Caller, Principal, Project, Redactor, Sources};
use whodunit_sourcemaps::frames::Library;
use whodunit_stdx::{EntryId, ErrorKind, Limit, Reservation, World};
use whodunit_store::{Appended, Durability, Store, Submission};

use crate::audit::entry::{Demand, Refusal, build};
use crate::audit::{self, stored};
use crate::body::{self, Body, BodyLimits, Encoding};
use crate::elastic;
use crate::error::Error;
use crate::groupings::Groupings;
use crate::intake::Intakes;
use crate::json::Value;
use crate::logs::{Decoder, Desk, Mapping};
use crate::loki;
use crate::metrics::{
    BODY_BYTES, DECODE_AUDIT, ENTRIES_REPEATED, REQUESTS_FAILED, ROWS_ACCEPTED, ROWS_REJECTED, SENT_BYTES,
};
use crate::otlp;
use crate::protocol::Protocol;
use crate::redactors::{self, Redactors};
use crate::repeats::Repeats;
use crate::syslog;
use crate::time;
pub use admission::TELEMETRY_MEMORY_OF_PROJECT_PER_HUNDRED_MAX;
use admission::{Decoders, Sent, Shares};
use hearing::Hearing;
use lines::{Kept, Reading, unfold};

/// Bodies up to this size, with their encoding and without, are decoded where they arrive.
pub const INLINE_BYTES_MAX: usize = 32 * 1024;
/// Most audit entries of one append, and so of one group in the log.
const AUDIT_BATCH_ROWS_MAX: usize = 8_192;
/// Of a hundred bytes of `memory`, so many may be held for telemetry on its way: a flood leaves room for audit entries.
pub const TELEMETRY_MEMORY_PER_HUNDRED_MAX: usize = 50;
/// Memory that decoded audit entries take per byte of their JSON, measured generously.
const AUDIT_BYTES_PER_BYTE: usize = 2;

/// Small bodies with telemetry that are decoded at once, per core. Whoever has its turn lets others go first and then
/// waits for the core that it is on; with fewer turns the other core would wait as well.
const DECODED_HERE_PER_CORE: usize = 4;

/// What can be set about the ways in.
#[derive(Clone, Debug)]
pub struct GatewaySettings {
    pub body: BodyLimits,
    /// When the answer to log lines goes out. Audit entries are always synced.
    pub logs_durability: Durability,
    /// Bodies with audit entries that are decoded at once.
    pub audit_decoders_max: usize,
    /// Bodies with telemetry that are decoded at once.
    pub telemetry_decoders_max: usize,
    /// Small bodies with telemetry that are decoded at once, beside those.
    pub telemetry_decoded_here_max: usize,
}

impl GatewaySettings {
    /// For a machine with this many cores: telemetry leaves one core free, when there is one to leave.
    pub fn for_cores(cores: usize) -> GatewaySettings {
        GatewaySettings {
            body: BodyLimits::default(),
            logs_durability: Durability::Synced,
            audit_decoders_max: cores.max(1),
            telemetry_decoders_max: cores.saturating_sub(1).max(1),
            telemetry_decoded_here_max: cores.max(1) * DECODED_HERE_PER_CORE,
        }
    }
}

/// One request to send something.
pub struct Request<'a> {
    pub body: Bytes,
    pub content_encoding: Option<&'a str>,
    pub content_type: Option<&'a str>,
    pub project: Project,
    pub caller: &'a Caller,
    /// Query parameters, and headers that a protocol reads (`X-Correlation-ID`, `X-Request-ID`, `traceparent`).
    pub parameters: &'a [(String, String)],
}

/// The ways in, over one store. Cheap to clone.
#[derive(Clone)]
pub struct Gateway(Arc<Inner>);

struct Inner {
    store: Store,
    world: World,
    memory: Limit,
    /// The part of `memory` for telemetry.
    telemetry_memory: Shares,
    settings: GatewaySettings,
    redactors: Redactors,
    groupings: Groupings,
    /// Set once, by whoever keeps source maps.
    scripts: OnceLock<Arc<dyn Library>>,
    repeats: Repeats,
    intakes: Intakes,
    sources: Sources,
    audit_decoders: Decoders,
    telemetry_decoders: Decoders,
}

/// What came of a request that was read: the answer, and why it is no success if it is none.
///
/// The two stand beside each other because an error alone would hide what is stored, and an answer alone would look
/// like success to a client that reads only the status.
#[derive(Debug)]
pub struct Taken<A> {
    pub answer: A,
    pub failure: Option<Error>,
}

impl Gateway {
    /// What is sent is noted in `sources`.
    pub fn new(store: Store, world: World, memory: Limit, settings: GatewaySettings, sources: Sources) -> Gateway {
        Gateway(Arc::new(Inner {
            audit_decoders: Decoders::prompt(settings.audit_decoders_max),
            telemetry_decoders: Decoders::yielding(
                "telemetry decode",
                settings.telemetry_decoders_max,
                settings.telemetry_decoded_here_max,
            ),
            telemetry_memory: Shares::of(
                memory.child("memory", memory.bytes_max() / 100 * TELEMETRY_MEMORY_PER_HUNDRED_MAX),
            ),
            redactors: Redactors::default(),
            groupings: Groupings::default(),
            scripts: OnceLock::new(),
            repeats: Repeats::of_buffered(&store.snapshot()),
            intakes: Intakes::default(),
            store,
            world,
            memory,
            settings,
            sources,
        }))
    }

    /// What filters secrets before anything is stored; rules put in force here count from the next batch on.
    pub fn redactors(&self) -> &Redactors {
        &self.0.redactors
    }

    /// By which rules errors are grouped; rules put in force here count from the next request on.
    pub fn groupings(&self) -> &Groupings {
        &self.0.groupings
    }

    /// Frames of minified scripts are resolved from here on. Only the first call counts.
    pub fn resolve_with(&self, scripts: Arc<dyn Library>) {
        let _ = self.0.scripts.set(scripts);
    }

    /// What projects let in of errors; rules put in force here count from the next request on.
    pub fn intakes(&self) -> &Intakes {
        &self.0.intakes
    }

    /// Takes audit entries: receipts for those that are on disk now, rejections for those that are not. It has failed
    /// if all are rejected.
    pub async fn audit(&self, request: Request<'_>) -> Result<Taken<AuditAnswer>, Error> {
        let mut hearing = self.hears(Protocol::Audit, &request);
        let outcome = self.0.audit(request, &mut hearing).await;
        counted(Protocol::Audit, outcome, hearing)
    }

    /// Takes the second step of an intent.
    pub async fn complete(
        &self,
        project: &Project,
        id: EntryId,
        body: Bytes,
        caller: &Caller,
    ) -> Result<Receipt, Error> {
        let mut hearing = Hearing::of_completion(&self.0.sources, project, caller, body.len(), self.0.world.now());
        let completed = self.0.complete(project, id, body, caller, &mut hearing).await;
        completed.inspect_err(|error| {
            hearing.failed(error);
            count_failure(Protocol::Audit, error);
        })
    }

    /// Takes a push of Loki's. It has failed if all entries are rejected, or if it ends with some stored and some not.
    pub async fn loki(&self, request: Request<'_>) -> Result<Taken<LogsAnswer>, Error> {
        let mut hearing = self.hears(Protocol::Loki, &request);
        let outcome = self.0.loki(request, &mut hearing).await;
        counted(Protocol::Loki, outcome, hearing)
    }

    /// Takes log records of OpenTelemetry's. It has failed as a push of Loki's has.
    pub async fn otlp_logs(&self, request: Request<'_>) -> Result<Taken<LogsAnswer>, Error> {
        let mut hearing = self.hears(Protocol::Otlp, &request);
        let outcome = self.0.otlp_logs(request, &mut hearing).await;
        counted(Protocol::Otlp, outcome, hearing)
    }

    /// Takes a bulk request of Elasticsearch's: what became of each item. `index` is that of items which name none. It
    /// has failed if it ends with some items stored and some not; which, the items say.
    pub async fn elastic(&self, request: Request<'_>, index: &str) -> Result<Taken<Vec<elastic::Item>>, Error> {
        let mut hearing = self.hears(Protocol::Elasticsearch, &request);
        let outcome = self.0.elastic(request, index, &mut hearing).await;
        counted(Protocol::Elasticsearch, outcome, hearing)
    }

    /// Takes syslog messages: at most so many at once as fit a request's body. If it ends with some stored and some
    /// not, `resume_at_line` says from which message on to come again.
    pub async fn syslog(&self, messages: Vec<syslog::Received>, project: Project) -> Result<Taken<LogsAnswer>, Error> {
        let mut hearing = Hearing::of_messages(&self.0.sources, &project, &messages, self.0.world.now());
        let offered = messages.len();
        let outcome = self.0.syslog(messages, project, &mut hearing).await;
        hearing.done_with(match &outcome {
            Ok(Taken { answer: LogsAnswer { resume_at_line: Some(next), .. }, .. }) => {
                usize::try_from(next.saturating_sub(1)).unwrap_or(offered)
            }
            Ok(_) => offered,
            Err(_) => 0,
        });
        counted(Protocol::Syslog, outcome, hearing)
    }

    /// Takes log lines. It has failed if all are rejected, or if it ends with some stored and some not: the answer then
    /// says from which line on to send again.
    pub async fn logs(&self, request: Request<'_>) -> Result<Taken<LogsAnswer>, Error> {
        let mut hearing = self.hears(Protocol::Logs, &request);
        let outcome = self.0.logs(request, &mut hearing).await;
        counted(Protocol::Logs, outcome, hearing)
    }
}

impl Gateway {
    fn hears(&self, protocol: Protocol, request: &Request<'_>) -> Hearing {
        Hearing::of(&self.0.sources, protocol, request, self.0.world.now())
    }
}

impl Inner {
    fn sent<'s>(&self, request: &'s Request<'_>, large: bool, decoders: &'s Decoders, protocol: Protocol) -> Sent<'s> {
        let bytes = request.body.clone();
        SENT_BYTES.add(&[protocol.name()], bytes.len() as u64);
        Sent { bytes, project: &request.project, decoders, large }
    }

    /// A body without its encodings if it is small with them and without; `None` for any other.
    fn unfold_small(
        &self,
        request: &Request<'_>,
        encodings: [Encoding; 2],
        memory: &Limit,
    ) -> Result<Option<Body>, Error> {
        if request.body.len() > INLINE_BYTES_MAX {
            return Ok(None);
        }
        let body_bytes_max = self.settings.body.body_bytes_max.min(INLINE_BYTES_MAX);
        let limits = BodyLimits { body_bytes_max, ..self.settings.body };
        match unfold(request.body.clone(), encodings, limits, memory) {
            Err(error) if error.limit == Some("body_bytes_max") => Ok(None),
            unfolded => unfolded.map(Some),
        }
    }

    async fn audit(&self, request: Request<'_>, hearing: &mut Hearing) -> Result<Taken<AuditAnswer>, Error> {
        refuse_media_type(request.content_type)?;
        let encoding = Encoding::of(request.content_encoding)?;
        let encodings = [encoding, Encoding::Plain];
        let small = self.unfold_small(&request, encodings, &self.memory)?;
        let sent = self.sent(&request, small.is_none(), &self.audit_decoders, Protocol::Audit);
        let context = audit::Context::new(self.world.now(), request.caller, request.parameters);
        let (limits, memory, world) = (self.settings.body, self.memory.clone(), self.world.clone());
        let bytes = sent.bytes.clone();
        let redactor = self.redactors.of(&request.project);
        let work = move || -> Result<(Entries, Reservation), Error> {
            let started = world.instant();
            let body = small.map_or_else(|| unfold(bytes, encodings, limits, &memory), Ok)?;
            let more = body.bytes.len().saturating_mul(AUDIT_BYTES_PER_BYTE);
            let held = memory.try_reserve(more).ok_or_else(body::exhausted)?;
            let decoded = Entries::without_secrets(audit::decode(&body.bytes, &context), redactor);
            BODY_BYTES.add(&["audit"], body.bytes.len() as u64);
            DECODE_AUDIT.observe(world.instant().since(started));
            Ok((decoded, held))
        };
        let (decoded, _held) = sent.run(work).await??;
        let answer = self.append_entries(decoded, &request.project, hearing).await?;
        ROWS_ACCEPTED.add(&["audit"], answer.accepted);
        ENTRIES_REPEATED.add(answer.repeated);
        for rejection in &answer.rejections {
            ROWS_REJECTED.add(&["audit", &rejection.code], 1);
            hearing.refused_one(&rejection.code, &rejection.field, &rejection.reason);
        }
        let failure =
            answer.rejections.first().filter(|_| answer.accepted == 0).map(|first| {
                none_accepted(Protocol::Audit, answer.rejected, (first.index, &first.field, &first.reason))
            });
        Ok(Taken { answer, failure })
    }

    /// Appends in groups. If a later group fails, its entries are rejected and the receipts of the earlier stand:
    /// an error would hide what is on disk.
    async fn append_entries(
        &self,
        decoded: Entries,
        project: &Project,
        hearing: &mut Hearing,
    ) -> Result<AuditAnswer, Error> {
        let Entries { decoded: audit::Decoded { mut entries, rejections }, redactor, tallies } = decoded;
        let mut answer = AuditAnswer { rejections, ..AuditAnswer::default() };
        for (_, entry) in &mut entries {
            entry.id.get_or_insert_with(|| self.world.entry_id());
        }
        for (group, tallies) in entries.chunks(AUDIT_BATCH_ROWS_MAX).zip(tallies.chunks(AUDIT_BATCH_ROWS_MAX)) {
            match self.append_group(group, project).await {
                Ok(appended) => {
                    for (((index, entry), receipt), tally) in group.iter().zip(&appended.receipts).zip(tallies) {
                        let filtered = if receipt.repeated { 0 } else { redactors::count(&redactor, tally) };
                        match receipt.repeated {
                            true => answer.repeated += 1,
                            false => hearing.stored_one(entry.service.as_deref()),
                        }
                        answer.filtered += filtered;
                        answer.receipts.push(wire_receipt(*index, receipt, filtered));
                    }
                }
                Err(error) if answer.receipts.is_empty() => return Err(error),
                Err(error) => answer.rejections.extend(group.iter().map(|(index, _)| not_appended(*index, &error))),
            }
        }
        answer.rejections.sort_by_key(|rejection| rejection.index);
        answer.accepted = answer.receipts.len() as u64;
        answer.rejected = answer.rejections.len() as u64;
        Ok(answer)
    }

    async fn append_group(&self, group: &[(u64, AuditEntry)], project: &Project) -> Result<Appended, Error> {
        let mut builder = AuditBuilder::new();
        for (_, entry) in group {
            builder.push(entry);
        }
        let appended = self.append(builder.finish(project), Durability::Synced).await?;
        assert_eq!(appended.receipts.len(), group.len(), "the store gives a receipt per entry");
        Ok(appended)
    }

    async fn append(&self, batch: Batch, durability: Durability) -> Result<Appended, Error> {
        self.store.append(Submission { batch, durability }).await.map_err(store_error)
    }

    async fn complete(
        &self,
        project: &Project,
        id: EntryId,
        body: Bytes,
        caller: &Caller,
        hearing: &mut Hearing,
    ) -> Result<Receipt, Error> {
        let known = self.store.find_entry(project, id).await.map_err(store_error)?;
        let intent = known
            .iter()
            .flat_map(|rows| (0..rows.num_rows()).map(move |row| stored::read(rows, row)))
            .find(|entry| entry.state.as_deref() == Some("intent"));
        let Some(intent) = intent else {
            return Err(match known.is_empty() {
                true => Error::new(ErrorKind::NotFound, format!("there is no entry {id} in project {project}")),
                false => Error::new(ErrorKind::Conflict, format!("entry {id} is complete and never was an intent")),
            });
        };
        if body.len() > audit::ENTRY_BYTES_MAX {
            let message = format!("the completion is longer than {} bytes", audit::ENTRY_BYTES_MAX);
            return Err(Error::new(ErrorKind::TooLarge, message).limit("entry_bytes_max"));
        }
        let _held: Reservation =
            self.memory.try_reserve(body.len() * AUDIT_BYTES_PER_BYTE).ok_or_else(body::exhausted)?;
        let context = audit::Context::new(self.world.now(), caller, &[]);
        let redactor = self.redactors.of(project);
        let mut tally = Tally::default();
        let mut without_secrets = |completion: &mut AuditEntry| redactor.entry(completion, &mut tally);
        let completed = completed(intent, &body, &context, &mut without_secrets);
        let entry = completed.map_err(|refusal| refused(refusal, &redactor))?;
        let service = entry.service.clone();
        let appended = self.append_group(&[(0, entry)], project).await?;
        let receipt = appended.receipts.first().expect("one entry has one receipt");
        ROWS_ACCEPTED.add(&["audit"], 1);
        hearing.stored_one(service.as_deref());
        let filtered = if receipt.repeated { 0 } else { redactors::count(&redactor, &tally) };
        Ok(wire_receipt(0, receipt, filtered))
    }

    async fn logs(&self, request: Request<'_>, hearing: &mut Hearing) -> Result<Taken<LogsAnswer>, Error> {
        let mapping = Mapping::from_parameters(request.parameters)?;
        refuse_media_type(request.content_type)?;
        let encodings = [Encoding::of(request.content_encoding)?, Encoding::Plain];
        let reading = Reading { protocol: Protocol::Logs, request: &request, encodings, may_wait: false, hearing };
        let open = move |body, desk: &Desk| Ok(Decoder::new(body, mapping, desk.received_at, &desk.memory));
        self.take(reading, open).await.map(answer)
    }

    async fn loki(&self, request: Request<'_>, hearing: &mut Hearing) -> Result<Taken<LogsAnswer>, Error> {
        let form = loki::Form::of(request.content_type, &request.body);
        let outer = Encoding::of(request.content_encoding)?;
        // Protobuf is always in a snappy block, whether a header says so or not.
        let encodings = match form {
            loki::Form::Json => [outer, Encoding::Plain],
            loki::Form::Protobuf if outer == Encoding::Snappy => [outer, Encoding::Plain],
            loki::Form::Protobuf => [outer, Encoding::Snappy],
        };
        let reading = Reading { protocol: Protocol::Loki, request: &request, encodings, may_wait: false, hearing };
        self.take(reading, move |body, desk| loki::decode(&body, form, desk)).await.map(answer)
    }

    async fn otlp_logs(&self, request: Request<'_>, hearing: &mut Hearing) -> Result<Taken<LogsAnswer>, Error> {
        let form = otlp::Form::of(request.content_type)?;
        let encodings = [Encoding::of(request.content_encoding)?, Encoding::Plain];
        let reading = Reading { protocol: Protocol::Otlp, request: &request, encodings, may_wait: false, hearing };
        self.take(reading, move |body, desk| otlp::decode(&body, form, desk)).await.map(answer)
    }

    async fn elastic(
        &self,
        request: Request<'_>,
        index: &str,
        hearing: &mut Hearing,
    ) -> Result<Taken<Vec<elastic::Item>>, Error> {
        refuse_media_type(request.content_type)?;
        let encodings = [Encoding::of(request.content_encoding)?, Encoding::Plain];
        let reading =
            Reading { protocol: Protocol::Elasticsearch, request: &request, encodings, may_wait: false, hearing };
        let index = index.to_owned();
        let kept = self.take(reading, move |body, desk| elastic::decode(&body, &index, desk)).await?;
        match (kept.decoder, kept.failure) {
            (Some(bulk), failure) => Ok(Taken { answer: bulk.items_with(kept.accepted), failure }),
            (None, failure) => Err(failure.unwrap_or_else(interrupted)),
        }
    }

    async fn syslog(
        &self,
        messages: Vec<syslog::Received>,
        project: Project,
        hearing: &mut Hearing,
    ) -> Result<Taken<LogsAnswer>, Error> {
        let mut caller = Caller::new(Principal::Anonymous);
        caller.ip = messages.first().map(|first| first.peer.to_string());
        let bytes = messages.iter().map(|one| one.frame.bytes() as u64).sum();
        SENT_BYTES.add(&[Protocol::Syslog.name()], bytes);
        BODY_BYTES.add(&[Protocol::Syslog.name()], bytes);
        let request = Request {
            body: Bytes::new(),
            content_encoding: None,
            content_type: None,
            project,
            caller: &caller,
            parameters: &[],
        };
        let reading = Reading {
            protocol: Protocol::Syslog,
            request: &request,
            encodings: [Encoding::Plain; 2],
            may_wait: false,
            hearing,
        };
        self.take(reading, move |_body, desk| Ok(syslog::decode(messages, desk))).await.map(answer)
    }
}

/// Audit entries without their secrets, and what was filtered of each.
struct Entries {
    decoded: audit::Decoded,
    redactor: Arc<Redactor>,
    tallies: Vec<Tally>,
}

impl Entries {
    fn without_secrets(mut decoded: audit::Decoded, redactor: Arc<Redactor>) -> Entries {
        let filter = |(_, entry): &mut (u64, AuditEntry)| {
            let mut tally = Tally::default();
            redactor.entry(entry, &mut tally);
            tally
        };
        let tallies = decoded.entries.iter_mut().map(filter).collect();
        redactors::of_entries(&redactor, &mut decoded.rejections);
        Entries { decoded, redactor, tallies }
    }
}

fn answer<D>(kept: Kept<D>) -> Taken<LogsAnswer> {
    let Kept { protocol, accepted, filtered, rejections, failure, resume_at_line, .. } = kept;
    let rejected = rejections.total();
    let failure = failure.or_else(|| {
        rejections
            .listed
            .first()
            .filter(|_| accepted == 0)
            .map(|first| none_accepted(protocol, rejected, (first.line, &first.field, &first.reason)))
    });
    let answer =
        LogsAnswer { accepted, rejected, filtered, rejections: rejections.listed, resume_at_line, error: None };
    Taken { answer, failure }
}

/// JSON in any dress is read, as is a body that does not say what it is; forms and files are refused by name.
fn refuse_media_type(content_type: Option<&str>) -> Result<(), Error> {
    let Some(sent) = content_type else { return Ok(()) };
    let media = sent.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let binary =
        ["multipart/", "image/", "audio/", "video/", "application/x-protobuf", "application/grpc", "application/zip"];
    if binary.iter().any(|prefix| media.starts_with(prefix)) {
        let message = format!("media type {media:?} is not read; send application/json or application/x-ndjson");
        return Err(Error::new(ErrorKind::Unsupported, message).field("content-type"));
    }
    Ok(())
}

/// The completion loses its secrets before it is compared with the intent, which has lost them already.
fn completed(
    intent: AuditEntry,
    body: &[u8],
    context: &audit::Context,
    without_secrets: &mut dyn FnMut(&mut AuditEntry),
) -> Result<AuditEntry, Refusal> {
    let text = std::str::from_utf8(body)
        .map_err(|error| Refusal::new("", "not_utf8", format!("not UTF-8 at byte {}", error.valid_up_to())))?;
    let value = Value::parse(text).map_err(|error| Refusal::new("", "not_json", error.to_string()))?;
    let mut completion = build(&value, context, Demand::Completion)?;
    without_secrets(&mut completion);
    stored::complete(intent, completion, context.received_at)
}

fn refused(mut refusal: Refusal, redactor: &Redactor) -> Error {
    if let Some(filtered) = redactor.text(&refusal.reason, &mut Tally::default()) {
        refusal.reason = filtered;
    }
    let kind = match refusal.code {
        "conflict" => ErrorKind::Conflict,
        "too_large" => ErrorKind::TooLarge,
        _ => ErrorKind::Invalid,
    };
    let subject = if refusal.field.is_empty() { "the completion" } else { &refusal.field };
    let error = Error::new(kind, format!("{subject}: {}", refusal.reason));
    if refusal.field.is_empty() { error } else { error.field(refusal.field) }
}

fn wire_receipt(index: u64, receipt: &whodunit_store::Receipt, filtered: u64) -> Receipt {
    Receipt {
        index,
        id: receipt.id.to_string(),
        project: receipt.project.to_string(),
        writer: receipt.writer.clone(),
        leaf_index: receipt.leaf_index,
        leaf_hash: hex::encode(receipt.leaf_hash),
        received_at: time::format(receipt.received_at),
        repeated: receipt.repeated,
        filtered,
    }
}

fn not_appended(index: u64, error: &Error) -> Rejection {
    Rejection { index, field: String::new(), reason: error.message.clone(), code: error.kind.name().to_owned() }
}

fn store_error(error: whodunit_store::Error) -> Error {
    let mut outer = Error::new(error.kind, format!("the rows were not stored: {error}"));
    outer.source = error.source;
    outer
}

fn interrupted() -> Error {
    Error::new(ErrorKind::Internal, "decoding was interrupted")
}

/// A request of which nothing was taken is a failure, also to those who look only at the status.
fn none_accepted(protocol: Protocol, count: u64, first: (u64, &str, &str)) -> Error {
    let (number, field, reason) = first;
    let (one, many) = protocol.rows();
    let subject = if field.is_empty() { String::new() } else { format!("{field}: ") };
    let message = format!("none of {count} {many} was accepted; {one} {number}: {subject}{reason}");
    let error = Error::new(ErrorKind::Invalid, message);
    if field.is_empty() { error } else { error.field(field) }
}

fn counted<A>(protocol: Protocol, outcome: Result<Taken<A>, Error>, mut hearing: Hearing) -> Result<Taken<A>, Error> {
    let failed = match &outcome {
        Ok(taken) => taken.failure.as_ref(),
        Err(error) => Some(error),
    };
    if let Some(error) = failed {
        count_failure(protocol, error);
        hearing.failed(error);
    }
    outcome
}

fn count_failure(protocol: Protocol, error: &Error) {
    REQUESTS_FAILED.add(&[protocol.name(), error.kind.name()], 1);
}
