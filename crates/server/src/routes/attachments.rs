//! Files that came with errors: named in lists, and handed out as a download, never shown.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray};
use arrow::datatypes::Int64Type;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use futures::FutureExt;
use whodunit_ingest::sentry::ATTACHMENT_BYTES_MAX;
use whodunit_model::Table;
use whodunit_query::ListRequest;
use whodunit_stdx::ErrorKind;

use crate::call::{Answer, Call, ProjectChoice, typed};
use crate::failure::Failure;
use crate::recording::{Purpose, Reading};

/// One file, put together from its parts.
struct File {
    name: String,
    bytes: usize,
    parts: usize,
    data: BTreeMap<i64, Vec<u8>>,
}

/// A file as a download. What is in it came from strangers: no browser shows or runs it here.
pub fn download(call: Call) -> Answer {
    async move {
        let id = call.hex_id("attachment")?;
        let reading = Reading {
            operation: "download_attachment",
            project: &call.project,
            parameters: &[("id".to_owned(), id.clone())],
            question: None,
            target: None,
        };
        call.recorder.begin(&call.caller, reading, Purpose::Export).await?;
        let held = call.app.memory.try_reserve(ATTACHMENT_BYTES_MAX);
        let _held = held.ok_or_else(|| Failure::new(ErrorKind::Exhausted, "there is no memory for the file now"))?;
        let missing =
            || Failure::new(ErrorKind::NotFound, format!("no attachment {id} in the project {}", call.project));
        let file = read(&call, &id).await?.ok_or_else(missing)?;
        call.recorder.add_rows(1);
        answer(file, &id)
    }
    .boxed()
}

async fn read(call: &Call, id: &str) -> Result<Option<File>, Failure> {
    let request =
        ListRequest::parse(Table::Attachments, &[("id".to_owned(), format!("\\{id}"))], call.app.world.now())?;
    let mut export = call.app.engine.export(request, &call.visibility(ProjectChoice::Named)).await?;
    let mut file: Option<File> = None;
    while let Some(batches) = export.next().await? {
        for batch in batches {
            let numbers = |name: &str| batch.column_by_name(name).and_then(|all| all.as_primitive_opt::<Int64Type>());
            let (Some(numbered), Some(parts), Some(bytes)) = (numbers("part"), numbers("parts"), numbers("bytes"))
            else {
                continue;
            };
            let names = batch.column_by_name("name").and_then(|all| all.as_string_view_opt());
            let data = batch.column_by_name("data").and_then(|all| all.as_binary_view_opt());
            let (Some(names), Some(data)) = (names, data) else { continue };
            for row in 0..batch.num_rows() {
                let file = file.get_or_insert_with(|| File {
                    name: names.value(row).to_owned(),
                    bytes: usize::try_from(bytes.value(row)).unwrap_or(0),
                    parts: usize::try_from(parts.value(row)).unwrap_or(0),
                    data: BTreeMap::new(),
                });
                if data.is_valid(row) {
                    file.data.entry(numbered.value(row)).or_insert_with(|| data.value(row).to_vec());
                }
            }
        }
    }
    Ok(file)
}

fn answer(file: File, id: &str) -> Result<Response, Failure> {
    let content: Vec<u8> = file.data.values().flatten().copied().collect();
    if content.len() != file.bytes || file.data.len() != file.parts {
        let message = format!("attachment {id} has {} of its {} bytes", content.len(), file.bytes);
        return Err(Failure::new(ErrorKind::Corrupt, message));
    }
    let mut response = typed(StatusCode::OK, HeaderValue::from_static("application/octet-stream"), content);
    let headers = response.headers_mut();
    // Letters of other alphabets as RFC 6266 has them; the plain name is for clients that do not know it.
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
    let plain: String = file.name.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    let percent = |byte: u8| match byte {
        plain if is_plain(plain.into()) => char::from(plain).to_string(),
        other => format!("%{other:02X}"),
    };
    let exact: String = file.name.bytes().map(percent).collect();
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}");
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, bytes: usize, parts: &[&[u8]]) -> File {
        let data = parts.iter().enumerate().map(|(at, data)| (at as i64, data.to_vec())).collect();
        File { name: name.to_owned(), bytes, parts: parts.len(), data }
    }

    #[test]
    fn a_name_cannot_forge_a_header_and_a_file_is_never_shown() {
        let response = answer(file("שלום \"x\".html\r\nX: y", 2, &[b"a", b"b"]), "1").expect("whole");
        let headers = response.headers();
        let disposition = headers[header::CONTENT_DISPOSITION].to_str().expect("plain");
        assert!(
            disposition.starts_with("attachment; filename=\"______x_.html__X__y\"; filename*=UTF-8''%D7%A9"),
            "{disposition}"
        );
        assert_eq!(headers[header::CONTENT_TYPE], "application/octet-stream");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }

    #[test]
    fn a_file_that_lacks_a_part_is_not_handed_out() {
        assert!(answer(file("a", 3, &[b"a", b"b"]), "1").is_err());
        let torn = File { parts: 3, ..file("a", 2, &[b"a", b"b"]) };
        assert!(answer(torn, "1").is_err());
        assert!(answer(file("a", 0, &[b""]), "1").is_ok());
    }
}
