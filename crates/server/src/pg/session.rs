//! A session: messages in, replies out, until one side ends it.
//!
//! Nothing is ever written, so transactions are only kept as clients see them: a statement that fails in one makes it
//! fail until its end. Each question sees a snapshot of its own.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use whodunit_model::{Caller, Project};
use whodunit_query::Limits;
use whodunit_query::postgres::{Command, CopyFormat, Form, Session as QuestionSession, Statement, commands};

use super::answer::{Asking, Output};
use super::cancel::Cancellable;
use super::copy;
use super::failure::{self, PgFailure};
use super::message::Message;
use super::portal::{Portal, Prepared, shown_column, write_shown};
use super::reply::Transaction;
use super::settings::{REPORTED, SETTINGS};
use super::sign_in::SignedIn;
use super::wire::{End, Stage, Stream, Wire};
use crate::app::App;
use crate::failure::Failure;
use crate::recording::Purpose;

/// Longest time that a session may be without a message.
pub const IDLE_TIMEOUT: Duration = Duration::from_secs(60 * 60);
/// Likewise while an answer has been begun and not read to its end: it holds a place among the running questions.
pub const SUSPENDED_TIMEOUT: Duration = Duration::from_secs(60);

pub struct Session<S> {
    pub app: Arc<App>,
    pub wire: Wire<S>,
    pub signed_in: SignedIn,
    pub cancel: Cancellable,
    pub transaction: Transaction,
    pub prepared: HashMap<String, Prepared>,
    pub portals: HashMap<String, Portal>,
    /// After a failure of the extended protocol everything up to the next `Sync` is skipped.
    skips: bool,
}

/// What a statement is asked under: who the key is now, and what is allowed now.
pub struct Now {
    pub caller: Caller,
    pub visibility: whodunit_query::Visibility,
    pub limits: Limits,
    pub session: QuestionSession,
    pub project: Project,
}

impl<S: Stream> Session<S> {
    pub fn new(app: Arc<App>, wire: Wire<S>, signed_in: SignedIn, cancel: Cancellable) -> Session<S> {
        let (prepared, portals) = (HashMap::new(), HashMap::new());
        Session { app, wire, signed_in, cancel, transaction: Transaction::None, prepared, portals, skips: false }
    }

    /// Greets, then answers until the end. The end is said to the client where that helps.
    pub async fn run(mut self, stop: &mut whodunit_stdx::tasks::Stop) {
        let ended = match self.greet().await {
            Ok(()) => self.serve(stop).await,
            Err(end) => end,
        };
        match ended {
            End::Gone => self.wire.close(None).await,
            End::Told(failure) => self.wire.close(Some(&failure)).await,
        }
    }

    async fn greet(&mut self) -> Result<(), End> {
        for (name, value) in REPORTED {
            self.wire.replies.parameter(name, value);
        }
        let application = self.signed_in.settings.application().unwrap_or_default().to_owned();
        self.wire.replies.parameter("application_name", &application);
        self.wire.replies.cancel_key(self.cancel.process, self.cancel.secret);
        self.wire.replies.ready(Transaction::None);
        self.wire.send().await
    }

    async fn serve(&mut self, stop: &mut whodunit_stdx::tasks::Stop) -> End {
        loop {
            let suspended = self.portals.values().any(Portal::is_running);
            let (patience, code) = match suspended {
                true => (SUSPENDED_TIMEOUT, failure::IDLE_IN_TRANSACTION),
                false => (IDLE_TIMEOUT, failure::IDLE_SESSION),
            };
            let next = tokio::select! {
                next = tokio::time::timeout(patience, self.wire.message(Stage::Session)) => next,
                () = stop.wait() => return PgFailure::fatal(failure::SHUTDOWN, "the server is stopping").into(),
            };
            let (message, memory) = match next {
                Ok(Ok(message)) => message,
                Ok(Err(end)) => return end,
                Err(_elapsed) => {
                    let message = format!("nothing came for {} s", patience.as_secs());
                    return PgFailure::fatal(code, message).limit("pg_idle_timeout").into();
                }
            };
            if let Err(end) = self.answer(message, memory).await {
                return end;
            }
        }
    }

