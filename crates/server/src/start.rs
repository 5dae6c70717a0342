//! Composition: settings in, a running server out. The only place that knows all rooms.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use bytes::Bytes;
use tokio::net::TcpListener;
use whodunit_control::{Control, Initial, NewKey, SettingChange, SettingName, SettingSource};
use whodunit_ingest::body::BodyLimits;
use whodunit_ingest::{Gateway, GatewaySettings};
use whodunit_model::{Caller, Project, Scope, Sources};
use whodunit_query::{Engine, Limits, QuerySettings};
use whodunit_stdx::{Limit, Tasks, World};
use whodunit_store::maintain::DiskFull;
use whodunit_store::{Durability, Store};

use crate::app::App;
use crate::artifacts::Artifacts;
use crate::backups::Backups;
use crate::checkup::Checkup;
use crate::counting;
use crate::following;
use crate::front::Front;
use crate::gate::Gates;
use crate::heard;
use crate::imports::Imports;
use crate::judging;
use crate::keeping;
use crate::listen;
use crate::monitors::Monitors;
use crate::openapi;
use crate::pages::Pages;
use crate::pg;
use crate::pipeline;
use crate::rates::Rates;
use crate::refusals::Refusals;
use crate::settings::{LogsDurability, SettingError, Settings, WhenFull};
use crate::syslog;
use crate::tls::Tls;
use crate::traffic::Traffic;
use crate::watching::Watching;

