//! Connections: accepted up to a bound, encrypted if the client asks and there is a certificate, signed in, served.
//!
//! A connection past the bound is told so at once instead of waiting: pools on the other side must know.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use whodunit_stdx::Tasks;
use whodunit_stdx::tasks::Stop;

use super::cancel::Cancels;
use super::failure::{self, PgFailure};
use super::message::First;
use super::session::Session;
use super::sign_in::sign_in;
use super::wire::{End, Stream, Wire};
use crate::app::App;
use crate::tls::Acceptor;

/// Longest time from a connection to its session.
pub const SIGN_IN_TIMEOUT: Duration = Duration::from_secs(30);
/// What clients that begin with TLS name inside it.
const PROTOCOLS: &[&[u8]] = &[b"postgresql"];
/// Pause after the system refused a connection, so that the loop does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// Connections beyond the bound that are told so at the same time; more are dropped without a word.
const REFUSALS_MAX: usize = 64;

/// What all connections share.
struct Door {
    app: Arc<App>,
    tls: Option<Acceptor>,
    cancels: Arc<Cancels>,
}

/// Starts to accept. The connections' tasks belong to `tasks`.
pub fn serve(listener: TcpListener, app: Arc<App>, tasks: &Tasks) {
    let tls = app.tls.as_ref().map(|tls| tls.acceptor(PROTOCOLS));
    let places = Arc::new(Semaphore::new(app.settings.pg_connections_max.min(Semaphore::MAX_PERMITS)));
    let refusals = Arc::new(Semaphore::new(REFUSALS_MAX));
    let door = Arc::new(Door { app, tls, cancels: Arc::default() });
    let owner = tasks.clone();
    tasks.spawn("postgres accept", move |mut stop| async move {
        loop {
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
            let place = places.clone().try_acquire_owned();
            let (room, permit) = match place {
                Ok(place) => (Room::Free, place),
                Err(_full) => match refusals.clone().try_acquire_owned() {
                    Ok(refusal) => (Room::Full, refusal),
                    Err(_flooded) => continue,
                },
            };
            let door = door.clone();
            owner.spawn("postgres connection", move |stop| async move {
                let work = AssertUnwindSafe(connection(&door, stream, peer, room, stop)).catch_unwind();
                if work.await.is_err() {
                    tracing::error!(%peer, "a connection over the PostgreSQL wire ended in a panic");
                }
                drop(permit);
            });
        }
    });
}

/// Whether the connection may become a session. One that cannot may still cancel another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    Free,
    Full,
}

async fn connection(door: &Door, stream: TcpStream, peer: SocketAddr, room: Room, mut stop: Stop) {
    let _best_effort = stream.set_nodelay(true);
    let begun = tokio::select! {
        begun = tokio::time::timeout(SIGN_IN_TIMEOUT, begin(door, stream)) => begun,
        () = stop.wait() => return,
    };
    match begun {
        Ok(Some(Begun::Plain(wire, first))) => open(door, wire, first, peer, room, stop).await,
        Ok(Some(Begun::Encrypted(wire, first))) => open(door, *wire, first, peer, room, stop).await,
        Ok(None) => {}
        Err(_elapsed) => tracing::debug!(%peer, "no start over the PostgreSQL wire in time"),
    }
}

/// A connection with its first message that is no wish for encryption.
enum Begun {
    Plain(Wire<TcpStream>, First),
    Encrypted(Box<Wire<tokio_rustls::server::TlsStream<TcpStream>>>, First),
}

async fn begin(door: &Door, stream: TcpStream) -> Option<Begun> {
    let memory = &door.app.memory;
    if let Some(tls) = &door.tls
        && starts_with_tls(&stream).await
    {
        return encrypted(door, tls, stream).await;
    }
    let mut wire = Wire::new(stream, memory.clone());
    // A client asks for each kind of encryption at most once.
    for _ in 0..3 {
        match (wire.first().await, &door.tls) {
            (Ok(First::Tls), Some(tls)) => {
                wire.answer_byte(b'S').await.ok()?;
                return encrypted(door, tls, wire.into_stream()?).await;
            }
            (Ok(First::Tls | First::Gss), _) => wire.answer_byte(b'N').await.ok()?,
            (Ok(first), _) => return Some(Begun::Plain(wire, first)),
            (Err(End::Told(failure)), _) => {
                wire.close(Some(&failure)).await;
                return None;
            }
            (Err(End::Gone), _) => return None,
        }
    }
    None
}

/// A client may speak TLS without asking; its first byte is then that of a TLS record.
async fn starts_with_tls(stream: &TcpStream) -> bool {
    let mut first = [0];
    matches!(stream.peek(&mut first).await, Ok(1)) && first[0] == 0x16
}

async fn encrypted(door: &Door, tls: &Acceptor, stream: TcpStream) -> Option<Begun> {
    let stream = match tls.accept(stream).await {
        Ok(stream) => stream,
        Err(error) => {
            tracing::debug!(%error, "no TLS connection over the PostgreSQL wire");
            return None;
        }
    };
    let mut wire = Wire::new(stream, door.app.memory.clone());
    match wire.first().await {
        Ok(first) => Some(Begun::Encrypted(Box::new(wire), first)),
        Err(End::Told(failure)) => {
            wire.close(Some(&failure)).await;
            None
        }
        Err(End::Gone) => None,
    }
}

async fn open<S: Stream>(door: &Door, mut wire: Wire<S>, first: First, peer: SocketAddr, room: Room, mut stop: Stop) {
    let parameters = match first {
        First::Start { minor, parameters } => {
            let unknown: Vec<&str> =
                parameters.iter().map(|(name, _)| name.as_str()).filter(|name| name.starts_with("_pq_.")).collect();
            if minor > 0 || !unknown.is_empty() {
                wire.replies.negotiate(&unknown);
            }
            parameters
        }
        First::Cancel { process, secret } => {
            door.cancels.cancel(process, secret);
            return wire.close(None).await;
        }
        First::Tls | First::Gss => {
            let failure = PgFailure::fatal(failure::PROTOCOL_VIOLATION, "encryption was asked for twice");
            return wire.close(Some(&failure)).await;
        }
    };
    if room == Room::Full {
        let failure = PgFailure::fatal(failure::TOO_MANY_CONNECTIONS, "too many connections over this wire");
        return wire.close(Some(&failure.limit("pg_connections_max"))).await;
    }
    let signed_in = tokio::select! {
        signed_in = tokio::time::timeout(SIGN_IN_TIMEOUT, sign_in(&door.app, &mut wire, peer.ip(), parameters)) => signed_in,
        () = stop.wait() => return,
    };
    match signed_in {
        Ok(Ok(signed_in)) => {
            let cancel = door.cancels.enter(&door.app.world);
            Session::new(door.app.clone(), wire, signed_in, cancel).run(&mut stop).await;
        }
        Ok(Err(End::Told(failure))) => wire.close(Some(&failure)).await,
        Ok(Err(End::Gone)) => {}
        Err(_elapsed) => {
            let failure = PgFailure::fatal(failure::INVALID_AUTHORIZATION, "signing in took too long");
            wire.close(Some(&failure.limit("pg_sign_in_timeout"))).await;
        }
    }
}
