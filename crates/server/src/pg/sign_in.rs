//! From the first message to a session: what the client wants to be connected to, and that it has a key.

use std::net::IpAddr;
use std::sync::Arc;

use whodunit_control::Proof;
use whodunit_model::{Caller, Principal, Project};
use whodunit_query::Visibility;
use whodunit_stdx::ErrorKind;

use super::failure::{self, PgFailure};
use super::message::Message;
use super::sasl;
use super::settings::SessionSettings;
use super::wire::{End, Stage, Stream, Wire};
use crate::app::App;
use crate::failure::Failure;
use crate::identity::HEADER_TEXT_MAX;

/// The one user name; the password says which key it is.
pub const USER: &str = "api";
/// The database that holds all projects that a key reaches.
pub const DATABASE: &str = "whodunit";
/// In trail entries, and the name that refusals are recorded under.
pub const PLACE: &str = "the PostgreSQL wire";
pub const OPERATION: &str = "postgres";

/// A client that has shown its key.
pub struct SignedIn {
    pub caller: Caller,
    pub key: String,
    /// What it is connected to.
    pub database: String,
    /// `None`: all projects that the key reaches.
    pub project: Option<Project>,
    pub settings: SessionSettings,
}

impl SignedIn {
    /// The caller as the key is now: it may have been revoked since.
    pub fn refreshed(&self, app: &App) -> Result<Caller, PgFailure> {
        let known = app.control.directory().caller_of_key(&self.key, app.world.now());
        let known = known.ok_or_else(|| {
            PgFailure::fatal(failure::INVALID_AUTHORIZATION, "the key of this connection can no longer be used")
        })?;
        let own = self.caller.clone();
        Ok(Caller { principal: known.principal, projects: known.projects, ..own })
    }

    pub fn visibility(&self, caller: &Caller) -> Visibility {
        let all = Visibility::of(caller);
        match &self.project {
            None => all,
            Some(project) => all.narrowed(std::slice::from_ref(project)),
        }
    }
}

/// Asks for the proof and checks it. The client is told nothing about projects before that.
pub async fn sign_in<S: Stream>(
    app: &Arc<App>,
    wire: &mut Wire<S>,
    peer: IpAddr,
    parameters: Vec<(String, String)>,
) -> Result<SignedIn, End> {
    let mut settings = SessionSettings::default();
    let (mut user, mut database) = (String::new(), String::new());
    for (name, value) in &parameters {
        match name.as_str() {
            "user" => user.clone_from(value),
            "database" => database.clone_from(value),
            "replication" if !matches!(value.as_str(), "false" | "off" | "no" | "0") => {
                return Err(PgFailure::fatal(failure::FEATURE_NOT_SUPPORTED, "there is no replication here").into());
            }
            // Flags of a PostgreSQL server's command line, such as -c statement_timeout=5min.
            "options" => options(value, &mut settings)?,
            name if name.starts_with("_pq_.") => {}
            name => settings.set(name, value).map_err(fatal)?,
        }
    }
    let mut anonymous = Caller::new(Principal::Anonymous);
    anonymous.ip = Some(peer.to_canonical().to_string());
    let application = settings.application();
    anonymous.user_agent = application.map(|name| name[..name.floor_char_boundary(HEADER_TEXT_MAX)].to_owned());
    if user != USER {
        let failure = Failure::new(ErrorKind::Unauthenticated, format!("no user is called {user:?}"));
        app.refusals.note(OPERATION, &anonymous, &failure);
        return Err(PgFailure::fatal(failure::INVALID_AUTHORIZATION, failure.message())
            .hint(format!("connect as user {USER:?} with an API key as the password"))
            .into());
    }
    let caller = proved(app, wire, &anonymous).await?;
    let Principal::Key { id, .. } = &caller.principal else {
        return Err(PgFailure::fatal(failure::INVALID_AUTHORIZATION, "only keys sign in here").into());
    };
    let key = id.clone();
    if database.is_empty() || database == USER {
        DATABASE.clone_into(&mut database);
    }
    let project = project(app, &caller, &database)?;
    let caller = Caller { ip: anonymous.ip, user_agent: anonymous.user_agent, ..caller };
    Ok(SignedIn { caller, key, database, project, settings })
}

