//! Functions that SQL has here beyond DataFusion's, each in a file.
//!
//! | function | what it does |
//! |---|---|
//! | `match(text, 'words')` | all words occur in the text; uses the token index |
//! | `approx_percentile_cont(value, p)` | percentile from log buckets, at most 0.4 % off |
//!
//! `__attribute_*`, `__event`, `__tag` and `__shown` are made by the planner and not for people.

mod tag;
mod attribute;
mod event;
mod percentile;
mod shown;
mod words;

use std::sync::Arc;

use datafusion::logical_expr::{AggregateUDF, ScalarUDF};

pub use attribute::{attribute_function, complete};
pub use event::{event_function, whole_events};
pub use shown::{Form, shown};
pub use tag::tag;
pub use words::{MATCH, match_words};

/// The scalar functions to register.
pub fn scalars() -> Vec<Arc<ScalarUDF>> {
    vec![match_words()]
}

/// The aggregate functions to register; they replace DataFusion's of the same name.
pub fn aggregates() -> Vec<Arc<AggregateUDF>> {
    vec![Arc::new(AggregateUDF::from(percentile::ApproxPercentile::new()))]
}
