//! The trace that a read of audit data leaves: begun before the first row, completed after the last.
//!
//! A [`Recorder`] lives as long as the answer's body. Whoever drops it early (a client that went away, a request that
//! ran out of time) completes the entry as a failure with the rows that had flowed; nobody has to remember to.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, BodyDataStream};
use axum::response::Response;
use bytes::Bytes;
use futures::Stream;
use parking_lot::Mutex;
use serde_json::{Map, Value};
use whodunit_control::{Act, Category, Completed, Open, Target};
use whodunit_model::{Caller, Project};

use crate::app::App;
use crate::failure::Failure;
use crate::gate::Permit;

/// What is read.
pub struct Reading<'a> {
    pub operation: &'static str,
    pub project: &'a Project,
    pub parameters: &'a [(String, String)],
    /// The SQL text, where the question is one.
    pub question: Option<&'a str>,
    /// What is read, where it is more than the project alone.
    pub target: Option<Target>,
}

/// Why an entry is written; the action's word follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Read,
    /// Rows leave in a form made for keeping.
    Export,
}

/// Longest part of a question that enters the trail.
const QUESTION_BYTES_MAX: usize = 16 << 10;

/// The entry of one request, if it needs one.
pub struct Recorder {
    app: Arc<App>,
    open: Mutex<Option<Open>>,
    rows: AtomicU64,
    ended: AtomicBool,
}

impl Recorder {
    pub fn new(app: &Arc<App>) -> Arc<Recorder> {
        Arc::new(Recorder {
            app: app.clone(),
            open: Mutex::new(None),
            rows: AtomicU64::new(0),
            ended: AtomicBool::new(false),
        })
    }

    /// Writes the intent. An error means that nothing may be read.
    pub async fn begin(&self, caller: &Caller, reading: Reading<'_>, purpose: Purpose) -> Result<(), Failure> {
        if self.open.lock().is_some() {
            return Ok(());
        }
        let open = self.app.control.trail().begin(caller, act(&reading, purpose)).await?;
        *self.open.lock() = Some(open);
        Ok(())
    }

    /// Counts rows that are about to flow.
    pub fn add_rows(&self, rows: u64) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
    }

    fn is_open(&self) -> bool {
        self.open.lock().is_some()
    }

    /// Completes the entry when the answer's last byte has been taken; without an entry the answer stays as it is.
    pub fn watch(self: Arc<Recorder>, response: Response) -> Response {
        if !self.is_open() {
            return response;
        }
        Watched::wrap(response, Some(self), None)
    }

    /// The answer is an error instead.
    pub fn fail(&self, failure: &Failure) {
        let done =
            Completed::failure(failure.kind.name(), failure.message()).request_status(failure.status_code().as_u16());
        self.complete(done);
    }

    /// A failure after the first bytes had gone out.
    pub fn fail_late(&self, kind: &str, message: &str) {
        self.complete(Completed::failure(kind, message));
    }

    /// All rows have gone out, over a protocol without status codes.
    pub fn succeed_late(&self) {
        self.complete(Completed::success());
    }

    fn succeed(&self, status: u16) {
        self.complete(Completed::success().request_status(status));
    }

    fn complete(&self, done: Completed) {
        if self.ended.swap(true, Ordering::AcqRel) {
            return;
        }
        let Some(open) = self.open.lock().take() else { return };
        let done = done.rows(self.rows.load(Ordering::Relaxed));
        // In a task of its own: the end of an answer, or of a connection, does not wait for the disk.
        self.app.tasks.spawn("complete trail entry", move |_| async move {
            if let Err(error) = open.complete(done).await {
                tracing::error!(%error, "a read of audit data was begun in the trail but not completed");
            }
        });
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        if self.open.get_mut().is_some() {
            self.complete(Completed::failure("cancelled", "the answer ended before its last byte was taken"));
        }
    }
}

fn act(reading: &Reading<'_>, purpose: Purpose) -> Act {
    let (action, verb) = match purpose {
        Purpose::Read => ("audit_logs_accessed", "reads"),
        Purpose::Export => ("EXPORT", "exports"),
    };
    let mut act = Act::new(action, Category::Access, format!("{verb} by {}", reading.operation))
        .target("project", reading.project.as_str(), None)
        .metadata("operation", reading.operation);
    if let Some(target) = &reading.target {
        act = act.metadata("project", reading.project.as_str());
        act.target = Some(target.clone());
    }
    if !reading.parameters.is_empty() {
        let pairs = reading.parameters.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str())));
        act = act.metadata("parameters", pairs.collect::<Map<_, _>>());
    }
    if let Some(question) = reading.question {
        let end = question.floor_char_boundary(QUESTION_BYTES_MAX);
        act = act.metadata("query", &question[..end]);
    }
    act
}

/// A body that tells the recorder how it ended, and holds the request's place until then.
pub struct Watched {
    inner: BodyDataStream,
    recorder: Option<Arc<Recorder>>,
    _permit: Option<Permit>,
    status: u16,
}

impl Watched {
    /// The same answer, holding its place until the last byte.
    pub fn holding(response: Response, permit: Permit) -> Response {
        Watched::wrap(response, None, Some(permit))
    }

    fn wrap(response: Response, recorder: Option<Arc<Recorder>>, permit: Option<Permit>) -> Response {
        let status = response.status().as_u16();
        response.map(|body| {
            Body::from_stream(Watched { inner: body.into_data_stream(), recorder, _permit: permit, status })
        })
    }
}

impl Stream for Watched {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = Pin::new(&mut self.inner).poll_next(context);
        if let (Poll::Ready(ended), Some(recorder)) = (&polled, &self.recorder) {
            match ended {
                None => recorder.succeed(self.status),
                Some(Err(error)) => recorder.fail_late("internal", &error.to_string()),
                Some(Ok(_)) => {}
            }
        }
        polled
    }
}
