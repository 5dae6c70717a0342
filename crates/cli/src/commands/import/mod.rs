//! `whodunit import`: files of log lines, each line once, however often and from wherever it is interrupted.
//!
//! A file is known to the server by the hash of its first line, a position in it by the hash of everything up to
//! there. Lines are sent in pieces that enter as a whole and carry both. So the furthest position whose hash fits
//! says how much of a file is stored: of the same file, of a copy under another name or compression, and of one that
//! has grown since. The rule and its limits are in `docs/guide/import.md`.
//!
//! Modules, top to bottom: each imports only those below it.

mod pieces;
mod source;

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use hyper::{Method, StatusCode};
use serde_json::json;
use whodunit_api::import::{ImportState, START};
use whodunit_api::logs::LogsAnswer;
use whodunit_ingest::lines::{Format, LineReader};
use whodunit_stdx::World;

use self::pieces::{Piece, Pieces};
use self::source::{Digest, Source};
use crate::arguments::{Import, LineFormat};
use crate::configuration::Configuration;
use crate::failure::Failure;
use crate::http::{Answer, Call, Client, percent_encode};
use crate::output::{Style, print_text, shown};
use crate::progress::{bar, while_running};

/// Lines that are looked at to tell the format.
const SAMPLE_LINES: usize = 100;
/// How often a piece is sent again when the server has no room for it.
const ATTEMPTS_MAX: u32 = 60;
const PAUSE: Duration = Duration::from_secs(1);

/// What became of one file.
#[derive(Debug, Default)]
struct Imported {
    format: &'static str,
    /// Lines that are stored now and were not before.
    added: u64,
    /// Lines that were stored by an earlier run.
    known: u64,
    /// Of the added ones those that were not in the file's format.
    as_text: u64,
    rejected: u64,
}

pub async fn run(import: Import, configuration: &Configuration, style: Style) -> Result<(), Failure> {
    let key = configuration.api_key();
    if key.is_none() {
        return Err(Failure::Usage("import needs a key that may send: give --api-key or WHODUNIT_API_KEY".to_owned()));
    }
    let client = Client::new(&configuration.url(), key, configuration.ca())?;
    let mut failed = 0;
    for path in &import.files {
        let source = match Source::open(path) {
            Ok(source) => source,
            Err(error) => {
                eprintln!("error: {}: {error}", shown(&path.display().to_string()));
                failed += 1;
                continue;
            }
        };
        let one = One { client: &client, import: &import, source: &source, path };
        let progress = source.progress();
        let work = one.import();
        let done = while_running(work, || {
            format!("{} {}", bar(progress.bytes(), source.bytes()), shown(&path.display().to_string()))
        });
        match done.await {
            Ok(done) => {
                failed += usize::from(done.rejected > 0);
                tell(path, &done, style)?;
            }
            Err(Failure::Failed(error)) => {
                eprintln!("error: {}: {}", shown(&path.display().to_string()), shown(&error));
                failed += 1;
            }
            Err(other) => return Err(other),
        }
    }
    match failed {
        0 => Ok(()),
        1 => Err(Failure::Failed("one file was not imported whole".to_owned())),
        count => Err(Failure::Failed(format!("{count} files were not imported whole"))),
    }
}

fn tell(path: &Path, done: &Imported, style: Style) -> Result<(), Failure> {
    let Imported { format, added, known, as_text, rejected } = done;
    let file = path.display().to_string();
    if style == Style::Json {
        let told = json!({
            "file": file, "format": format, "added": added, "known": known, "as_text": as_text, "rejected": rejected,
        });
        return print_text(&told.to_string());
    }
    let lines = if *added == 1 { "line" } else { "lines" };
    let mut text = format!("{}: {added} {lines} added as {format}", shown(&file));
    for (count, what) in [(known, "were there already"), (as_text, "kept as text"), (rejected, "rejected")] {
        if *count > 0 {
            text.push_str(&format!(", {count} {what}"));
        }
    }
    print_text(&text)
}

/// One file on its way.
struct One<'a> {
    client: &'a Client,
    import: &'a Import,
    source: &'a Source,
    path: &'a Path,
}

/// Where the stored part of a file ends.
struct Stored {
    line: u64,
    upto: String,
}

/// What the server said to a piece.
enum Sent {
    Stored(LogsAnswer),
    /// Another piece begins there.
    Taken,
}

