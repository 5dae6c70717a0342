//! The files of a stopped server, opened by this process: for questions without a server and for the first owner.
//!
//! Whoever may read and write the files may do all of this anyway, so nobody is asked for a key. The directory is held
//! meanwhile, maintenance does not run, and changes leave the same trail as they do in the server.

use std::path::Path;
use std::sync::Arc;

use futures::TryStreamExt;
use serde::Serialize;
use serde_json::Value;
use whodunit_api::admin::{
    BackupView, CreateKeyAnswer, CreateKeyRequest, CreateProjectRequest, CreateUserAnswer, CreateUserRequest, KeyList,
    KeyView, ProjectList, ProjectView, UpdateUserRequest, UserList, UserView,
};
use whodunit_api::query::{AskAnswer, AskRequest, SqlFormat, SqlRequest};
use whodunit_control::Control;
use whodunit_model::{Caller, Sources};
use whodunit_query::ask::{Scope, Understood, Zone, unclear, understand};
use whodunit_query::{Engine, QuerySettings, Visibility};
use whodunit_server::StartError;
use whodunit_server::backup::Backup;
use whodunit_stdx::{ErrorKind, Limit, World};
use whodunit_store::{BackupPlace, Progress, Purpose, Settings as StoreSettings, Store, Upkeep};

use crate::arguments::Format;
use crate::configuration::Configuration;
use crate::failure::{Failure, chain};

/// What is asked of the control plane.
pub enum Act {
    ListUsers,
    CreateUser(CreateUserRequest),
    UpdateUser(String, UpdateUserRequest),
    ListKeys,
    CreateKey(CreateKeyRequest),
    RevokeKey(String),
    ListProjects,
    CreateProject(CreateProjectRequest),
}

/// An opened data directory.
pub struct Direct {
    store: Store,
    world: World,
    memory: Limit,
    control: String,
}

