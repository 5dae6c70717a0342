//! Questions and their rows: planned, recorded if they read audit entries, and sent as they come.

use std::sync::Arc;

use whodunit_model::{Caller, Project, Table};
use whodunit_query::postgres::{Asked, ColumnTitle, Columns, Form, Parameter, Session, Statement};
use whodunit_query::{Limits, Visibility};

use super::cancel::Cancellable;
use super::failure::{self, PgFailure};
use super::sign_in::OPERATION;
use super::wire::{End, Stream, Wire};
use crate::app::App;
use crate::failure::Failure;
use crate::gate::{Permit, RateClass};
use crate::recording::{Purpose, Reading, Recorder};

/// Who asks what, and how much it may cost.
pub struct Asking<'a> {
    pub app: &'a Arc<App>,
    pub caller: &'a Caller,
    pub visibility: &'a Visibility,
    pub session: &'a Session,
    pub limits: Limits,
    /// What the client wrote, for the trail.
    pub question: &'a str,
}

/// A question whose rows have begun to come, or can at any time.
pub struct Running {
    asked: Asked,
    recorder: Arc<Recorder>,
    _permit: Permit,
    batch: Option<Batch>,
    /// Goes out before the first row, in the same piece: clients of a binary copy look for it there.
    pub head: Vec<u8>,
    sent: u64,
    recorded: bool,
}

/// Rows that are there and not all sent.
struct Batch {
    columns: Columns,
    next: usize,
    rows: usize,
}

/// How far it got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    End,
    /// As many rows as were asked for; there may be more.
    Pause,
}

/// What becomes of a row.
pub enum Output {
    /// Rows of an answer.
    Rows,
    /// Pieces of a copy, each written by a function.
    Copy(fn(&Columns, usize, &mut Vec<u8>) -> Result<(), whodunit_query::Error>),
}

impl Asking<'_> {
    /// Plans the question. Nothing is read yet.
    pub async fn start(&self, statement: &Statement, parameters: &[Parameter]) -> Result<Running, PgFailure> {
        let permit = self.app.gates.enter(RateClass::Query, &Project::default_project()).await?;
        let asked = self.app.engine.ask_postgres(statement, parameters, self.session, self.limits, self.visibility);
        let asked = asked.await.map_err(Failure::from)?;
        let recorder = Recorder::new(self.app);
        Ok(Running { asked, recorder, _permit: permit, batch: None, head: Vec::new(), sent: 0, recorded: false })
    }

    /// Leaves the trace of a read before its first row.
    pub async fn record(&self, running: &mut Running, project: &Project, purpose: Purpose) -> Result<(), PgFailure> {
        let audit = running.asked.rows.tables().contains(&Table::AuditLogs);
        if !std::mem::replace(&mut running.recorded, true) && (audit || purpose == Purpose::Export) {
            let reading =
                Reading { operation: OPERATION, project, parameters: &[], question: Some(self.question), target: None };
            running.recorder.begin(self.caller, reading, purpose).await?;
        }
        Ok(())
    }
}

impl Running {
    pub fn columns(&self) -> &[ColumnTitle] {
        &self.asked.columns
    }

    pub fn sent(&self) -> u64 {
        self.sent
    }

    /// Sends up to `most` rows.
    pub async fn send<S: Stream>(
        &mut self,
        wire: &mut Wire<S>,
        cancel: &Cancellable,
        forms: &[Form],
        most: Option<u64>,
        output: &Output,
    ) -> Result<Reached, End> {
        let sent = self.send_rows(wire, cancel, forms, most, output).await;
        match &sent {
            Ok(Reached::End) => self.recorder.succeed_late(),
            Ok(Reached::Pause) => {}
            Err(End::Told(failure)) => self.recorder.fail_late(failure.kind(), &failure.message),
            // The recorder says so when it is dropped.
            Err(End::Gone) => {}
        }
        sent
    }

    async fn send_rows<S: Stream>(
        &mut self,
        wire: &mut Wire<S>,
        cancel: &Cancellable,
        forms: &[Form],
        most: Option<u64>,
        output: &Output,
    ) -> Result<Reached, End> {
        let mut left = most.unwrap_or(u64::MAX);
        loop {
            if let Some(batch) = &mut self.batch {
                while batch.next < batch.rows {
                    if left == 0 {
                        return Ok(Reached::Pause);
                    }
                    batch.write(wire, self.asked.columns.len(), &mut self.head, output)?;
                    left -= 1;
                    self.sent += 1;
                    self.recorder.add_rows(1);
                    wire.send_some().await?;
                }
                self.batch = None;
            }
            let next = tokio::select! {
                next = self.asked.rows.next() => next,
                () = cancel.cancelled() => return Err(cancelled().into()),
                () = wire.gone() => return Err(End::Gone),
            };
            match next {
                Some(Ok(batch)) => {
                    let columns = Columns::of(&batch, forms).map_err(told)?;
                    self.batch = Some(Batch { columns, next: 0, rows: batch.num_rows() });
                }
                Some(Err(error)) => return Err(told(error)),
                None => return self.ended(wire, output),
            }
        }
    }

    /// An answer that a limit cut is no answer: there is no way to mark it over this protocol. One without rows says
    /// where they were looked for.
    fn ended<S: Stream>(&self, wire: &mut Wire<S>, output: &Output) -> Result<Reached, End> {
        let statistics = self.asked.rows.statistics();
        if statistics.partial {
            let failure = PgFailure::error(failure::LIMIT_EXCEEDED, "the answer has more rows than it may have");
            return Err(failure.hint("add LIMIT, or ask for a shorter time").limit("query_rows_max").into());
        }
        if let (0, Output::Rows, Some(searched)) = (self.sent, output, statistics.searched) {
            wire.replies.notice(&format!("no rows; {}", searched.told()));
        }
        Ok(Reached::End)
    }
}

impl Batch {
    fn write<S: Stream>(
        &mut self,
        wire: &mut Wire<S>,
        columns: usize,
        head: &mut Vec<u8>,
        output: &Output,
    ) -> Result<(), End> {
        let row = self.next;
        self.next += 1;
        let written = match output {
            Output::Rows => wire.replies.row(columns, |out| self.columns.write_row(row, out)),
            Output::Copy(write) => wire.replies.copy_data(|out| {
                out.append(head);
                write(&self.columns, row, out)
            }),
        };
        written.map_err(told)
    }
}

pub fn cancelled() -> PgFailure {
    PgFailure::error(failure::CANCELED, "the question was cancelled as its client asked")
}

fn told(error: whodunit_query::Error) -> End {
    PgFailure::from(Failure::from(error)).into()
}