    async fn answer(&mut self, message: Message, memory: Option<whodunit_stdx::Reservation>) -> Result<(), End> {
        match message {
            Message::Terminate => return Err(End::Gone),
            Message::Query(text) => {
                self.skips = false;
                self.cancel.begin();
                let answered = self.simple(&text).await;
                self.cancel.end();
                self.survive(answered)?;
                self.sync().await?;
            }
            Message::Sync => {
                self.skips = false;
                self.sync().await?;
            }
            Message::Flush => self.wire.send().await?,
            Message::Copy | Message::SignIn(_) => {}
            Message::FunctionCall => {
                let refused = PgFailure::error(failure::FEATURE_NOT_SUPPORTED, "functions are called in SQL here");
                self.survive(Err(refused.into()))?;
                self.sync().await?;
            }
            _ if self.skips => {}
            extended => {
                self.cancel.begin();
                let answered = self.extended(extended, memory).await;
                self.cancel.end();
                self.skips = answered.is_err();
                self.survive(answered)?;
                self.wire.send_some().await?;
            }
        }
        Ok(())
    }

    /// A failed statement is told and the session goes on, unless its failure says otherwise.
    fn survive(&mut self, answered: Result<(), End>) -> Result<(), End> {
        match answered {
            Err(End::Told(failure)) if failure.severity == failure::Severity::Error => {
                self.wire.replies.failure(&failure);
                if self.transaction == Transaction::Open {
                    self.transaction = Transaction::Failed;
                }
                Ok(())
            }
            other => other,
        }
    }

    /// The end of a group of messages. Outside a transaction it ends what was begun and not read.
    async fn sync(&mut self) -> Result<(), End> {
        if self.transaction == Transaction::None {
            self.portals.clear();
        }
        self.wire.replies.ready(self.transaction);
        self.wire.send().await
    }

    /// A text of the simple protocol: all its statements, each with its answer in text form.
    async fn simple(&mut self, text: &str) -> Result<(), End> {
        let commands = commands(text).map_err(Failure::from).map_err(PgFailure::from)?;
        if commands.is_empty() {
            self.wire.replies.plain(b'I');
        }
        for command in &commands {
            self.check_transaction(command)?;
            match command {
                Command::Ask(statement) => self.ask(statement, text).await?,
                Command::Copy { .. } => self.copy(command, text).await?,
                Command::Show { name } => {
                    let shown = self.signed_in.settings.show(name)?;
                    self.wire.replies.columns(&[shown_column(name)], &[Form::Text]);
                    write_shown(&mut self.wire.replies, &shown);
                    self.wire.replies.complete("SHOW");
                }
                other => self.change_session(other)?,
            }
            self.wire.send_some().await?;
        }
        Ok(())
    }

    async fn ask(&mut self, statement: &Statement, text: &str) -> Result<(), End> {
        if statement.parameter_count().map_err(Failure::from).map_err(PgFailure::from)? > 0 {
            let message = "a parameter such as $1 needs a prepared statement";
            return Err(PgFailure::error("42P02", message).into());
        }
        let now = self.now()?;
        let asking = now.asking(&self.app, text);
        let mut running = asking.start(statement, &[]).await?;
        let forms = vec![Form::Text; running.columns().len()];
        asking.record(&mut running, &now.project, Purpose::Read).await?;
        self.wire.replies.columns(running.columns(), &forms);
        running.send(&mut self.wire, &self.cancel, &forms, None, &Output::Rows).await?;
        self.wire.replies.complete(&format!("SELECT {}", running.sent()));
        Ok(())
    }

