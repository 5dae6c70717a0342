//! Source maps and releases, as Sentry's command line uploads them, and what there is of them.

use std::collections::BTreeSet;
use std::io::Read;

use axum::http::{StatusCode, header};
use flate2::read::GzDecoder;
use futures::FutureExt;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use whodunit_control::{Act, Category, Completed, label, rfc3339};
use whodunit_ingest::sentry::{Part, boundary, parts};
use whodunit_model::Project;
use whodunit_model::redact::Tally;
use whodunit_sourcemaps::frames::{self, Library};
use whodunit_stdx::tasks::blocking;
use whodunit_stdx::{ErrorKind, Timestamp};

use crate::app::App;
use crate::artifacts::chunks::{CHUNK_BYTES_MAX, CHUNKS_PER_REQUEST_MAX, checksum, is_checksum};
use crate::artifacts::files::FileFacts;
use crate::artifacts::releases::{Deploy, RELEASE_CHARACTERS_MAX, Release};
use crate::artifacts::scripts::{Assembled, BUNDLE_BYTES_MAX, Order};
use crate::artifacts::shelf::Facts;
use crate::call::{Answer, Call, json_response, ok};
use crate::failure::Failure;
use crate::identity;

/// Pieces that one bundle may have.
const CHUNKS_PER_BUNDLE_MAX: usize = BUNDLE_BYTES_MAX as usize / CHUNK_BYTES_MAX + 1;
/// Files that came alone and are listed.
const FILES_LISTED_MAX: usize = 1_000;
/// Requests for pieces that a client may send side by side.
const UPLOADS_AT_ONCE: usize = 2;

/// Who asks; the command line shows it.
pub fn whoami(call: Call) -> Answer {
    async move { ok(&json!({"version": "0", "auth": {"scopes": ["project:releases"]}, "user": null, "name": label(&call.caller)})) }
        .boxed()
}

/// How pieces are to be sent.
pub fn upload_options(call: Call) -> Answer {
    async move {
        ok(&json!({
            // There is one organization, whatever a client calls it.
            "url": "/api/0/organizations/whodunit/chunk-upload/",
            "chunkSize": CHUNK_BYTES_MAX,
            "chunksPerRequest": CHUNKS_PER_REQUEST_MAX,
            "maxFileSize": BUNDLE_BYTES_MAX,
            "maxRequestSize": (CHUNK_BYTES_MAX * CHUNKS_PER_REQUEST_MAX).min(call.app.settings.logs_body_max),
            "concurrency": UPLOADS_AT_ONCE,
            "hashAlgorithm": "sha1",
            "compression": ["gzip"],
            "accept": ["artifact_bundles", "artifact_bundles_v2"],
        }))
    }
    .boxed()
}

/// Takes pieces, each under its checksum. They are worth nothing until a bundle is put together from them.
pub fn upload(call: Call) -> Answer {
    async move {
        let media = call.header(header::CONTENT_TYPE).and_then(boundary).map(str::to_owned);
        let media = media.ok_or_else(|| {
            Failure::new(ErrorKind::Unsupported, "pieces come as multipart/form-data").field("content-type")
        })?;
        let (app, body) = (call.app.clone(), call.body.clone());
        let kept = blocking(move || keep_pieces(&app, &body, &media)).await;
        let pieces = kept.map_err(|_| Failure::new(ErrorKind::Internal, "keeping pieces ended early"))??;
        ok(&json!({"pieces": pieces}))
    }
    .boxed()
}

