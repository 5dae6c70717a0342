//! A control plane with everything under it, for one test.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::TimestampNanosecondType;
use arrow::util::display::array_value_to_string;
use tempfile::TempDir;
use whodunit_control::{Control, NewUser, SignedIn, User};
use whodunit_model::{Caller, Principal, Project, Role, Table};
use whodunit_stdx::{Limit, ManualClock, Timestamp, World};
use whodunit_store::{Settings, Store, Upkeep};

use crate::postgres;

pub const START: Timestamp = Timestamp(1_700_000_000_000_000_000);
pub const PASSWORD: &str = "correct horse battery staple";

pub struct House {
    pub control: Control,
    pub store: Store,
    pub world: World,
    pub clock: Arc<ManualClock>,
    pub place: String,
    directory: Arc<TempDir>,
}

/// One row of the trail: the columns that have a value, as text.
pub type Row = BTreeMap<String, String>;

impl House {
    pub async fn on_sqlite() -> House {
        let directory = Arc::new(tempfile::tempdir().expect("a temporary directory"));
        let place = directory.path().join("control.sqlite").to_str().expect("is UTF-8").to_owned();
        House::build(place, directory, World::seeded(seed(), START)).await
    }

    pub async fn on_postgres() -> House {
        let directory = Arc::new(tempfile::tempdir().expect("a temporary directory"));
        House::build(postgres::new_database().await, directory, World::seeded(seed(), START)).await
    }

    pub async fn on_postgres_over_tls() -> House {
        let directory = Arc::new(tempfile::tempdir().expect("a temporary directory"));
        House::build(postgres::new_database_over_tls().await, directory, World::seeded(seed(), START)).await
    }

    async fn build(place: String, directory: Arc<TempDir>, (world, clock): (World, Arc<ManualClock>)) -> House {
        let data = tempfile::tempdir_in(directory.path()).expect("a temporary directory").keep();
        let settings = Settings { upkeep: Upkeep::Manual, ..Settings::new(data) };
        let store = Store::open(settings, world.clone(), Limit::new("test", 256 << 20)).await.expect("the store opens");
        let control = Control::open(&place, store.clone(), world.clone()).await.expect("the control plane opens");
        House { control, store, world, clock, place, directory }
    }

    /// Another process on the same control database, with a store of its own and the same clock.
    pub async fn second_node(&self) -> House {
        let (world, clock) = World::seeded(seed(), self.world.now());
        House::build(self.place.clone(), self.directory.clone(), (world, clock)).await
    }

    /// The same again after a restart of the process, as far as the control database is concerned.
    pub async fn reopened(&self) -> Control {
        Control::open(&self.place, self.store.clone(), self.world.clone()).await.expect("opens again")
    }

    /// Makes a user with [`PASSWORD`].
    pub async fn user(&self, email: &str, role: Role) -> User {
        let new =
            NewUser { email: email.into(), name: String::new(), role, password: Some(PASSWORD.into()), reason: None };
        self.control.create_user(&Caller::system("test"), new).await.expect("the user is made").user
    }

    /// Makes a user and asks as them.
    pub async fn caller(&self, email: &str, role: Role) -> Caller {
        as_user(&self.user(email, role).await)
    }

    pub async fn signed_in(&self, email: &str) -> SignedIn {
        self.control.sign_in(email, PASSWORD, &from("192.0.2.7")).await.expect("signs in")
    }

    /// Everything in Whodunit's own trail, oldest first.
    pub fn trail(&self) -> Vec<Row> {
        let buffered = self.store.snapshot().buffered(Table::AuditLogs);
        let mut rows: Vec<Row> = Vec::new();
        for (project, batch) in &buffered {
            assert_eq!(*project, Project::whodunit());
            rows.extend((0..batch.num_rows()).map(|index| row(batch, index)));
        }
        rows.sort_by_key(|row| row.get("seq").and_then(|seq| seq.parse::<i64>().ok()));
        rows
    }

    /// The rows of one action.
    pub fn trail_of(&self, action: &str) -> Vec<Row> {
        self.trail().into_iter().filter(|row| row["action"] == action).collect()
    }
}

pub fn as_user(user: &User) -> Caller {
    let (id, email, name, role) = (user.id.clone(), user.email.clone(), user.name.clone(), user.role);
    Caller { ip: Some("192.0.2.1".into()), ..Caller::new(Principal::User { id, email, name, role }) }
}

pub fn from(ip: &str) -> Caller {
    Caller { ip: Some(ip.into()), user_agent: Some("test/1".into()), ..Caller::new(Principal::Anonymous) }
}

/// Nodes on one database must not make the same ids.
fn seed() -> u64 {
    static SEED: AtomicU64 = AtomicU64::new(1);
    SEED.fetch_add(1, Ordering::Relaxed)
}

fn row(batch: &RecordBatch, index: usize) -> Row {
    let schema = batch.schema();
    let present = schema.fields().iter().zip(batch.columns()).filter(|(_, column)| column.is_valid(index));
    present.map(|(field, column)| (field.name().clone(), text(column, index))).collect()
}

fn text(column: &ArrayRef, index: usize) -> String {
    match column.as_primitive_opt::<TimestampNanosecondType>() {
        Some(times) => times.value(index).to_string(),
        None => array_value_to_string(column, index).expect("shows"),
    }
}