    /// `COPY … TO STDOUT`: an export, whatever its format.
    pub async fn copy(&mut self, command: &Command, text: &str) -> Result<(), End> {
        let Command::Copy { question, format, header } = command else { return Ok(()) };
        let now = self.now()?;
        let asking = now.asking(&self.app, text);
        let mut running = asking.start(question, &[]).await?;
        let form = if *format == CopyFormat::Binary { Form::Binary } else { Form::Text };
        let forms = vec![form; running.columns().len()];
        asking.record(&mut running, &now.project, Purpose::Export).await?;
        let replies = &mut self.wire.replies;
        replies.copy(forms.len(), form);
        running.head = copy::start(replies, *format, *header, running.columns());
        running.send(&mut self.wire, &self.cancel, &forms, None, &Output::Copy(copy::writer(*format))).await?;
        copy::finish(&mut self.wire.replies, *format, std::mem::take(&mut running.head));
        self.wire.replies.plain(b'c');
        self.wire.replies.complete(&format!("COPY {}", running.sent()));
        Ok(())
    }

    /// In a transaction that failed only its end is taken.
    pub fn check_transaction(&self, command: &Command) -> Result<(), PgFailure> {
        let ends = matches!(command, Command::Commit | Command::Rollback | Command::Savepoint("ROLLBACK"));
        if self.transaction == Transaction::Failed && !ends {
            let message = "the transaction has failed; commands are ignored until its end";
            return Err(PgFailure::error(failure::ACTIVE_TRANSACTION_FAILED, message));
        }
        Ok(())
    }

    /// Commands that touch nothing but the session.
    pub fn change_session(&mut self, command: &Command) -> Result<(), PgFailure> {
        let mut tag = command.tag();
        match command {
            Command::Begin => self.transaction = Transaction::Open,
            Command::Commit | Command::Rollback => {
                if self.transaction == Transaction::Failed {
                    tag = "ROLLBACK";
                }
                self.transaction = Transaction::None;
                self.portals.clear();
            }
            Command::Savepoint("ROLLBACK") if self.transaction == Transaction::Failed => {
                self.transaction = Transaction::Open;
            }
            Command::Set { name, value } => {
                self.signed_in.settings.set(name, value)?;
                if name == "application_name" {
                    self.wire.replies.parameter(name, value);
                }
            }
            Command::Reset { name } => self.signed_in.settings.reset(name.as_deref()),
            Command::Discard("DISCARD ALL") => {
                self.signed_in.settings.reset(None);
                self.prepared.clear();
                self.portals.clear();
            }
            Command::Discard("DISCARD PLANS") | Command::Deallocate { name: None } => self.prepared.clear(),
            Command::Deallocate { name: Some(name) } => drop(self.prepared.remove(name)),
            Command::Change { word } => {
                let message = format!("cannot execute {word} in a read-only transaction");
                return Err(PgFailure::error(failure::READ_ONLY, message)
                    .hint("nothing stored can be changed over this connection"));
            }
            Command::Unsupported { word } => {
                let message = format!("{word} is not supported over this connection");
                return Err(PgFailure::error(failure::FEATURE_NOT_SUPPORTED, message));
            }
            _ => {}
        }
        let tag = tag.to_owned();
        self.wire.replies.complete(&tag);
        Ok(())
    }

    /// What holds for a statement that begins now.
    pub fn now(&self) -> Result<Now, PgFailure> {
        let mut caller = self.signed_in.refreshed(&self.app)?;
        caller.correlation_id = Some(self.app.world.entry_id().to_string());
        caller.session_id = Some(format!("postgres-{}", self.cancel.process));
        let most = self.app.engine.settings().limits_max;
        let usual = self.app.engine.settings().limits.time;
        let time = self.signed_in.settings.statement_timeout.unwrap_or(usual).min(most.time);
        Ok(Now {
            visibility: self.signed_in.visibility(&caller),
            limits: Limits { time, ..most },
            session: QuestionSession { database: self.signed_in.database.clone(), settings: SETTINGS },
            project: self.signed_in.project.clone().unwrap_or_else(Project::default_project),
            caller,
        })
    }
}

impl Now {
    pub fn asking<'a>(&'a self, app: &'a Arc<App>, question: &'a str) -> Asking<'a> {
        let Now { caller, visibility, limits, session, .. } = self;
        Asking { app, caller, visibility, session, limits: *limits, question }
    }
}