fn keep_pieces(app: &App, body: &[u8], boundary: &str) -> Result<usize, Failure> {
    let parts = parts(body, boundary)?;
    let pieces: Vec<&Part<'_>> = parts.iter().filter(|part| matches!(&*part.name, "file" | "file_gzip")).collect();
    if pieces.len() > CHUNKS_PER_REQUEST_MAX {
        let message = format!("more than {CHUNKS_PER_REQUEST_MAX} pieces in one request");
        return Err(Failure::new(ErrorKind::TooLarge, message).limit("chunks_per_request_max"));
    }
    for part in &pieces {
        let name = part.filename.as_deref().unwrap_or_default();
        let unfolded = if part.name == "file_gzip" { Some(unpacked(name, part.data)?) } else { None };
        let bytes = unfolded.as_deref().unwrap_or(part.data);
        piece(name, bytes)?;
        app.artifacts.chunks.put(name, bytes).map_err(failed)?;
    }
    Ok(pieces.len())
}

fn piece(name: &str, bytes: &[u8]) -> Result<(), Failure> {
    if bytes.len() > CHUNK_BYTES_MAX {
        let message = format!("the piece {name:?} has more than {CHUNK_BYTES_MAX} bytes");
        return Err(Failure::new(ErrorKind::TooLarge, message).limit("chunk_bytes_max"));
    }
    let found = checksum(bytes);
    if name != found {
        return Err(Failure::invalid(format!("the piece {name:?} has the SHA-1 {found}")).field("file"));
    }
    Ok(())
}

fn unpacked(name: &str, packed: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = GzDecoder::new(packed).take(CHUNK_BYTES_MAX as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| Failure::invalid(format!("the piece {name:?} is not gzip: {error}")).field("file_gzip"))?;
    Ok(bytes)
}

#[derive(Deserialize)]
struct AssembleRequest {
    checksum: String,
    #[serde(default)]
    chunks: Vec<String>,
    #[serde(default)]
    projects: Vec<String>,
    version: Option<String>,
    dist: Option<String>,
}

/// Puts a bundle together; what is missing of it is named, and the client sends it and asks again.
pub fn assemble(call: Call) -> Answer {
    async move {
        let request: AssembleRequest = call.json()?;
        let names = request.chunks.iter().chain([&request.checksum]);
        if let Some(wrong) = names.into_iter().find(|name| !is_checksum(name)) {
            return Err(Failure::invalid(format!("{wrong:?} is no SHA-1: 40 hexadecimal digits")).field("chunks"));
        }
        if request.chunks.len() > CHUNKS_PER_BUNDLE_MAX {
            let message =
                format!("a bundle of {} pieces is larger than {BUNDLE_BYTES_MAX} bytes", request.chunks.len());
            return Err(Failure::new(ErrorKind::TooLarge, message).limit("bundle_bytes_max"));
        }
        let release = match &request.version {
            Some(version) => Some((version_named(version)?, request.dist.clone().unwrap_or_default())),
            None => None,
        };
        let mut answer = json!({"state": "ok", "missingChunks": []});
        for project in projects(&call, &request.projects)? {
            match assembled(&call, &request, project, release.clone()).await? {
                Assembled::Kept(_) => {}
                Assembled::Missing(missing) => {
                    answer = json!({"state": "not_found", "missingChunks": missing});
                    break;
                }
                Assembled::Refused(why) => {
                    answer = json!({"state": "error", "missingChunks": [], "detail": why});
                    break;
                }
            }
        }
        ok(&answer)
    }
    .boxed()
}

/// Asking what is missing leaves no entry; putting together does, before it is done.
async fn assembled(
    call: &Call,
    request: &AssembleRequest,
    project: Project,
    release: Option<(String, String)>,
) -> Result<Assembled, Failure> {
    let missing = call.app.artifacts.missing(project.as_str(), &request.checksum, &request.chunks).map_err(failed)?;
    if let Some(missing) = missing {
        return Ok(Assembled::Missing(missing));
    }
    let act = Act::new("SOURCEMAPS_UPLOAD", Category::Mutation, "uploads source maps")
        .target("source_maps", &request.checksum, request.version.as_deref())
        .metadata("project", project.as_str());
    let entry = call.app.control.trail().begin(&call.caller, act).await?;
    let (app, now, by) = (call.app.clone(), call.app.world.now().nanos(), label(&call.caller));
    let (checksum, chunks) = (request.checksum.clone(), request.chunks.clone());
    let outcome = in_background(move || {
        let order = Order { project: project.as_str(), checksum: &checksum, chunks: &chunks, release, now, by };
        app.artifacts.assemble(&order)
    });
    let outcome = outcome.await;
    let done = match &outcome {
        Ok(Assembled::Kept(facts)) => Completed::success().rows(facts.scripts.len() as u64),
        Ok(Assembled::Missing(_)) => Completed::failure("conflict", "a piece was taken away meanwhile"),
        Ok(Assembled::Refused(why)) => Completed::failure("invalid", why.clone()),
        Err(failure) => Completed::failure(failure.kind.name(), failure.message()),
    };
    entry.complete(done).await?;
    outcome
}

