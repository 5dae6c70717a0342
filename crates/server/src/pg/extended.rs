//! The extended protocol: prepared statements, portals, parameters, rows in pieces.

use whodunit_query::pg_types::PgType;
use whodunit_query::postgres::{Command, Form, Parameter, commands};
use whodunit_stdx::Reservation;

use super::answer::{Output, Reached};
use super::failure::{self, PgFailure};
use super::message::{Bind, Message, Target};
use super::portal::{PORTALS_MAX, PREPARED_MAX, Portal, Prepared, shown_column, write_shown};
use super::session::Session;
use super::wire::{End, Stream};
use crate::failure::Failure;
use crate::recording::Purpose;

impl<S: Stream> Session<S> {
    pub async fn extended(&mut self, message: Message, memory: Option<Reservation>) -> Result<(), End> {
        match message {
            Message::Parse { name, query, types } => self.parse(name, query, types, memory),
            Message::Bind(bind) => self.bind(bind, memory).await,
            Message::Describe(Target::Statement(name)) => self.describe_statement(&name).await,
            Message::Describe(Target::Portal(name)) => self.describe_portal(&name).await,
            Message::Execute { portal, rows_max } => self.execute(&portal, rows_max).await,
            Message::Close(target) => {
                match target {
                    Target::Statement(name) => drop(self.prepared.remove(&name)),
                    Target::Portal(name) => drop(self.portals.remove(&name)),
                }
                self.wire.replies.plain(b'3');
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn parse(
        &mut self,
        name: String,
        text: String,
        declared: Vec<u32>,
        memory: Option<Reservation>,
    ) -> Result<(), End> {
        let mut commands = commands(&text).map_err(Failure::from).map_err(PgFailure::from)?;
        let command = commands.pop();
        if !commands.is_empty() {
            let message = "a prepared statement is one statement";
            return Err(PgFailure::error("42601", message).into());
        }
        if let Some(refused @ (Command::Change { .. } | Command::Unsupported { .. })) = &command {
            // Sooner than PostgreSQL, which asks for the parameters first.
            self.check_transaction(refused)?;
            self.change_session(refused)?;
        }
        if !name.is_empty() && self.prepared.contains_key(&name) {
            let message = format!("there is a prepared statement {name:?} already");
            return Err(PgFailure::error("42P05", message).into());
        }
        if self.prepared.len() >= PREPARED_MAX && !self.prepared.contains_key(&name) {
            let message = format!("this session has {PREPARED_MAX} prepared statements");
            return Err(PgFailure::error(failure::LIMIT_EXCEEDED, message).limit("pg_prepared_max").into());
        }
        let prepared = Prepared { text, command, declared, description: None, memory };
        self.prepared.insert(name, prepared);
        self.wire.replies.plain(b'1');
        Ok(())
    }

    /// Finds out types once, when they are needed.
    async fn describe(&mut self, name: &str) -> Result<&Prepared, End> {
        let missing =
            || PgFailure::error(failure::INVALID_STATEMENT, format!("no prepared statement is called {name:?}"));
        let prepared = self.prepared.get(name).ok_or_else(missing)?;
        if prepared.description.is_none()
            && let Some(Command::Ask(statement)) = &prepared.command
        {
            let now = self.now()?;
            let described = self.app.engine.describe_postgres(
                statement,
                &prepared.declared,
                &now.session,
                now.limits,
                &now.visibility,
            );
            let described = described.await.map_err(Failure::from).map_err(PgFailure::from)?;
            if let Some(prepared) = self.prepared.get_mut(name) {
                prepared.description = Some(described);
            }
        }
        self.prepared.get(name).ok_or_else(|| missing().into())
    }

    async fn describe_statement(&mut self, name: &str) -> Result<(), End> {
        let prepared = self.describe(name).await?;
        let (command, description) = (prepared.command.clone(), prepared.description.clone());
        let replies = &mut self.wire.replies;
        let parameters = description.as_ref().map_or(&[][..], |described| &described.parameters);
        replies.parameters(parameters.iter().map(|kind| kind.oid));
        match (command, description) {
            (Some(Command::Ask(_)), Some(described)) => {
                replies.columns(&described.columns, &vec![Form::Text; described.columns.len()]);
            }
            (Some(Command::Show { name }), _) => replies.columns(&[shown_column(&name)], &[Form::Text]),
            _ => replies.plain(b'n'),
        }
        Ok(())
    }

    async fn bind(&mut self, bind: Bind, memory: Option<Reservation>) -> Result<(), End> {
        let missing = || {
            let message = format!("no prepared statement is called {:?}", bind.statement);
            PgFailure::error(failure::INVALID_STATEMENT, message)
        };
        let prepared = self.prepared.get(&bind.statement).ok_or_else(missing)?;
        let asks = match &prepared.command {
            Some(Command::Ask(statement)) => {
                statement.parameter_count().map_err(Failure::from).map_err(PgFailure::from)?
            }
            _ => 0,
        };
        if asks != bind.parameters.len() {
            let message = format!("the statement has {asks} parameters, {} were sent", bind.parameters.len());
            return Err(PgFailure::error(failure::PROTOCOL_VIOLATION, message).into());
        }
        let kinds = match asks {
            0 => Vec::new(),
            _ => self
                .describe(&bind.statement)
                .await?
                .description
                .iter()
                .flat_map(|one| one.parameters.clone())
                .collect(),
        };
        let prepared = self.prepared.get(&bind.statement).ok_or_else(missing)?;
        let (text, command) = (prepared.text.clone(), prepared.command.clone());
        let forms = spread(&bind.parameter_forms, bind.parameters.len())?;
        let parameters = { bind.parameters }.into_iter().zip(forms).zip(kinds);
        let parameters = parameters.map(|((value, form), kind): (_, PgType)| Parameter { kind, form, value }).collect();
        if !bind.portal.is_empty() && self.portals.contains_key(&bind.portal) {
            let message = format!("there is a portal {:?} already", bind.portal);
            return Err(PgFailure::error("42P03", message).into());
        }
        if self.portals.len() >= PORTALS_MAX && !self.portals.contains_key(&bind.portal) {
            let message = format!("this session has {PORTALS_MAX} portals");
            return Err(PgFailure::error(failure::LIMIT_EXCEEDED, message).limit("pg_portals_max").into());
        }
        let result_forms = bind.result_forms.iter().map(|code| form(*code)).collect::<Result<_, _>>()?;
        let portal = Portal { text, command, parameters, result_forms, running: None, memory };
        self.portals.insert(bind.portal, portal);
        self.wire.replies.plain(b'2');
        Ok(())
    }

    async fn describe_portal(&mut self, name: &str) -> Result<(), End> {
        let portal = self.portals.get(name).ok_or_else(|| no_portal(name))?;
        match portal.command.clone() {
            Some(command @ Command::Ask(_)) => {
                self.check_transaction(&command)?;
                self.start(name).await?;
                let portal = self.portals.get(name).ok_or_else(|| no_portal(name))?;
                if let Some(running) = &portal.running {
                    let forms = all(&portal.result_forms, running.columns().len())?;
                    self.wire.replies.columns(running.columns(), &forms);
                }
            }
            Some(Command::Show { name }) => {
                let forms = all(&portal.result_forms, 1)?;
                self.wire.replies.columns(&[shown_column(&name)], &forms);
            }
            _ => self.wire.replies.plain(b'n'),
        }
        Ok(())
    }

    /// Plans the portal's question, unless it runs already.
    async fn start(&mut self, name: &str) -> Result<(), End> {
        let portal = self.portals.get(name).ok_or_else(|| no_portal(name))?;
        let Some(Command::Ask(statement)) = portal.command.clone() else { return Ok(()) };
        if portal.running.is_some() {
            return Ok(());
        }
        let (text, parameters) = (portal.text.clone(), portal.parameters.clone());
        let now = self.now()?;
        let running = now.asking(&self.app, &text).start(&statement, &parameters).await?;
        if let Some(portal) = self.portals.get_mut(name) {
            portal.running = Some(running);
        }
        Ok(())
    }

    async fn execute(&mut self, name: &str, rows_max: u32) -> Result<(), End> {
        let portal = self.portals.get(name).ok_or_else(|| no_portal(name))?;
        let Some(command) = portal.command.clone() else {
            self.wire.replies.plain(b'I');
            return Ok(());
        };
        self.check_transaction(&command)?;
        match &command {
            Command::Ask(_) => self.execute_question(name, &command, rows_max).await,
            Command::Copy { .. } => {
                let text = portal.text.clone();
                self.copy(&command, &text).await
            }
            Command::Show { name: setting } => {
                let shown = self.signed_in.settings.show(setting)?;
                write_shown(&mut self.wire.replies, &shown);
                self.wire.replies.complete("SHOW");
                Ok(())
            }
            other => Ok(self.change_session(other)?),
        }
    }

    async fn execute_question(&mut self, name: &str, command: &Command, rows_max: u32) -> Result<(), End> {
        self.start(name).await?;
        // Out of the session while it runs, so that a failure leaves nothing half read behind.
        let mut portal = self.portals.remove(name).ok_or_else(|| no_portal(name))?;
        let Some(mut running) = portal.running.take() else { return Err(no_portal(name).into()) };
        let now = self.now()?;
        now.asking(&self.app, &portal.text).record(&mut running, &now.project, Purpose::Read).await?;
        let forms = all(&portal.result_forms, running.columns().len())?;
        let most = (rows_max > 0).then_some(u64::from(rows_max));
        let before = running.sent();
        match running.send(&mut self.wire, &self.cancel, &forms, most, &Output::Rows).await? {
            Reached::Pause => {
                portal.running = Some(running);
                self.portals.insert(name.to_owned(), portal);
                self.wire.replies.plain(b's');
            }
            Reached::End => {
                let sent = running.sent() - before;
                self.wire.replies.complete(&format!("{} {sent}", command.tag()));
                // Asked again it has no more rows; the statement itself is still there.
                portal.command = None;
                self.portals.insert(name.to_owned(), portal);
            }
        }
        Ok(())
    }
}

fn no_portal(name: &str) -> PgFailure {
    PgFailure::error(failure::INVALID_CURSOR, format!("no portal is called {name:?}"))
}

fn form(code: u16) -> Result<Form, PgFailure> {
    match code {
        0 => Ok(Form::Text),
        1 => Ok(Form::Binary),
        other => Err(PgFailure::error(failure::PROTOCOL_VIOLATION, format!("there is no format {other}"))),
    }
}

/// None means text for all, one is for all, else one each.
fn spread(codes: &[u16], count: usize) -> Result<Vec<Form>, PgFailure> {
    let forms: Vec<Form> = codes.iter().map(|code| form(*code)).collect::<Result<_, _>>()?;
    all(&forms, count)
}

fn all(forms: &[Form], count: usize) -> Result<Vec<Form>, PgFailure> {
    match forms {
        [] => Ok(vec![Form::Text; count]),
        [one] => Ok(vec![*one; count]),
        each if each.len() == count => Ok(each.to_vec()),
        each => {
            let message = format!("{} formats were sent for {count} values", each.len());
            Err(PgFailure::error(failure::PROTOCOL_VIOLATION, message))
        }
    }
}
