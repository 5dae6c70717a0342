//! Sockets: accepts connections up to a bound, serves HTTP/1.1 on each, drains them when told to stop.
//!
//! With a certificate every connection begins with a TLS handshake, without one it is plain.
//! A connection that dawdles over its head is dropped by the header timeout; one that dawdles over a body is dropped
//! where the body is read. This file must not know what a request means: it hands each to the [`Front`].

use std::convert::Infallible;
use std::error::Error;
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
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::server::TlsStream;
use whodunit_stdx::Tasks;
use whodunit_stdx::tasks::Stop;

use crate::front::{Front, Peer};
use crate::observed::Connected;
use crate::settings::Settings;
use crate::tls::{Acceptor, HandshakeError, TLS_HANDSHAKE_TIMEOUT};

/// Largest head of a request: request line and all headers.
pub const HEAD_BYTES_MAX: usize = 64 * 1024;
/// Most header fields of a request.
pub const HEADERS_MAX: usize = 100;
/// What this listener speaks inside TLS.
pub const PROTOCOLS: &[&[u8]] = &[b"http/1.1"];
/// Pause after the system refused a connection (out of file descriptors), so that the loop does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Starts to accept. The connections' tasks belong to `tasks`: stopping those drains the connections.
pub fn serve(listener: TcpListener, front: Arc<Front>, tls: Option<Acceptor>, settings: &Settings, tasks: &Tasks) {
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
            let (builder, front, tls) = (builder.clone(), front.clone(), tls.clone());
            owner.spawn("connection", move |stop| async move {
                let _connected = Connected::begin();
                connection(builder, stream, peer, front, tls, stop).await;
                drop(permit);
            });
        }
    });
}

async fn connection(
    builder: http1::Builder,
    stream: TcpStream,
    peer: SocketAddr,
    front: Arc<Front>,
    tls: Option<Acceptor>,
    mut stop: Stop,
) {
    // Answers are small and written whole: waiting to fill a packet would only delay them.
    let _best_effort = stream.set_nodelay(true);
    let Some(tls) = tls else { return http(builder, stream, peer, Security::None, front, stop).await };
    let accepted = tokio::select! {
        accepted = secured(&tls, stream) => accepted,
        () = stop.wait() => return,
    };
    match accepted {
        Ok(Some(stream)) => http(builder, stream, peer, Security::Tls, front, stop).await,
        Ok(None) => tracing::debug!(%peer, "plain HTTP where TLS is spoken"),
        Err(error) => tracing::debug!(%peer, %error, source = ?error.source(), "no TLS connection"),
    }
}

/// Whether a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Security {
    None,
    Tls,
}

/// What a client hears that speaks plain HTTP where TLS is spoken.
const PLAIN_REFUSED: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: 116\r\n\r\n\
    {\"error\":{\"kind\":\"invalid\",\"message\":\"plain HTTP was sent to a port that speaks TLS\",\"hint\":\"use https:// instead\"}}";

/// The encrypted connection; `None` for one that spoke plain HTTP and was told so.
async fn secured(tls: &Acceptor, mut stream: TcpStream) -> Result<Option<TlsStream<TcpStream>>, HandshakeError> {
    let mut first = [0];
    let look = tokio::time::timeout(TLS_HANDSHAKE_TIMEOUT, stream.peek(&mut first)).await;
    match look {
        Err(_elapsed) => Err(HandshakeError::Timeout),
        // Every TLS connection begins with the byte 0x16.
        Ok(Ok(1)) if first[0].is_ascii_uppercase() => {
            let _best_effort = stream.write_all(PLAIN_REFUSED).await;
            Ok(None)
        }
        Ok(_) => tls.accept(stream).await.map(Some),
    }
}

async fn http<S>(
    builder: http1::Builder,
    stream: S,
    peer: SocketAddr,
    security: Security,
    front: Arc<Front>,
    mut stop: Stop,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let peer = Peer { address: peer.ip(), over_tls: security == Security::Tls };
    let service = service_fn(move |request: Request<Incoming>| {
        let front = front.clone();
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(peer);
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
        tracing::debug!(peer = %peer.address, %error, "connection ended early");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_refusal_of_plain_http_says_its_own_length() {
        let text = std::str::from_utf8(PLAIN_REFUSED).expect("ASCII");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.ends_with(&format!("Content-Length: {}", body.len())), "{head}");
    }
}