/// Work on files, away from the threads that answer.
pub async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Failure> {
    let done =
        blocking(work).await.map_err(|_| Failure::new(ErrorKind::Internal, "work on source maps ended early"))?;
    done.map_err(failed)
}

/// The row of an event with the frames of the source where it was stored with those of minified scripts, because their
/// map came later. Like all that is stored it is filtered first, since lines of source may hold secrets.
///
/// # Errors
/// If looking frames up panicked.
pub async fn resolve(call: &Call, row: &mut Map<String, Value>) -> Result<(), Failure> {
    let Some(event) = row.get("raw").and_then(parsed).filter(frames::has_unresolved) else { return Ok(()) };
    let (artifacts, project) = (call.app.artifacts.clone(), call.project.clone());
    let redactor = call.app.gateway.redactors().of(&project);
    let work = move || -> Option<Value> {
        let mut event = event;
        let resolved = frames::resolve(&mut event, &mut |wanted| artifacts.find(project.as_str(), wanted));
        let text = (resolved > 0).then(|| event.to_string())?;
        match redactor.json(&text, &mut Tally::default()) {
            None => Some(event),
            Some(filtered) => serde_json::from_str(&filtered).ok(),
        }
    };
    let resolved = blocking(work).await.map_err(|_| Failure::new(ErrorKind::Internal, "frames were not looked up"))?;
    let Some(event) = resolved else { return Ok(()) };
    if let Some(exception) = event.get("exception") {
        replace(row, "exception", exception.get("values").unwrap_or(exception).clone());
    }
    replace(row, "raw", event);
    Ok(())
}

/// A column with JSON, which is its text in some forms of a row.
fn parsed(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => serde_json::from_str(text).ok(),
        other => Some(other.clone()),
    }
}

fn replace(row: &mut Map<String, Value>, name: &str, value: Value) {
    let is_text = row.get(name).is_some_and(Value::is_string);
    row.insert(name.to_owned(), if is_text { Value::from(value.to_string()) } else { value });
}

/// What there is, the newest first.
pub fn list(call: Call) -> Answer {
    async move {
        let shelf = call.app.artifacts.shelf(call.project.as_str()).map_err(failed)?;
        let shelf = shelf.read();
        let bundles: Vec<Value> = shelf.all().into_iter().map(view).collect();
        let mut files: Vec<&FileFacts> = shelf.files().all().collect();
        files.sort_by(|one, other| (other.uploaded_at, &one.id).cmp(&(one.uploaded_at, &other.id)));
        let listed: Vec<Value> = files.iter().take(FILES_LISTED_MAX).map(|one| file_view(one)).collect();
        ok(&json!({"bundles": bundles, "files": listed, "more_files": files.len() > FILES_LISTED_MAX}))
    }
    .boxed()
}

