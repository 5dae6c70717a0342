//! The control plane at its face, every case on SQLite and on a real PostgreSQL 15 that the tests start themselves.
//!
//! Modules, top to bottom: each imports only those below it.

#![allow(clippy::disallowed_methods, reason = "the tests stand outside the world that they hand in")]

mod cluster;
mod copy;
mod trail;
mod initial;
mod set_up;
mod sign_in;
mod users;
mod key_proof;
mod keys;
mod projects;
mod settings;
mod cases;
mod issue_following;
mod issues;
mod saved_views;
mod sources;
mod schema;
mod house;
mod postgres;

/// Runs each `async fn(House)` of a module once per kind of database.
macro_rules! on_both {
    ($($case:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(crate::house::House::on_sqlite().await).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(crate::house::House::on_postgres().await).await;
            })+
        }
    };
}
pub(crate) use on_both;