impl One<'_> {
    async fn import(&self) -> Result<Imported, Failure> {
        let label = self.import.source.as_deref().unwrap_or_default();
        let Some(id) = self.source.id(label)? else { return Ok(Imported { format: "text", ..Imported::default() }) };
        let format = self.format()?;
        let mut done = Imported { format: format.name(), ..Imported::default() };
        let mut taken: Option<String> = None;
        loop {
            let stored = self.stored(&id).await?;
            if done.added == 0 {
                done.known = stored.line;
            }
            // A piece that begins where the last one was refused belongs to another file with the same beginning.
            let branch = taken.as_ref() == Some(&stored.upto);
            match self.send_from(&id, format, &stored, branch, &mut done).await? {
                None => return Ok(done),
                Some(after) => taken = Some(after),
            }
        }
    }

    fn format(&self) -> Result<Format, Failure> {
        if let Some(format) = self.import.format {
            return Ok(format_of(format));
        }
        let mut lines = self.source.lines()?;
        let mut sample = Vec::new();
        while sample.len() < SAMPLE_LINES
            && let Some(line) = lines.next()?
        {
            sample.push(line.text());
        }
        Ok(Format::detect(sample.iter().map(String::as_str), World::system().now()))
    }

    /// The furthest stored position that fits this file.
    async fn stored(&self, id: &str) -> Result<Stored, Failure> {
        let path = format!("/api/v1/imports/{id}");
        let answer = self.patiently(|| self.call(Method::GET, &path, String::new())).await?.success()?;
        let state: ImportState = serde_json::from_value(answer.json()?).map_err(Failure::failed)?;
        let mut stored = Stored { line: 0, upto: START.to_owned() };
        let furthest = state.positions.iter().map(|position| position.line).max().unwrap_or(0);
        let mut positions: HashMap<u64, Vec<String>> = HashMap::new();
        for position in state.positions {
            positions.entry(position.line).or_default().push(position.upto);
        }
        let mut lines = self.source.lines()?;
        let mut digest = Digest::default();
        while lines.number() < furthest
            && let Some(line) = lines.next()?
        {
            digest.add(&line);
            if let Some(ends) = positions.get(&lines.number()) {
                let upto = digest.text();
                if ends.contains(&upto) {
                    stored = Stored { line: lines.number(), upto };
                }
            }
        }
        Ok(stored)
    }

    /// Sends everything behind what is stored; the beginning of a piece that was refused, if one was.
    async fn send_from(
        &self,
        id: &str,
        format: Format,
        stored: &Stored,
        branch: bool,
        done: &mut Imported,
    ) -> Result<Option<String>, Failure> {
        let reader = LineReader::new(format, self.defaults(), World::system().now());
        let mut pieces = Pieces::new(self.source.lines()?, reader, id);
        pieces.skip_to(stored.line)?;
        let mut after = stored.upto.clone();
        let mut branch = branch;
        while let Some(piece) = pieces.next()? {
            match self.send(id, &after, branch, &piece).await? {
                Sent::Taken => return Ok(Some(after)),
                Sent::Stored(answer) => {
                    done.added += answer.accepted;
                    done.as_text += piece.as_text;
                    done.rejected += answer.rejected;
                    for rejection in &answer.rejections {
                        let number = piece.numbers.get(usize::try_from(rejection.line).unwrap_or(0).saturating_sub(1));
                        let number = number.map_or_else(|| "?".to_owned(), u64::to_string);
                        let file = shown(&self.path.display().to_string());
                        eprintln!("{file}, line {number}: not taken: {}", shown(&rejection.reason));
                    }
                }
            }
            after = piece.upto;
            branch = false;
        }
        Ok(None)
    }

    fn defaults(&self) -> Vec<(&'static str, String)> {
        let given =
            [("service", &self.import.service), ("environment", &self.import.environment), ("host", &self.import.host)];
        given.into_iter().filter_map(|(column, value)| Some((column, value.clone()?))).collect()
    }

    async fn send(&self, id: &str, after: &str, branch: bool, piece: &Piece) -> Result<Sent, Failure> {
        let branch = if branch { "&branch=true" } else { "" };
        let path = format!("/api/v1/imports/{id}?after={after}{branch}");
        let answer = self.patiently(|| self.call(Method::POST, &path, piece.body.clone())).await?;
        if answer.status == StatusCode::CONFLICT && answer.text().contains("begins here") {
            return Ok(Sent::Taken);
        }
        let answer = answer.success()?.json()?;
        serde_json::from_value(answer).map(Sent::Stored).map_err(Failure::failed)
    }

    async fn call(&self, method: Method, path: &str, body: String) -> Result<Answer, Failure> {
        let project = self.import.project.as_deref().map(|project| ("x-whodunit-project", project));
        let headers: Vec<_> = [("content-type", "application/x-ndjson")].into_iter().chain(project).collect();
        let call = Call { method, path, headers: &headers, body: body.into() };
        self.client.send(call).await.map_err(|failure| match failure {
            Failure::Unreachable(text) => {
                let path = percent_encode(&self.path.display().to_string()).replace("%2F", "/");
                Failure::Unreachable(format!("{text}; run the import of {path} again, it goes on where it ended"))
            }
            other => other,
        })
    }

    /// Asks again while the server is full.
    async fn patiently<F: Future<Output = Result<Answer, Failure>>>(
        &self,
        ask: impl Fn() -> F,
    ) -> Result<Answer, Failure> {
        for _ in 1..ATTEMPTS_MAX {
            let answer = ask().await?;
            if !matches!(answer.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
                return Ok(answer);
            }
            tokio::time::sleep(PAUSE).await;
        }
        ask().await
    }
}

fn format_of(format: LineFormat) -> Format {
    match format {
        LineFormat::Json => Format::Json,
        LineFormat::Logfmt => Format::Logfmt,
        LineFormat::Access => Format::Access,
        LineFormat::Syslog => Format::Syslog,
        LineFormat::Text => Format::Text,
    }
}

#[cfg(test)]
mod tests {
    use whodunit_api::import::POSITIONS_MAX;

    use super::pieces::{IMPORT_PIECE_BYTES, IMPORT_PIECE_LINES};
    use super::source::IMPORT_LINE_BYTES_MAX;

    #[test]
    fn the_page_of_limits_has_the_import_as_it_is() {
        let page = include_str!("../../../../../docs/limits.md");
        for (name, value) in [
            ("import_line_bytes_max", format!("{IMPORT_LINE_BYTES_MAX} bytes")),
            ("import_piece_lines", IMPORT_PIECE_LINES.to_string()),
            ("import_piece_bytes", format!("{IMPORT_PIECE_BYTES} bytes")),
            ("import_positions_max", POSITIONS_MAX.to_string()),
        ] {
            let line = format!("| `{name}` | {value} |");
            assert!(page.contains(&line), "docs/limits.md lacks {line}");
        }
    }
}
