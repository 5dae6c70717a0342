//! Syslog's way in: UDP and TCP on the address of `syslog_listen`, TLS (RFC 5425) on that of `syslog_tls_listen`.
//!
//! Nobody signs a syslog message, so whoever reaches the port writes into the one project of `syslog_project`.
//! Over TCP the next bytes are read only when what came before is stored, so a full server slows its senders down;
//! over UDP nobody can be slowed down, and what finds the queue full is dropped and counted.
//! TLS wraps a stream before it comes to [`stream`], with the certificate that all listeners use. It keeps others from
//! reading along; who sends is asked of nobody.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::{Semaphore, mpsc};
use whodunit_api::logs::LogsAnswer;
use whodunit_ingest::Taken;
use whodunit_ingest::syslog::{Frame, Frames, Received};
use whodunit_stdx::tasks::Stop;
use whodunit_stdx::{ErrorKind, Tasks};

use crate::app::App;
use crate::observed::SYSLOG_DROPPED;
use crate::tls::Acceptor;

/// Connections open at once; further ones are closed at once.
pub const SYSLOG_CONNECTIONS_MAX: usize = 256;
/// Longest silence on a connection.
pub const SYSLOG_IDLE_MAX: Duration = Duration::from_secs(600);
/// Datagrams that wait to be stored.
pub const SYSLOG_DATAGRAMS_MAX: usize = 8_192;
/// Messages that are stored at once.
const BATCH_MAX: usize = 4_096;
const READ_BYTES: usize = 64 * 1024;
/// A stream that fills its buffer gets a larger one, up to this: what is read at once is stored with one sync.
const STREAM_READ_BYTES_MAX: usize = 4 * READ_BYTES;
/// Pause before messages are offered again to a server that is full.
const RETRY_PAUSE: Duration = Duration::from_millis(250);
/// Pause after the system refused a connection or a datagram, so that the loop does not spin.
const SYSTEM_PAUSE: Duration = Duration::from_millis(50);

/// Both sockets of one address.
pub struct Sockets {
    tcp: TcpListener,
    udp: UdpSocket,
}

/// What is listened on.
#[derive(Default)]
pub struct Listeners {
    pub plain: Option<Sockets>,
    pub encrypted: Option<(TcpListener, Acceptor)>,
}

/// Where messages go.
#[derive(Clone)]
struct Door(Arc<App>);

impl Sockets {
    /// Binds both, UDP to the port that TCP got.
    pub async fn bind(address: &str) -> std::io::Result<Sockets> {
        let tcp = TcpListener::bind(address).await?;
        let udp = UdpSocket::bind(tcp.local_addr()?).await?;
        Ok(Sockets { tcp, udp })
    }

    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}

/// Starts to listen; ends with `tasks`.
pub fn serve(listeners: Listeners, app: &Arc<App>, tasks: &Tasks) {
    let Listeners { plain, encrypted } = listeners;
    if plain.is_none() && encrypted.is_none() {
        return;
    }
    let door = Door(app.clone());
    if let Some(reason) = door.closed() {
        tracing::warn!(reason, "syslog messages are dropped until that changes");
    }
    let places = Arc::new(Semaphore::new(SYSLOG_CONNECTIONS_MAX));
    if let Some((tcp, acceptor)) = encrypted {
        let connections = Connections { door: door.clone(), places: places.clone(), tls: Some(acceptor) };
        let owner = tasks.clone();
        tasks.spawn("syslog tls", move |stop| accept(tcp, connections, owner, stop));
    }
    let Some(Sockets { tcp, udp }) = plain else { return };
    let (sender, receiver) = mpsc::channel(SYSLOG_DATAGRAMS_MAX);
    tasks.spawn("syslog udp", move |stop| receive(udp, sender, stop));
    let keeper = door.clone();
    tasks.spawn("syslog datagrams", move |stop| keep(receiver, keeper, stop));
    let owner = tasks.clone();
    let connections = Connections { door, places, tls: None };
    tasks.spawn("syslog tcp", move |stop| accept(tcp, connections, owner, stop));
}

async fn receive(socket: UdpSocket, queue: mpsc::Sender<Received>, mut stop: Stop) {
    let mut buffer = vec![0; READ_BYTES];
    loop {
        let received = tokio::select! {
            received = socket.recv_from(&mut buffer) => received,
            () = stop.wait() => return,
        };
        let (length, peer) = match received {
            Ok(received) => received,
            Err(error) => {
                tracing::warn!(%error, "syslog datagram not received");
                tokio::time::sleep(SYSTEM_PAUSE).await;
                continue;
            }
        };
        let frame = Frame::Message(buffer[..length].trim_ascii_end().to_vec());
        if length > 0 && queue.try_send(Received { frame, peer: peer.ip() }).is_err() {
            SYSLOG_DROPPED.add(1);
        }
    }
}

