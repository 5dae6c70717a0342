//! The part of a request's body that nobody has read when its answer is ready.
//!
//! A connection that is closed with bytes unread is reset, and the reset may overtake the answer: whoever is told 401
//! or 429 before having sent everything would see a broken connection instead. So the rest is read and thrown away,
//! up to a size and a time, before the answer goes out.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, HttpBody};
use axum::http::{Request, header};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use parking_lot::Mutex;

/// More than this is not thrown away: the connection is closed instead.
pub const UNREAD_BYTES_MAX: usize = 8 << 20;
/// Longest wait for the rest of a body that is thrown away.
pub const UNREAD_WAIT_MAX: Duration = Duration::from_secs(2);

/// What is left of a request's body.
pub struct Unread(Option<Arc<Mutex<Shared>>>);

struct Shared {
    pieces: BodyDataStream,
    ended: bool,
}

impl Shared {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, axum::Error>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let piece = self.pieces.poll_next_unpin(context);
        self.ended = matches!(piece, Poll::Ready(None | Some(Err(_))));
        piece
    }
}

fn stream(shared: Arc<Mutex<Shared>>) -> impl Stream<Item = Result<Bytes, axum::Error>> {
    futures::stream::poll_fn(move |context| shared.lock().poll(context))
}

/// The same request, and the way to what its handler leaves unread.
pub fn watch(request: Request<Body>) -> (Request<Body>, Unread) {
    // Who expects `100 Continue` has sent no body yet, and sends none after another answer.
    if request.body().is_end_stream() || request.headers().contains_key(header::EXPECT) {
        return (request, Unread(None));
    }
    let (parts, body) = request.into_parts();
    let shared = Arc::new(Mutex::new(Shared { pieces: body.into_data_stream(), ended: false }));
    let body = Body::from_stream(stream(shared.clone()));
    (Request::from_parts(parts, body), Unread(Some(shared)))
}

impl Unread {
    /// Reads the rest and throws it away, within the bounds.
    pub async fn discard(self) {
        let Some(shared) = self.0 else { return };
        let mut pieces = stream(shared);
        let mut left = UNREAD_BYTES_MAX;
        let discarding = async {
            while let Some(Ok(piece)) = pieces.next().await {
                match left.checked_sub(piece.len()) {
                    Some(less) => left = less,
                    None => return,
                }
            }
        };
        // Whoever is too slow gets the answer all the same, if it still arrives.
        let _elapsed = tokio::time::timeout(UNREAD_WAIT_MAX, discarding).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_a_handler_leaves_is_read_to_the_end_and_no_further_than_the_bound() {
        let taken = Arc::new(Mutex::new(0));
        let count = taken.clone();
        let pieces = futures::stream::repeat_with(move || {
            *count.lock() += 1;
            Ok::<_, axum::Error>(Bytes::from(vec![0; 1 << 20]))
        });
        let (request, unread) = watch(Request::new(Body::from_stream(pieces)));
        let mut body = request.into_body().into_data_stream();
        assert_eq!(body.next().await.expect("a piece").expect("whole").len(), 1 << 20);
        drop(body);
        unread.discard().await;
        assert_eq!(*taken.lock(), 1 + UNREAD_BYTES_MAX / (1 << 20) + 1);
    }

    #[tokio::test]
    async fn a_body_that_was_read_leaves_nothing() {
        let (request, unread) = watch(Request::new(Body::from("whole")));
        let mut body = request.into_body().into_data_stream();
        while body.next().await.is_some() {}
        unread.discard().await;
    }
}
