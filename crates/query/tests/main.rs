//! The query room from outside: a store with known rows, questions, and what must come back.

mod data;
mod shop;

mod cases;
mod error_tags;
mod events;
mod explorers;
mod found;
mod issue_news;
mod absent;
mod list;
mod overflow;
mod questions;
mod limits;
mod newest;
mod rollup;
mod sources;
mod steps;
mod tail;
mod timeline;
mod tokens;
mod visibility;