/// What the one who started the server should tell people, once.
#[derive(Clone, Debug)]
pub struct Started {
    pub address: SocketAddr,
    /// Where SQL over the PostgreSQL wire is answered, if it is.
    pub postgres: Option<SocketAddr>,
    /// While nobody owns the server: the page that makes the first owner.
    pub setup_link: Option<String>,
    /// Made on the first start, for the default project; shown here and never again.
    pub ingest_key: Option<String>,
    /// Likewise; can only read.
    pub api_key: Option<String>,
}

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("cannot make the data directory {}", path.display())]
    Data { path: PathBuf, source: std::io::Error },
    #[error("cannot listen on {address}")]
    Listen { address: String, source: std::io::Error },
    /// Found only now, because it takes more than one setting to see it.
    #[error(transparent)]
    Setting(SettingError),
    #[error("the store did not open")]
    Store(#[source] whodunit_store::Error),
    #[error("the control plane did not open")]
    Control(#[source] whodunit_control::Error),
}

/// A running server. Dropping it without [`Server::stop`] leaves its tasks running.
pub struct Server {
    started: Started,
    app: Arc<App>,
    connections: Tasks,
}

impl Server {
    /// Binds the socket, opens store and control plane, and serves.
    pub async fn start(settings: Settings, world: World) -> Result<Server, StartError> {
        let tls = Tls::open(&settings).map_err(StartError::Setting)?;
        let data = &settings.data;
        std::fs::create_dir_all(data).map_err(|source| StartError::Data { path: data.clone(), source })?;
        let listener = TcpListener::bind(&settings.listen).await;
        let cannot_listen = |source| StartError::Listen { address: settings.listen.clone(), source };
        let listener = listener.map_err(cannot_listen)?;
        let address = listener.local_addr().map_err(cannot_listen)?;
        let postgres = match &settings.pg_listen {
            None => None,
            Some(address) => {
                let cannot_listen = |source| StartError::Listen { address: address.clone(), source };
                let listener = TcpListener::bind(address).await.map_err(&cannot_listen)?;
                let bound = listener.local_addr().map_err(cannot_listen)?;
                Some((listener, bound))
            }
        };
        let syslog = bind_syslog(&settings, tls.as_ref()).await?;
        let connections = Tasks::new();
        let front = Arc::new(Front::default());
        let http = tls.as_ref().map(|tls| tls.acceptor(listen::PROTOCOLS));
        listen::serve(listener, front.clone(), http, &settings, &connections);
        match compose(settings, world, address, tls).await {
            Ok((app, started)) => {
                app.control.start(&app.tasks);
                keeping::follow(&app, &app.tasks);
                heard::follow(&app, &app.tasks);
                counting::follow(&app, &app.tasks);
                following::follow(&app, &app.tasks);
                judging::follow(&app, &app.tasks);
                if let Some(tls) = &app.tls {
                    tls.follow(&app.tasks);
                }
                front.open(pipeline::router(&app));
                let bound = postgres.as_ref().map(|(_, bound)| *bound);
                if let Some((listener, _)) = postgres {
                    pg::listen::serve(listener, app.clone(), &connections);
                }
                let started = Started { postgres: bound, ..started };
                syslog::serve(syslog, &app, &connections);
                Ok(Server { started, app, connections })
            }
            Err(error) => {
                connections.stop().await;
                Err(error)
            }
        }
    }

    /// Looks at the files of the certificate now instead of within seconds.
    pub fn reload(&self) {
        if let Some(tls) = &self.app.tls {
            tls.look();
        }
    }

    pub fn started(&self) -> &Started {
        &self.started
    }

    /// Takes no further connections, lets running requests end within `shutdown_timeout`, closes the store.
    pub async fn stop(self) -> Result<(), whodunit_store::Error> {
        self.app.begin_to_stop();
        self.app.tails.stop().await;
        let patience = self.app.settings.shutdown_timeout;
        if tokio::time::timeout(patience, self.connections.stop()).await.is_err() {
            tracing::warn!(seconds = patience.as_secs(), "requests still running at the end of the shutdown timeout");
        }
        // Trail entries of requests that have ended are completed before the store closes.
        self.app.tasks.stop().await;
        heard::save(&self.app).await;
        if let Err(error) = self.app.control.close().await {
            tracing::error!(%error, "the control plane did not close in order");
        }
        self.app.store.close().await
    }
}

async fn bind_syslog(settings: &Settings, tls: Option<&Tls>) -> Result<syslog::Listeners, StartError> {
    let mut listeners = syslog::Listeners::default();
    let project = &settings.syslog_project;
    if let Some(address) = &settings.syslog_listen {
        let cannot_listen = |source| StartError::Listen { address: address.clone(), source };
        let sockets = syslog::Sockets::bind(address).await.map_err(cannot_listen)?;
        let address = sockets.address().map_err(cannot_listen)?;
        tracing::info!(%address, %project, "taking syslog over UDP and TCP");
        listeners.plain = Some(sockets);
    }
    if let Some(address) = &settings.syslog_tls_listen {
        let reason = "needs a certificate: set tls_cert and tls_key".to_owned();
        let missing = || StartError::Setting(SettingError::Invalid { name: "syslog_tls_listen", reason });
        let acceptor = tls.ok_or_else(missing)?.acceptor(&[]);
        let cannot_listen = |source| StartError::Listen { address: address.clone(), source };
        let listener = TcpListener::bind(address).await.map_err(cannot_listen)?;
        tracing::info!(%address, %project, "taking syslog over TLS");
        listeners.encrypted = Some((listener, acceptor));
    }
    Ok(listeners)
}

async fn compose(
    settings: Settings,
    world: World,
    address: SocketAddr,
    tls: Option<Tls>,
) -> Result<(Arc<App>, Started), StartError> {
    let memory = Limit::new("memory", settings.memory_bytes());
    let store_settings = store_settings(&settings).map_err(StartError::Setting)?;
    let store = Store::open(store_settings, world.clone(), memory.clone()).await.map_err(StartError::Store)?;
    let control = match Control::open(&settings.control_url(), store.clone(), world.clone()).await {
        Ok(control) => control,
        Err(error) => {
            close(&store).await;
            return Err(StartError::Control(error));
        }
    };
    let made = match prepare(&control, &settings).await {
        Ok(made) => made,
        Err(error) => {
            close(&store).await;
            return Err(StartError::Control(error));
        }
    };
    let sources = Sources::default();
    match control.sources(store.writer()).await {
        Ok(saved) => sources.load(saved),
        Err(error) => {
            close(&store).await;
            return Err(StartError::Control(error));
        }
    }
    let base = base_url(&settings, address);
    let setup_link = control.setup_token().map(|token| format!("{base}/setup?token={token}"));
    let started = Started { address, postgres: None, setup_link, ingest_key: made.ingest, api_key: made.api };
    let tasks = Tasks::new();
    let gateway =
        Gateway::new(store.clone(), world.clone(), memory.clone(), gateway_settings(&settings), sources.clone());
    let artifacts = Arc::new(Artifacts::new(&settings.data, memory.clone()));
    gateway.resolve_with(artifacts.clone());
    let app = App {
        gateway,
        engine: Engine::new(
            store.clone(),
            world.clone(),
            memory.clone(),
            query_settings(&settings, &memory),
            sources.clone(),
        ),
        sources,
        tails: Tasks::new(),
        gates: Gates::new(&settings),
        refusals: Refusals::new(control.clone(), tasks.clone(), world.clone()),
        watching: Watching::default(),
        backups: Backups::default(),
        imports: Imports::default(),
        artifacts,
        monitors: Monitors::default(),
        tasks,
        traffic: Traffic::default(),
        rates: Rates::new(&world),
        checkup: Checkup::default(),
        system_health: tokio::sync::Mutex::new(None),
        pages: Pages::new(&base),
        tls,
        openapi: Bytes::from(openapi::document().to_string()),
        started: world.instant(),
        stopping: AtomicBool::new(false),
        settings,
        world,
        memory,
        store,
        control,
    };
    Ok((Arc::new(app), started))
}

/// A start that fails further on must not leave the directory locked.
async fn close(store: &Store) {
    if let Err(error) = store.close().await {
        tracing::error!(%error, "the store did not close in order");
    }
}

/// Keys that a first start made.
#[derive(Default)]
struct FirstKeys {
    ingest: Option<String>,
    api: Option<String>,
}

/// Honours what the environment asks for, and makes keys while there are none at all.
async fn prepare(control: &Control, settings: &Settings) -> Result<FirstKeys, whodunit_control::Error> {
    let initial = Initial {
        owner_email: settings.init_owner_email.clone(),
        owner_password: settings.init_owner_password.clone(),
        ingest_key: settings.init_ingest_key.clone(),
        api_key: settings.init_api_key.clone(),
    };
    control.initialise(initial).await?;
    let system = Caller::system("start");
    if let Some(on) = settings.enable_audit_logging
        && on != control.directory().settings().audit_logging
    {
        let change = SettingChange { source: SettingSource::Environment, ..SettingChange::new(on) };
        control.change_setting(&system, SettingName::AuditLogging, change).await?;
    }
    if !control.keys().await?.is_empty() {
        return Ok(FirstKeys::default());
    }
    let ingest = control.create_key(&system, NewKey::ingest("first", Project::default_project())).await?;
    let reads = vec![Scope::ReadTelemetry, Scope::ReadAudit];
    let api = control.create_key(&system, NewKey::api("first", reads)).await?;
    Ok(FirstKeys { ingest: Some(ingest.secret), api: Some(api.secret) })
}

/// The address that links and examples use.
pub fn base_url(settings: &Settings, address: SocketAddr) -> String {
    let scheme = if settings.encrypts() { "https" } else { "http" };
    match &settings.public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None if address.ip().is_unspecified() => format!("{scheme}://localhost:{}", address.port()),
        None => format!("{scheme}://{address}"),
    }
}

