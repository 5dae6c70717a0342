//! `whodunit admin`: users, keys and projects, through whichever door leads to the control plane.
//!
//! With `--data` the files of a stopped server are opened directly, so that an owner can be made when nobody can sign
//! in; otherwise the server's own API is asked. Both doors answer the same shapes, so printing knows no difference.

use hyper::Method;
use serde_json::{Value, json};
use whodunit_api::admin::{CreateKeyRequest, CreateProjectRequest, CreateUserRequest, UpdateUserRequest};
use whodunit_store::Purpose;

use super::direct::{Act, Direct};
use crate::arguments::{Admin, KeyCreate, KeyKind, Keys, Projects, UserCreate, Users};
use crate::configuration::{Configuration, Origin};
use crate::failure::Failure;
use crate::http::{Call, Client, percent_encode};
use crate::output::{Rows, Style, print_text};

const USER_COLUMNS: &[&str] = &["id", "email", "name", "role", "created_at", "disabled_at", "last_sign_in_at"];
const KEY_COLUMNS: &[&str] =
    &["id", "kind", "name", "hint", "scopes", "projects", "created_at", "revoked_at", "last_used_at"];
const PROJECT_COLUMNS: &[&str] = &["slug", "name", "number", "created_at", "archived_at"];

pub async fn run(admin: Admin, configuration: &Configuration, style: Style) -> Result<(), Failure> {
    let act = act(admin);
    let printed = Printed::of(&act);
    let answer = if matches!(configuration.origin("data"), Origin::Flag(_)) {
        Direct::open(configuration, Purpose::Append).await?.administer(act).await?
    } else {
        over_http(&act, configuration).await?
    };
    printed.print(&answer, style)
}

fn act(admin: Admin) -> Act {
    match admin {
        Admin::Users(Users::List) => Act::ListUsers,
        Admin::Users(Users::Create(create)) => Act::CreateUser(user_request(create)),
        Admin::Users(Users::Update(update)) => Act::UpdateUser(
            update.id,
            UpdateUserRequest { name: update.name, role: update.role, disabled: update.disabled, reason: None },
        ),
        Admin::Keys(Keys::List) => Act::ListKeys,
        Admin::Keys(Keys::Create(create)) => Act::CreateKey(key_request(create)),
        Admin::Keys(Keys::Revoke { id }) => Act::RevokeKey(id),
        Admin::Projects(Projects::List) => Act::ListProjects,
        Admin::Projects(Projects::Create { slug, name }) => {
            Act::CreateProject(CreateProjectRequest { slug, name, reason: None })
        }
    }
}

fn user_request(create: UserCreate) -> CreateUserRequest {
    CreateUserRequest {
        email: create.email,
        name: create.name.unwrap_or_default(),
        role: create.role,
        password: create.password,
        reason: None,
    }
}

fn key_request(create: KeyCreate) -> CreateKeyRequest {
    let kind = match create.kind {
        KeyKind::Ingest => "ingest",
        KeyKind::Api => "api",
    };
    CreateKeyRequest {
        kind: kind.to_owned(),
        name: create.name,
        scopes: create.scopes,
        projects: Some(create.projects).filter(|projects| !projects.is_empty()),
        expires_at: None,
        reason: None,
    }
}

async fn over_http(act: &Act, configuration: &Configuration) -> Result<Value, Failure> {
    let key = configuration.api_key();
    if key.is_none() {
        let ways = "give --api-key (or WHODUNIT_API_KEY), or --data with the server stopped";
        return Err(Failure::Usage(format!("admin needs a key that may administer: {ways}")));
    }
    let client = Client::new(&configuration.url(), key, configuration.ca())?;
    let body = |request: Result<Value, serde_json::Error>| request.map_err(Failure::failed);
    let (method, path, body) = match act {
        Act::ListUsers => (Method::GET, "users".to_owned(), Value::Null),
        Act::CreateUser(request) => (Method::POST, "users".to_owned(), body(serde_json::to_value(request))?),
        Act::UpdateUser(id, request) => {
            (Method::PATCH, format!("users/{}", percent_encode(id)), body(serde_json::to_value(request))?)
        }
        Act::ListKeys => (Method::GET, "keys".to_owned(), Value::Null),
        Act::CreateKey(request) => (Method::POST, "keys".to_owned(), body(serde_json::to_value(request))?),
        Act::RevokeKey(id) => (Method::DELETE, format!("keys/{}", percent_encode(id)), json!({})),
        Act::ListProjects => (Method::GET, "projects".to_owned(), Value::Null),
        Act::CreateProject(request) => (Method::POST, "projects".to_owned(), body(serde_json::to_value(request))?),
    };
    let path = format!("/api/v1/admin/{path}");
    let call = if body.is_null() { Call::get(&path) } else { Call::json(method, &path, &body) };
    client.send(call).await?.success()?.json()
}

/// Where in an answer the rows stand, and what is told once beside them.
struct Printed {
    /// Member that holds the row or rows; the answer itself when empty.
    rows: &'static str,
    columns: &'static [&'static str],
    /// Member with a secret, and what it is.
    once: Option<(&'static str, &'static str)>,
}

impl Printed {
    fn of(act: &Act) -> Printed {
        let rows = |rows, columns| Printed { rows, columns, once: None };
        match act {
            Act::ListUsers => rows("users", USER_COLUMNS),
            Act::UpdateUser(..) => rows("", USER_COLUMNS),
            Act::CreateUser(_) => Printed { once: Some(("password", "password")), ..rows("user", USER_COLUMNS) },
            Act::ListKeys => rows("keys", KEY_COLUMNS),
            Act::RevokeKey(_) => rows("", KEY_COLUMNS),
            Act::CreateKey(_) => Printed { once: Some(("secret", "key")), ..rows("key", KEY_COLUMNS) },
            Act::ListProjects => rows("projects", PROJECT_COLUMNS),
            Act::CreateProject(_) => rows("", PROJECT_COLUMNS),
        }
    }

    fn print(&self, answer: &Value, style: Style) -> Result<(), Failure> {
        if style == Style::Json {
            return print_text(&serde_json::to_string_pretty(answer).map_err(Failure::failed)?);
        }
        let held = if self.rows.is_empty() { answer } else { &answer[self.rows] };
        let objects = held.as_array().map_or(std::slice::from_ref(held), Vec::as_slice);
        Rows::of_objects(objects, self.columns).print(style)?;
        match self.once.and_then(|(member, what)| Some((answer[member].as_str()?, what))) {
            Some((secret, what)) => print_text(&format!("{what} (shown once): {secret}")),
            None => Ok(()),
        }
    }
}