impl Direct {
    /// Opens a directory that exists; another process must not hold it.
    pub async fn open(configuration: &Configuration, purpose: Purpose) -> Result<Direct, Failure> {
        let settings = &configuration.settings;
        if !settings.data.is_dir() {
            return Err(Failure::Usage(format!("there is no data directory {}", settings.data.display())));
        }
        let objects = settings.objects_in().map_err(|error| Failure::Usage(error.to_string()))?;
        let cold = settings.cold_in().map_err(|error| Failure::Usage(error.to_string()))?;
        let defaults = StoreSettings::new(&settings.data);
        let store_settings = StoreSettings { upkeep: Upkeep::Manual, purpose, objects, cold, ..defaults };
        let world = World::system();
        let memory = Limit::new("memory", settings.memory_bytes());
        let opened = Store::open(store_settings, world.clone(), memory.clone()).await;
        let store = opened.map_err(|error| store_failure(&error))?;
        Ok(Direct { store, world, memory, control: settings.control_url() })
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    async fn engine(&self) -> Engine {
        let (store, world, memory) = (self.store.clone(), self.world.clone(), self.memory.clone());
        Engine::new(store, world, memory, QuerySettings::default(), self.sources().await)
    }

    /// The sources as they were saved last. Rows can be asked for without them, so a control plane that does not open
    /// is only told of.
    async fn sources(&self) -> Sources {
        let sources = Sources::default();
        let saved = async {
            let control = Control::open(&self.control, self.store.clone(), self.world.clone()).await?;
            let saved = control.sources(self.store.writer()).await;
            control.close().await?;
            saved
        };
        match saved.await {
            Ok(saved) => sources.load(saved),
            Err(error) => eprintln!("sources are not known: {}", chain(&error)),
        }
        sources
    }

    /// Runs one question to its end and answers as the server would.
    pub async fn ask(self, sql: &str, format: Format) -> Result<Vec<u8>, Failure> {
        let engine = self.engine().await;
        let answered = answer(&engine, sql, format).await;
        self.close().await?;
        answered
    }

    /// Answers one question in plain words as the server would.
    pub async fn tell(self, request: &AskRequest) -> Result<AskAnswer, Failure> {
        let engine = self.engine().await;
        let told = tell(&engine, request, &self.world).await.map_err(|error| Failure::Failed(chain(&error)));
        self.close().await?;
        told
    }

    /// Does one act and answers what the server's operation would.
    pub async fn administer(self, act: Act) -> Result<Value, Failure> {
        let opened = Control::open(&self.control, self.store.clone(), self.world.clone()).await;
        let done = match opened {
            Ok(control) => {
                let done = administer(&control, act).await;
                let closed = control.close().await.map_err(|error| control_failure(&error));
                done.and_then(|answer| closed.map(|()| answer))
            }
            Err(error) => Err(control_failure(&error)),
        };
        self.close().await?;
        done
    }

    /// Backs everything up.
    pub async fn back_up(
        self,
        data: &Path,
        place: &BackupPlace,
        keep: Option<usize>,
        progress: Arc<Progress>,
    ) -> Result<BackupView, Failure> {
        let opened = Control::open(&self.control, self.store.clone(), self.world.clone()).await;
        let done = match opened {
            Ok(control) => {
                let backup = Backup { store: &self.store, control: &control, data, place, keep };
                let done = backup.take_and_tell(progress).await.map_err(|error| store_failure(&error));
                let closed = control.close().await.map_err(|error| control_failure(&error));
                done.and_then(|view| closed.map(|()| view))
            }
            Err(error) => Err(control_failure(&error)),
        };
        self.close().await?;
        done
    }

    pub async fn close(self) -> Result<(), Failure> {
        self.store.close().await.map_err(|error| store_failure(&error))
    }
}

async fn answer(engine: &Engine, sql: &str, format: Format) -> Result<Vec<u8>, Failure> {
    let format = match format {
        Format::Json => SqlFormat::Json,
        Format::Ndjson => SqlFormat::Ndjson,
        Format::Csv => SqlFormat::Csv,
        Format::Arrow => SqlFormat::Arrow,
    };
    let refused = |error: whodunit_query::Error| Failure::Failed(chain(&error));
    let request = engine.request(&SqlRequest { query: sql.to_owned(), format, ..SqlRequest::default() });
    let rows = engine.sql(request, &Visibility::of(&Caller::system("command line"))).await.map_err(refused)?;
    let pieces = whodunit_query::format::body(rows, format).await.map_err(refused)?;
    let whole = pieces.try_fold(Vec::new(), |mut whole, piece| {
        whole.extend_from_slice(&piece);
        std::future::ready(Ok(whole))
    });
    whole.await.map_err(refused)
}

async fn tell(engine: &Engine, request: &AskRequest, world: &World) -> Result<AskAnswer, whodunit_query::Error> {
    let zone = Zone::parse(request.zone.as_deref().unwrap_or_default())?;
    let scope = request.project.clone().map_or(Scope::Applications, Scope::Project);
    match understand(&request.question, zone, world.now(), scope)? {
        Understood::Question(reading) => engine.tell(&reading, &Visibility::of(&Caller::system("command line"))).await,
        Understood::Unclear(suggestions) => Ok(unclear(&request.question, suggestions)),
    }
}

async fn administer(control: &Control, act: Act) -> Result<Value, Failure> {
    let caller = Caller::system("command line");
    let answer = match act {
        Act::ListUsers => {
            let users = control.users().await.map(|users| users.iter().map(UserView::from).collect());
            shape(users.map(|users| UserList { users }))
        }
        Act::CreateUser(request) => {
            let new = request.try_into().map_err(|error| control_failure(&error))?;
            shape(control.create_user(&caller, new).await.map(|created| CreateUserAnswer::from(&created)))
        }
        Act::UpdateUser(id, request) => {
            let update = request.try_into().map_err(|error| control_failure(&error))?;
            shape(control.update_user(&caller, &id, update).await.map(|user| UserView::from(&user)))
        }
        Act::ListKeys => {
            let keys = control.keys().await.map(|keys| keys.iter().map(KeyView::from).collect());
            shape(keys.map(|keys| KeyList { keys }))
        }
        Act::CreateKey(request) => {
            let new = request.try_into().map_err(|error| control_failure(&error))?;
            shape(control.create_key(&caller, new).await.map(|created| CreateKeyAnswer::from(&created)))
        }
        Act::RevokeKey(id) => shape(control.revoke_key(&caller, &id, None).await.map(|key| KeyView::from(&key))),
        Act::ListProjects => {
            let projects = control.projects().await.map(|projects| projects.iter().map(ProjectView::from).collect());
            shape(projects.map(|projects| ProjectList { projects }))
        }
        Act::CreateProject(request) => {
            shape(control.create_project(&caller, request.into()).await.map(|project| ProjectView::from(&project)))
        }
    };
    answer.map_err(|error| control_failure(&error))
}

fn shape<T: Serialize>(answer: Result<T, whodunit_control::Error>) -> Result<Value, whodunit_control::Error> {
    answer.map(|answer| serde_json::to_value(answer).expect("wire types have text keys only"))
}

fn control_failure(error: &whodunit_control::Error) -> Failure {
    Failure::Failed(chain(error))
}

/// A directory that another process holds, or a disk that does not answer, is unreachable; anything else has failed.
pub fn store_failure(error: &whodunit_store::Error) -> Failure {
    match error.kind {
        ErrorKind::Unavailable => Failure::Unreachable(chain(error)),
        _ => Failure::Failed(chain(error)),
    }
}

/// Why a server did not start, as a failure with the right exit code.
pub fn start_failure(error: &StartError) -> Failure {
    match error {
        StartError::Setting(inner) => Failure::Usage(inner.to_string()),
        StartError::Store(inner) if inner.kind == ErrorKind::Unavailable => Failure::Unreachable(chain(error)),
        _ => Failure::Failed(chain(error)),
    }
}