/// Memory of one query when nobody says otherwise.
const QUERY_MEMORY_MAX: usize = 256 << 20;

fn query_settings(settings: &Settings, memory: &Limit) -> QuerySettings {
    let bytes = settings.query_memory.unwrap_or((memory.bytes_max() / 4).min(QUERY_MEMORY_MAX));
    let rows = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
    let limits = Limits { time: settings.query_time, rows: rows(settings.query_rows), memory: bytes };
    let limits_max = Limits { time: settings.query_time_max, rows: rows(settings.query_rows_max), memory: bytes };
    let defaults = QuerySettings::default();
    let cores = if settings.query_parallelism == 0 { defaults.cores } else { settings.query_parallelism };
    QuerySettings { limits, limits_max, queries_max: settings.query_requests_max, cores }
}

fn gateway_settings(settings: &Settings) -> GatewaySettings {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let logs_durability = match settings.logs_durability {
        LogsDurability::Synced => Durability::Synced,
        LogsDurability::Buffered => Durability::Buffered,
    };
    let defaults = GatewaySettings::for_cores(cores);
    // A body that may be sent may also be unfolded to that size.
    let body_bytes_max = defaults.body.body_bytes_max.max(settings.audit_body_max).max(settings.logs_body_max);
    GatewaySettings { logs_durability, body: BodyLimits { body_bytes_max, ..defaults.body }, ..defaults }
}

fn store_settings(settings: &Settings) -> Result<whodunit_store::Settings, SettingError> {
    let defaults = whodunit_store::Settings::new(&settings.data);
    let mut maintain = defaults.maintain.clone();
    maintain.segment_attributes_max = settings.segment_attributes_max;
    maintain.tiers.warm_after = settings.warm_after;
    // The store always has an age; one that no row reaches is none.
    maintain.tiers.cold_after = settings.cold_after.unwrap_or(Duration::MAX);
    maintain.guard.disk_free_min = settings.disk_free_min;
    maintain.guard.when_full = match settings.disk_full {
        WhenFull::Refuse => DiskFull::Refuse,
        WhenFull::Evict => DiskFull::EvictTelemetry,
    };
    Ok(whodunit_store::Settings {
        objects: settings.objects_in()?,
        cold: settings.cold_in()?,
        flush_bytes: settings.flush_bytes,
        flush_interval: settings.flush_interval,
        buffered_sync_interval: settings.buffered_sync_interval,
        intent_timeout: settings.intent_timeout,
        maintain,
        ..defaults
    })
}
