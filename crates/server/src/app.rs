//! Everything that handlers reach: the rooms below, the settings, and what is prepared once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use whodunit_api::health::SystemHealth;
use whodunit_control::Control;
use whodunit_ingest::Gateway;
use whodunit_model::Sources;
use whodunit_query::Engine;
use whodunit_stdx::{Instant, Limit, Tasks, World};
use whodunit_store::Store;

use crate::artifacts::Artifacts;
use crate::backups::Backups;
use crate::checkup::Checkup;
use crate::gate::Gates;
use crate::imports::Imports;
use crate::monitors::Monitors;
use crate::pages::Pages;
use crate::rates::Rates;
use crate::refusals::Refusals;
use crate::settings::Settings;
use crate::tls::Tls;
use crate::traffic::Traffic;
use crate::watching::Watching;

/// One running server.
pub struct App {
    pub settings: Settings,
    pub world: World,
    pub memory: Limit,
    pub store: Store,
    pub control: Control,
    pub gateway: Gateway,
    pub engine: Engine,
    /// Work that outlives its request: completions of trail entries.
    pub tasks: Tasks,
    /// Stopped first when the server stops: live tails end, so that their connections can.
    pub tails: Tasks,
    pub gates: Gates,
    pub refusals: Refusals,
    pub watching: Watching,
    pub backups: Backups,
    pub imports: Imports,
    /// Source maps and releases.
    pub artifacts: Arc<Artifacts>,
    /// Scheduled jobs, as their check-ins tell.
    pub monitors: Monitors,
    /// Who was heard from; counted by the gateway.
    pub sources: Sources,
    pub traffic: Traffic,
    /// What the ways in have counted, at a few moments.
    pub rates: Rates,
    /// When each check was last good.
    pub checkup: Checkup,
    /// The last answer of `/api/system/health` and when it was found out; held while a new one is.
    pub system_health: tokio::sync::Mutex<Option<(Instant, SystemHealth)>>,
    pub pages: Pages,
    /// While a certificate is set.
    pub tls: Option<Tls>,
    /// The OpenAPI document as it is served.
    pub openapi: Bytes,
    pub started: Instant,
    pub stopping: AtomicBool,
}

impl App {
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    pub fn begin_to_stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }
}