/// Stores datagrams, as many at once as have come meanwhile.
async fn keep(mut queue: mpsc::Receiver<Received>, door: Door, mut stop: Stop) {
    let mut batch = Vec::new();
    while queue.recv_many(&mut batch, BATCH_MAX).await > 0 {
        door.put(std::mem::take(&mut batch), &mut stop).await;
    }
}

/// What the connections of a listener share; the places are those of all listeners.
struct Connections {
    door: Door,
    places: Arc<Semaphore>,
    tls: Option<Acceptor>,
}

async fn accept(listener: TcpListener, connections: Connections, tasks: Tasks, mut stop: Stop) {
    let Connections { door, places, tls } = connections;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.wait() => return,
        };
        let (connection, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "syslog connection not accepted");
                tokio::time::sleep(SYSTEM_PAUSE).await;
                continue;
            }
        };
        let Ok(place) = places.clone().try_acquire_owned() else {
            tracing::warn!(%peer, limit = "syslog_connections_max", "syslog connection closed: there are too many");
            continue;
        };
        let (door, tls) = (door.clone(), tls.clone());
        tasks.spawn("syslog connection", move |stop| async move {
            match tls {
                None => stream(connection, peer, &door, stop).await,
                Some(tls) => match tls.accept(connection).await {
                    Ok(secured) => stream(secured, peer, &door, stop).await,
                    Err(error) => tracing::warn!(%peer, %error, "syslog connection closed"),
                },
            }
            drop(place);
        });
    }
}

/// Stores the messages of one stream until it ends, falls silent or the server stops.
async fn stream(mut stream: impl AsyncRead + Unpin, peer: SocketAddr, door: &Door, mut stop: Stop) {
    let mut frames = Frames::default();
    let mut buffer = vec![0; READ_BYTES];
    loop {
        let read = tokio::select! {
            read = tokio::time::timeout(SYSLOG_IDLE_MAX, stream.read(&mut buffer)) => read,
            () = stop.wait() => Ok(Ok(0)),
        };
        let length = match read {
            Ok(Ok(length)) => length,
            Ok(Err(error)) => {
                tracing::debug!(%peer, %error, "syslog connection ended early");
                0
            }
            Err(_elapsed) => 0,
        };
        frames.push(&buffer[..length]);
        if length == buffer.len() && length < STREAM_READ_BYTES_MAX {
            buffer.resize(2 * length, 0);
        }
        let mut messages: Vec<Frame> = std::iter::from_fn(|| frames.next_frame()).collect();
        if length == 0 {
            messages.extend(frames.last_frame());
        }
        let peer = peer.ip();
        door.put(messages.into_iter().map(|frame| Received { frame, peer }).collect(), &mut stop).await;
        if length == 0 {
            return;
        }
    }
}

impl Door {
    /// Why nothing can be taken just now.
    fn closed(&self) -> Option<String> {
        let project = &self.0.settings.syslog_project;
        match self.0.control.directory().project(project.as_str()) {
            Some(known) if known.archived_at.is_none() => None,
            Some(_) => Some(format!("the project {project} is archived")),
            None => Some(format!("there is no project {project}")),
        }
    }

    /// Stores messages. While the server is full they wait, and their sender with them; what cannot be stored at all
    /// is dropped and counted.
    async fn put(&self, mut messages: Vec<Received>, stop: &mut Stop) {
        if messages.is_empty() {
            return;
        }
        if self.closed().is_some() {
            SYSLOG_DROPPED.add(messages.len() as u64);
            return;
        }
        let project = &self.0.settings.syslog_project;
        loop {
            let error = match self.0.gateway.syslog(messages.clone(), project.clone()).await {
                Ok(Taken { answer: LogsAnswer { resume_at_line: Some(next), .. }, failure: Some(error) }) => {
                    // What comes before is stored or refused.
                    let done = usize::try_from(next.saturating_sub(1)).unwrap_or(usize::MAX);
                    messages.drain(..done.min(messages.len()));
                    error
                }
                Ok(_) => return,
                Err(error) => error,
            };
            if error.kind == ErrorKind::Exhausted && !stop.is_set() {
                tokio::time::sleep(RETRY_PAUSE).await;
                continue;
            }
            tracing::error!(%error, messages = messages.len(), "syslog messages not stored");
            SYSLOG_DROPPED.add(messages.len() as u64);
            return;
        }
    }
}
