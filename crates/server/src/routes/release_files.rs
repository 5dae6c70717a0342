//! Files of releases one by one, as Sentry's command line uploaded them before there were bundles.

use axum::http::{StatusCode, header};
use futures::FutureExt;
use serde_json::{Map, Value, json};
use whodunit_control::{Act, Category, Completed, label, rfc3339};
use whodunit_ingest::sentry::{boundary, parts};
use whodunit_stdx::{ErrorKind, Timestamp};

use super::artifacts::{completed, failed, in_background, version_named};
use crate::artifacts::files::{FileFacts, NAME_CHARACTERS_MAX};
use crate::call::{Answer, Call, json_response, no_content, ok};
use crate::failure::Failure;

/// Takes one file: a script, its map, or anything else that a build made.
pub fn upload(call: Call) -> Answer {
    async move {
        let release = version_named(call.segment("version"))?;
        let (facts, bytes) = sent(&call, &release)?;
        let act = Act::new("SOURCEMAPS_UPLOAD", Category::Mutation, "uploads a file of a release")
            .target("release_file", &facts.id, Some(&facts.name))
            .metadata("project", call.project.as_str())
            .metadata("release", release.as_str());
        let entry = call.app.control.trail().begin(&call.caller, act).await?;
        let (app, project, kept) = (call.app.clone(), call.project.clone(), facts.clone());
        let outcome = in_background(move || match app.artifacts.keep_file(project.as_str(), kept, &bytes) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
            outcome => outcome.map(|()| true),
        });
        let there = || {
            let failure = Failure::new(ErrorKind::Conflict, "the release has a file of this name already");
            failure.field("name").hint("delete it first")
        };
        let outcome = outcome.await.and_then(|is_new| if is_new { Ok(()) } else { Err(there()) });
        entry.complete(completed(&outcome)).await?;
        outcome?;
        json_response(StatusCode::CREATED, &view(&facts))
    }
    .boxed()
}

/// The file of a form, and what the form says of it.
fn sent(call: &Call, release: &str) -> Result<(FileFacts, Vec<u8>), Failure> {
    let boundary = call.header(header::CONTENT_TYPE).and_then(boundary).ok_or_else(|| {
        Failure::new(ErrorKind::Unsupported, "a file comes as multipart/form-data").field("content-type")
    })?;
    let parts = parts(&call.body, boundary)?;
    let text = |name: &str| {
        let part = parts.iter().find(|part| part.name == name)?;
        Some(String::from_utf8_lossy(part.data).trim().to_owned()).filter(|text| !text.is_empty())
    };
    let file = parts.iter().find(|part| part.name == "file");
    let file = file.ok_or_else(|| Failure::invalid("the form has no part file").field("file"))?;
    let name = text("name").or_else(|| file.filename.clone()).unwrap_or_default();
    let fits = (1..=NAME_CHARACTERS_MAX).contains(&name.chars().count());
    if !fits || name.chars().any(char::is_control) {
        let message = format!("the name of a file has 1 to {NAME_CHARACTERS_MAX} characters and no line breaks");
        return Err(Failure::invalid(message).field("name"));
    }
    let headers = parts.iter().filter(|part| part.name == "header").filter_map(|part| {
        let (name, value) = std::str::from_utf8(part.data).ok()?.split_once(':')?;
        Some((name.trim().to_owned(), value.trim().to_owned()))
    });
    let dist = match text("dist") {
        Some(dist) => version_named(&dist)?,
        None => String::new(),
    };
    let facts = FileFacts::of(release, &dist, &name, headers.collect(), file.data);
    let (uploaded_at, uploaded_by) = (call.app.world.now().nanos(), label(&call.caller));
    Ok((FileFacts { uploaded_at, uploaded_by, ..facts }, file.data.to_vec()))
}

/// The files of a release, or those of some checksums or with a text in their name.
pub fn list(call: Call) -> Answer {
    async move {
        let release = version_named(call.segment("version"))?;
        let asked = |name: &str| -> Vec<&str> {
            let values = call.parameters.iter().filter(|(key, value)| key == name && !value.is_empty());
            values.map(|(_, value)| value.as_str()).collect()
        };
        let (checksums, texts) = (asked("checksum"), asked("query"));
        let shelf = call.app.artifacts.shelf(call.project.as_str()).map_err(failed)?;
        let shelf = shelf.read();
        let files = shelf.files().of_release(&release).into_iter();
        let files = files.filter(|one| checksums.is_empty() || checksums.contains(&one.sha1.as_str()));
        let files = files.filter(|one| texts.iter().all(|text| one.name.contains(text)));
        ok(&files.map(view).collect::<Vec<Value>>())
    }
    .boxed()
}

pub fn show(call: Call) -> Answer {
    async move {
        let release = version_named(call.segment("version"))?;
        let shelf = call.app.artifacts.shelf(call.project.as_str()).map_err(failed)?;
        let shelf = shelf.read();
        let found = shelf.files().get(call.segment("id")).filter(|one| one.release == release);
        found.map_or_else(|| Err(not_found(&call, &release)), |found| ok(&view(found)))
    }
    .boxed()
}

pub fn remove(call: Call) -> Answer {
    async move {
        let release = version_named(call.segment("version"))?;
        let shelf = call.app.artifacts.shelf(call.project.as_str()).map_err(failed)?;
        let found = shelf.read().files().get(call.segment("id")).filter(|one| one.release == release).cloned();
        let found = found.ok_or_else(|| not_found(&call, &release))?;
        remove_all(&call, &release, vec![found]).await?;
        Ok(no_content())
    }
    .boxed()
}

/// All files of the release that the parameter names.
pub fn remove_of_release(call: Call) -> Answer {
    async move {
        let release = version_named(call.parameter("name").unwrap_or_default())?;
        let shelf = call.app.artifacts.shelf(call.project.as_str()).map_err(failed)?;
        let all = shelf.read().files().of_release(&release).into_iter().cloned().collect();
        remove_all(&call, &release, all).await?;
        Ok(no_content())
    }
    .boxed()
}

async fn remove_all(call: &Call, release: &str, files: Vec<FileFacts>) -> Result<(), Failure> {
    if files.is_empty() {
        return Ok(());
    }
    let act = Act::new("SOURCEMAPS_DELETE", Category::Mutation, "deletes files of a release")
        .target("release", release, None)
        .metadata("project", call.project.as_str());
    let act = match &files[..] {
        [one] => act.metadata("file", one.name.as_str()),
        _ => act,
    };
    let entry = call.app.control.trail().begin(&call.caller, act).await?;
    let ids: Vec<String> = files.into_iter().map(|one| one.id).collect();
    let (app, project) = (call.app.clone(), call.project.clone());
    let outcome = in_background(move || app.artifacts.remove_files(project.as_str(), &ids)).await;
    let done = match &outcome {
        Ok(gone) => Completed::success().rows(gone.len() as u64),
        Err(_) => completed(&outcome),
    };
    entry.complete(done).await?;
    outcome.map(drop)
}

fn not_found(call: &Call, release: &str) -> Failure {
    let message =
        format!("no file {:?} of the release {release:?} in the project {}", call.segment("id"), call.project);
    Failure::new(ErrorKind::NotFound, message)
}

pub fn view(facts: &FileFacts) -> Value {
    let headers: Map<String, Value> = facts.headers.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    json!({
        "id": facts.id,
        "name": facts.name,
        "dist": (!facts.dist.is_empty()).then_some(&facts.dist),
        "headers": headers,
        "size": facts.bytes,
        "sha1": facts.sha1,
        "dateCreated": rfc3339(Timestamp(facts.uploaded_at)),
    })
}