pub fn remove(call: Call) -> Answer {
    async move {
        let id = call.segment("id").to_owned();
        let act = Act::new("SOURCEMAPS_DELETE", Category::Mutation, "deletes source maps")
            .target("source_maps", &id, None)
            .metadata("project", call.project.as_str());
        let entry = call.app.control.trail().begin(&call.caller, act).await?;
        let (app, project, of) = (call.app.clone(), call.project.clone(), id.clone());
        let removed = in_background(move || app.artifacts.remove(project.as_str(), &of)).await;
        let missing = || {
            let message = format!("no bundle {id:?} of source maps in the project {}", call.project);
            Failure::new(ErrorKind::NotFound, message)
        };
        let outcome = removed.and_then(|removed| removed.ok_or_else(missing));
        entry.complete(completed(&outcome)).await?;
        ok(&view(&outcome?))
    }
    .boxed()
}

fn file_view(facts: &FileFacts) -> Value {
    json!({
        "id": facts.id,
        "name": facts.name,
        "release": facts.release,
        "dist": (!facts.dist.is_empty()).then_some(&facts.dist),
        "bytes": facts.bytes,
        "uploaded_at": rfc3339(Timestamp(facts.uploaded_at)),
        "uploaded_by": facts.uploaded_by,
    })
}

fn view(facts: &Facts) -> Value {
    let releases: Vec<Value> = facts
        .releases
        .iter()
        .map(|(name, dist)| json!({"release": name, "dist": (!dist.is_empty()).then_some(dist)}))
        .collect();
    let urls: BTreeSet<&str> = facts.scripts.iter().map(|script| &*script.url).collect();
    json!({
        "id": facts.id,
        "bytes": facts.bytes,
        "uploaded_at": rfc3339(Timestamp(facts.uploaded_at)),
        "uploaded_by": facts.uploaded_by,
        "releases": releases,
        "scripts": urls,
    })
}

#[derive(Default, Deserialize)]
struct ReleaseRequest {
    version: Option<String>,
    #[serde(default)]
    projects: Vec<String>,
    #[serde(rename = "dateReleased")]
    date_released: Option<String>,
    url: Option<String>,
}

/// Names a release, or says more of one.
pub fn put_release(call: Call) -> Answer {
    async move {
        let request: ReleaseRequest = call.json_or_default()?;
        let version = match (call.segment("version"), &request.version) {
            ("", Some(version)) => version_named(version)?,
            ("", None) => return Err(Failure::invalid("a release needs a version").field("version")),
            (version, _) => version_named(version)?,
        };
        let mut answer = Value::Null;
        for project in projects(&call, &request.projects)? {
            let now = call.app.world.now();
            let act = Act::new("RELEASE_UPDATE", Category::Mutation, "names a release")
                .target("release", &version, None)
                .metadata("project", project.as_str());
            let (date_released, url) = (request.date_released.clone(), request.url.clone());
            let change = move |release: &mut Release| {
                if release.created_at == 0 {
                    release.created_at = now.nanos();
                }
                release.released = date_released.or_else(|| release.released.take());
                release.url = url.or_else(|| release.url.take());
                release.clone()
            };
            let release = changed(&call, &project, &version, act, change).await?;
            answer = release_view(&version, &project, &release);
        }
        let status = if call.segment("version").is_empty() { StatusCode::CREATED } else { StatusCode::OK };
        json_response(status, &answer)
    }
    .boxed()
}

pub fn get_release(call: Call) -> Answer {
    async move {
        let version = version_named(call.segment("version"))?;
        let project = projects(&call, &[])?.remove(0);
        let releases = call.app.artifacts.releases(project.as_str()).map_err(failed)?;
        match releases.get(&version) {
            Some(release) => ok(&release_view(&version, &project, release)),
            None => Err(Failure::new(ErrorKind::NotFound, format!("no release {version:?} in the project {project}"))),
        }
    }
    .boxed()
}

#[derive(Deserialize)]
struct DeployRequest {
    environment: String,
    name: Option<String>,
    url: Option<String>,
    #[serde(rename = "dateStarted")]
    started: Option<String>,
    #[serde(rename = "dateFinished")]
    finished: Option<String>,
    #[serde(default)]
    projects: Vec<String>,
}

