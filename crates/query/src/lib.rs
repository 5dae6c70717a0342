//! Questions over the store: plain words, SQL, lists, the timeline, the live tail. DataFusion lives here and nowhere else.
//!
//! The way of a question: text → plan → snapshot → visibility and pruning in the scan → rows as they come. Whatever
//! the way in, rows that a caller may not see are never opened.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod ask;
pub mod activity;
pub mod tail;
pub mod found;
pub mod timeline;
pub mod export;
pub mod fields;
pub mod blame;
pub mod error_tags;
pub mod issue_statistics;
pub mod issues;
pub mod issue_news;
pub mod list;
mod visible;
pub mod cursor;
pub mod postgres;
pub mod engine;
mod searched;
pub mod catalog;
pub mod sources;
pub mod rollup;
pub mod newest;
mod cooperate;
pub mod table;
pub mod issue_scope;
pub mod filter;
pub mod names;
mod pg_functions;
mod pg_catalog;
pub mod pg_types;
pub mod views;
pub mod analyzer;
pub mod functions;
pub mod statement;
pub mod format;
pub mod rows;
pub mod pool;
pub mod visibility;
pub mod error;
pub mod time;

pub use engine::{Engine, QuerySettings, SqlRequest};
pub use error::Error;
pub use issue_scope::IssueScope;
pub use list::ListRequest;
pub use rows::{Limits, Rows};
pub use tail::Tail;
pub use timeline::TimelineRequest;
pub use visibility::Visibility;
