//! Reading a request's body: up to its limit, within the memory limit, no slower than allowed.

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use whodunit_stdx::{ErrorKind, Reservation};

use crate::app::App;
use crate::call::BodyLimit;
use crate::failure::Failure;

/// The body and the memory it holds. A body that may not be there is ignored, not refused.
pub async fn read(
    app: &App,
    limit: BodyLimit,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Bytes, Option<Reservation>), Failure> {
    if limit == BodyLimit::None {
        return Ok((Bytes::new(), None));
    }
    let bytes_max = limit.bytes(&app.settings);
    let announced = announced(headers);
    if announced.is_some_and(|bytes| bytes > bytes_max) {
        return Err(too_large(limit, bytes_max));
    }
    let mut memory = app.memory.try_reserve(announced.unwrap_or(0)).ok_or_else(no_memory)?;
    let mut pieces = body.into_data_stream();
    let idle = app.settings.body_idle_timeout;
    let mut next = async || match tokio::time::timeout(idle, pieces.next()).await {
        Ok(piece) => piece.transpose().map_err(|_| Failure::invalid("the body ended before its end")),
        Err(_elapsed) => Err(too_slow()),
    };
    let Some(first) = next().await? else { return Ok((Bytes::new(), None)) };
    grow(&mut memory, first.len())?;
    if announced == Some(first.len()) {
        return Ok((first, Some(memory)));
    }
    let mut whole = BytesMut::with_capacity(announced.unwrap_or(0).max(first.len()));
    let mut piece = first;
    loop {
        if whole.len() + piece.len() > bytes_max {
            return Err(too_large(limit, bytes_max));
        }
        grow(&mut memory, whole.len() + piece.len())?;
        whole.extend_from_slice(&piece);
        match next().await? {
            Some(more) => piece = more,
            None => return Ok((whole.freeze(), Some(memory))),
        }
    }
}

/// How many bytes the body will have, if its head says so.
pub fn announced(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok())
}

/// Makes the reservation at least `bytes` large.
fn grow(memory: &mut Reservation, bytes: usize) -> Result<(), Failure> {
    let missing = bytes.saturating_sub(memory.bytes());
    if missing == 0 || memory.try_grow(missing) { Ok(()) } else { Err(no_memory()) }
}

fn too_large(limit: BodyLimit, bytes_max: usize) -> Failure {
    Failure::new(ErrorKind::TooLarge, format!("the body is larger than {bytes_max} bytes"))
        .limit(limit.name())
        .hint("send it in several requests")
}

fn no_memory() -> Failure {
    Failure::new(ErrorKind::Exhausted, "the memory limit leaves no room for this body just now").limit("memory")
}

fn too_slow() -> Failure {
    Failure::new(ErrorKind::Timeout, "the body came too slowly")
        .status(StatusCode::REQUEST_TIMEOUT)
        .limit("body_idle_timeout")
}