fn fatal(failure: PgFailure) -> PgFailure {
    PgFailure { severity: failure::Severity::Fatal, ..failure }
}

fn options(text: &str, settings: &mut SessionSettings) -> Result<(), PgFailure> {
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        let assignment = match word {
            "-c" => words.next().unwrap_or_default(),
            other => other.strip_prefix("--").or_else(|| other.strip_prefix("-c")).unwrap_or_default(),
        };
        if let Some((name, value)) = assignment.split_once('=') {
            settings.set(&name.replace('-', "_"), value).map_err(fatal)?;
        }
    }
    Ok(())
}

async fn proved<S: Stream>(app: &App, wire: &mut Wire<S>, who: &Caller) -> Result<Caller, End> {
    wire.replies.ask_for_scram();
    wire.send().await?;
    let initial = said(wire).await?;
    let message =
        initial_response(&initial).ok_or_else(|| refused("the client chose no mechanism that is known here"))?;
    let client = sasl::client_first(message).map_err(refused)?;
    let parameters = app.control.scram();
    let server = sasl::server_first(&client, &app.world.random_bytes(), &parameters.salt, parameters.iterations.get());
    wire.replies.continue_scram(&server.message);
    wire.send().await?;
    let last = said(wire).await?;
    let last = std::str::from_utf8(&last).map_err(|_| refused("the last SCRAM message is no UTF-8"))?;
    let last = sasl::client_final(last, &client, &server).map_err(refused)?;
    let proof = Proof { auth_message: last.auth_message.as_bytes(), proof: &last.proof, place: PLACE };
    match app.control.authenticate_proof(proof, who).await {
        Ok(proved) => {
            wire.replies.signed_in(&sasl::server_final(&proved.signature));
            Ok(proved.caller)
        }
        Err(error) => Err(fatal(PgFailure::from(Failure::from(error))).into()),
    }
}

fn refused(why: &'static str) -> PgFailure {
    PgFailure::fatal(failure::INVALID_PASSWORD, why)
}

async fn said<S: Stream>(wire: &mut Wire<S>) -> Result<bytes::Bytes, End> {
    match wire.message(Stage::SignIn).await? {
        (Message::SignIn(data), _) => Ok(data),
        (Message::Terminate, _) => Err(End::Gone),
        _ => Err(PgFailure::fatal(failure::PROTOCOL_VIOLATION, "the client does not answer the sign-in").into()),
    }
}

/// The mechanism's name, a length, and the first SCRAM message.
fn initial_response(data: &[u8]) -> Option<&str> {
    let rest = data.strip_prefix(b"SCRAM-SHA-256\0")?;
    let (length, message) = rest.split_at_checked(4)?;
    let length = u32::from_be_bytes(length.try_into().ok()?);
    (usize::try_from(length).ok()? == message.len()).then(|| std::str::from_utf8(message).ok()).flatten()
}

/// The database is a project, or all of them.
fn project(app: &App, caller: &Caller, database: &str) -> Result<Option<Project>, End> {
    if database == DATABASE {
        return Ok(None);
    }
    let project = Project::parse(database).ok();
    let known = project
        .filter(|project| caller.reaches(project) && app.control.directory().project(project.as_str()).is_some());
    match known {
        Some(project) => Ok(Some(project)),
        None => Err(PgFailure::fatal(failure::INVALID_CATALOG, format!("no database is called {database:?}"))
            .hint(format!("it is {DATABASE:?}, or the slug of a project that the key reaches"))
            .into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_answer_names_its_mechanism_and_length() {
        assert_eq!(initial_response(b"SCRAM-SHA-256\0\0\0\0\x09n,,n=,r=a"), Some("n,,n=,r=a"));
        for wrong in [&b""[..], b"SCRAM-SHA-256\0\0\0\0\x08n,,n=,r=a", b"PLAIN\0\0\0\0\0", b"SCRAM-SHA-256\0\0\0"] {
            assert_eq!(initial_response(wrong), None);
        }
    }

    #[test]
    fn options_of_a_command_line_are_settings() {
        let mut settings = SessionSettings::default();
        options("-c statement_timeout=5s --search_path=public -x", &mut settings).expect("are taken");
        assert_eq!(settings.statement_timeout, Some(std::time::Duration::from_secs(5)));
        assert!(options("-cclient_encoding=LATIN1", &mut settings).is_err());
    }
}
