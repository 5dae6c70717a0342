//! Sockets: accepts connections up to a bound, serves HTTP/1.1 on each, drains them when told to stop.
//!
//! A connection that dawdles over its head is dropped by the header timeout; one that dawdles over a body is dropped
//! where the body is read. This file must not know what a request means: it hands each to the [`Front`].

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use whodunit_stdx::Tasks;
use whodunit_stdx::tasks::Stop;

use crate::front::{Front, Peer};
use crate::observed::Connected;
use crate::settings::Settings;

/// Largest head of a request: request line and all headers.
pub const HEAD_BYTES_MAX: usize = 64 * 1024;
/// Most header fields of a request.
pub const HEADERS_MAX: usize = 100;
/// Pause after the system refused a connection (out of file descriptors), so that the loop does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Starts to accept. The connections' tasks belong to `tasks`: stopping those drains the connections.
pub fn serve(listener: TcpListener, front: Arc<Front>, settings: &Settings, tasks: &Tasks) {
    let connections = Arc::new(Semaphore::new(settings.connections_max.min(Semaphore::MAX_PERMITS)));
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(settings.header_timeout)
        .max_buf_size(HEAD_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .half_close(false);
    let owner = tasks.clone();
    tasks.spawn("accept", move |mut stop| async move {
        loop {
            let permit = tokio::select! {
                permit = connections.clone().acquire_owned() => permit.expect("the semaphore is never closed"),
                () = stop.wait() => return,
            };
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = stop.wait() => return,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "connection not accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            };
            let (builder, front) = (builder.clone(), front.clone());
            owner.spawn("connection", move |stop| async move {
                let _connected = Connected::begin();
                connection(builder, stream, peer, front, stop).await;
                drop(permit);
            });
        }
    });
}

async fn connection(builder: http1::Builder, stream: TcpStream, peer: SocketAddr, front: Arc<Front>, mut stop: Stop) {
    // Answers are small and written whole: waiting to fill a packet would only delay them.
    let _best_effort = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let front = front.clone();
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(Peer(peer));
            Ok::<Response, Infallible>(front.answer(request).await)
        }
    });
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.wait() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "connection ended early");
    }
}
