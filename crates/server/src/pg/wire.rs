//! The bytes of one connection: messages in whole, within their limits and the memory limit, and replies out.

use std::io;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use whodunit_stdx::{Limit, Reservation};

use super::failure::{self, PgFailure};
use super::message::{self, First, MESSAGE_BYTES_MAX, Message, SIGN_IN_BYTES_MAX, STARTUP_BYTES_MAX};
use super::reply::Replies;

/// Longest wait until a client takes the next piece of its answer.
pub const WRITE_TIMEOUT: Duration = Duration::from_secs(60);
/// Longest wait for the next piece of a message that has begun.
pub const READ_TIMEOUT: Duration = Duration::from_secs(20);
/// Replies are sent when there are so many bytes of them.
const REPLIES_BYTES: usize = 32 << 10;
/// What is read ahead while a question runs.
const AHEAD_BYTES_MAX: usize = 64 << 10;
/// Messages up to this size are not reserved one by one.
const SMALL_BYTES: usize = 8 << 10;

/// Anything with two directions.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Stream for S {}

/// Why a connection ends.
#[derive(Debug)]
pub enum End {
    /// The client closed it, said that it would, or broke it.
    Gone,
    /// The client is told why.
    Told(PgFailure),
}

impl From<io::Error> for End {
    fn from(_broken: io::Error) -> End {
        End::Gone
    }
}

impl From<PgFailure> for End {
    fn from(failure: PgFailure) -> End {
        End::Told(failure)
    }
}

/// How long a message may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    SignIn,
    Session,
}

pub struct Wire<S> {
    stream: S,
    inbox: BytesMut,
    memory: Limit,
    pub replies: Replies,
}

impl<S: Stream> Wire<S> {
    pub fn new(stream: S, memory: Limit) -> Wire<S> {
        Wire { stream, inbox: BytesMut::new(), memory, replies: Replies::default() }
    }

    /// For a handshake on the bare connection. What came before its time is dropped: an attacker in between could
    /// have put it there (CVE-2021-23214).
    pub fn into_stream(self) -> Option<S> {
        self.inbox.is_empty().then_some(self.stream)
    }

    /// The first message of a connection.
    pub async fn first(&mut self) -> Result<First, End> {
        let length = self.length(0, STARTUP_BYTES_MAX, "pg_startup_bytes_max").await?;
        let body = self.body(4, length).await?;
        message::first(&body).map_err(violated)
    }

    /// The next message, and the memory that it holds if it is not small.
    pub async fn message(&mut self, stage: Stage) -> Result<(Message, Option<Reservation>), End> {
        self.fill(1).await?;
        let kind = self.inbox[0];
        let long = stage == Stage::Session && message::may_be_long(kind);
        let (bytes_max, limit) = match long {
            true => (MESSAGE_BYTES_MAX, "pg_message_bytes_max"),
            false => (SIGN_IN_BYTES_MAX, "pg_sign_in_bytes_max"),
        };
        let length = self.length(1, bytes_max, limit).await?;
        let reserved = if length > SMALL_BYTES {
            let full = || PgFailure::fatal(failure::OUT_OF_MEMORY, "the memory limit leaves no room for this message");
            Some(self.memory.try_reserve(length).ok_or_else(|| full().limit("memory"))?)
        } else {
            None
        };
        let body = self.body(5, length).await?;
        Ok((message::message(kind, body).map_err(violated)?, reserved))
    }

    /// The length at `at`, itself included, as what follows it.
    async fn length(&mut self, at: usize, bytes_max: usize, limit: &str) -> Result<usize, End> {
        self.fill(at + 4).await?;
        let length = u32::from_be_bytes(self.inbox[at..at + 4].try_into().expect("they are four"));
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length < 4 {
            return Err(violated(format!("a message cannot have the length {length}")));
        }
        if length > bytes_max {
            let message = format!("a message of {length} bytes is longer than {bytes_max}");
            return Err(PgFailure::fatal(failure::PROTOCOL_VIOLATION, message).limit(limit).into());
        }
        Ok(length - 4)
    }

    async fn body(&mut self, head: usize, length: usize) -> Result<Bytes, End> {
        self.fill(head + length).await?;
        self.inbox.advance(head);
        Ok(self.inbox.split_to(length).freeze())
    }

    /// Reads until so many bytes are there.
    async fn fill(&mut self, bytes: usize) -> Result<(), End> {
        while self.inbox.len() < bytes {
            let waits_for_more = !self.inbox.is_empty();
            self.inbox.reserve(bytes - self.inbox.len());
            let read = self.stream.read_buf(&mut self.inbox);
            // Waiting for a message to begin is bounded by the one who waits.
            let read = if waits_for_more {
                let late = |_| PgFailure::fatal(failure::PROTOCOL_VIOLATION, "the rest of a message did not come");
                tokio::time::timeout(READ_TIMEOUT, read).await.map_err(late)?
            } else {
                read.await
            };
            if read? == 0 {
                return Err(End::Gone);
            }
        }
        Ok(())
    }

    /// Waits until the client has gone, and keeps what it sends meanwhile. May be dropped at any time.
    pub async fn gone(&mut self) {
        loop {
            if self.inbox.len() >= AHEAD_BYTES_MAX {
                return std::future::pending().await;
            }
            match self.stream.read_buf(&mut self.inbox).await {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
        }
    }

    /// Sends replies if there are many.
    pub async fn send_some(&mut self) -> Result<(), End> {
        if self.replies.0.len() >= REPLIES_BYTES { self.send().await } else { Ok(()) }
    }

    /// Sends what there is.
    pub async fn send(&mut self) -> Result<(), End> {
        let sending = async {
            self.stream.write_all(&self.replies.0).await?;
            self.stream.flush().await
        };
        let sent = tokio::time::timeout(WRITE_TIMEOUT, sending).await;
        self.replies.0.clear();
        match sent {
            Ok(Ok(())) => Ok(()),
            // A client that takes nothing takes no reason either.
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }

    /// One byte that is no message: the answer to a wish for encryption.
    pub async fn answer_byte(&mut self, byte: u8) -> Result<(), End> {
        self.replies.0.push(byte);
        self.send().await
    }

    /// Says why and closes.
    pub async fn close(mut self, failure: Option<&PgFailure>) {
        if let Some(failure) = failure {
            self.replies.failure(failure);
        }
        let _the_client_may_be_gone = self.send().await;
        let _the_client_may_be_gone = tokio::time::timeout(READ_TIMEOUT, self.stream.shutdown()).await;
    }
}

fn violated(what: impl ToString) -> End {
    PgFailure::fatal(failure::PROTOCOL_VIOLATION, what.to_string()).into()
}