/// Says that a release went out.
pub fn deploy(call: Call) -> Answer {
    async move {
        let request: DeployRequest = call.json()?;
        let version = version_named(call.segment("version"))?;
        let mut answer = Value::Null;
        for project in projects(&call, &request.projects)? {
            let now = call.app.world.now();
            let act = Act::new("DEPLOY", Category::Mutation, format!("deploys to {}", request.environment))
                .target("release", &version, None)
                .metadata("project", project.as_str());
            let said = Deploy {
                id: 1,
                environment: request.environment.clone(),
                name: request.name.clone(),
                url: request.url.clone(),
                started: request.started.clone(),
                finished: Some(request.finished.clone().unwrap_or_else(|| rfc3339(now))),
            };
            let change = move |release: &mut Release| {
                if release.created_at == 0 {
                    release.created_at = now.nanos();
                }
                let id = release.deploys.last().map_or(said.id, |last| last.id + 1);
                let deploy = Deploy { id, ..said };
                release.deploys.push(deploy.clone());
                deploy
            };
            answer = deploy_view(&changed(&call, &project, &version, act, change).await?);
        }
        json_response(StatusCode::CREATED, &answer)
    }
    .boxed()
}

/// Changes one release, with its entry in the trail.
async fn changed<T>(
    call: &Call,
    project: &Project,
    version: &str,
    act: Act,
    change: impl FnOnce(&mut Release) -> T,
) -> Result<T, Failure> {
    let entry = call.app.control.trail().begin(&call.caller, act).await?;
    let artifacts = &call.app.artifacts;
    let outcome =
        artifacts.change_releases(project.as_str(), |releases| change(releases.entry(version.to_owned()).or_default()));
    let outcome = outcome.map_err(failed);
    entry.complete(completed(&outcome)).await?;
    outcome
}

pub fn completed<T>(outcome: &Result<T, Failure>) -> Completed {
    match outcome {
        Ok(_) => Completed::success(),
        Err(failure) => Completed::failure(failure.kind.name(), failure.message()),
    }
}

fn release_view(version: &str, project: &Project, release: &Release) -> Value {
    let slug = project.as_str();
    json!({
        "version": version,
        "shortVersion": version,
        "dateCreated": rfc3339(Timestamp(release.created_at)),
        "dateReleased": release.released,
        "url": release.url,
        "newGroups": 0,
        "projects": [{"slug": slug, "name": slug}],
        "deploys": release.deploys.iter().map(deploy_view).collect::<Vec<_>>(),
    })
}

fn deploy_view(deploy: &Deploy) -> Value {
    json!({
        "id": deploy.id.to_string(),
        "environment": deploy.environment,
        "name": deploy.name,
        "url": deploy.url,
        "dateStarted": deploy.started,
        "dateFinished": deploy.finished,
    })
}

/// The projects that a body names, or that of the call. One that is not there is not told from one out of reach.
fn projects(call: &Call, named: &[String]) -> Result<Vec<Project>, Failure> {
    if named.is_empty() {
        return Ok(vec![call.project.clone()]);
    }
    let directory = call.app.control.directory();
    let one = |name: &String| {
        let found = identity::project_named(&directory, name).filter(|project| call.caller.reaches(project));
        let message = || format!("there is no project {name:?}, or these credentials do not reach it");
        found.ok_or_else(|| Failure::new(ErrorKind::NotFound, message()).field("projects"))
    };
    named.iter().map(one).collect()
}

pub fn version_named(version: &str) -> Result<String, Failure> {
    let version = version.trim();
    let fits = (1..=RELEASE_CHARACTERS_MAX).contains(&version.chars().count());
    if !fits || version.chars().any(char::is_control) {
        let message = format!("a release has 1 to {RELEASE_CHARACTERS_MAX} characters and no line breaks");
        return Err(Failure::invalid(message).field("version"));
    }
    Ok(version.to_owned())
}

pub fn failed(error: std::io::Error) -> Failure {
    Failure::new(ErrorKind::Unavailable, format!("files of source maps cannot be used: {error}"))
}
