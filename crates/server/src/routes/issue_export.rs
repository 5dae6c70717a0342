//! Every issue of a list's filter as a file: which ones they are is found out first, what each says piece by piece.

use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, BooleanArray, RecordBatch, StringArray, UInt64Array};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use futures::FutureExt;
use whodunit_api::issues::IssueSummary;
use whodunit_api::query::Searched;
use whodunit_issues::fingerprint::IssueId;
use whodunit_model::table::SHOWN_AS;
use whodunit_query::format::SHOWN_AS_JSON;
use whodunit_query::issues::IssueOrder;
use whodunit_query::{Error, IssueScope, ListRequest, Visibility};

use super::export::{OF_PAGES, Pieces, file, format, moment};
use super::issues::{asked, order};
use super::read::of_question;
use crate::call::{Answer, Call, ProjectChoice};
use crate::desk::Desk;
use crate::failure::Failure;
use crate::recording::{Purpose, Reading};

/// Issues of one piece.
const PIECE_ISSUES: usize = 500;

/// What a column holds.
#[derive(Clone, Copy)]
enum Cell {
    Text(fn(&IssueSummary) -> Option<&str>),
    Flag(fn(&IssueSummary) -> bool),
    Number(fn(&IssueSummary) -> u64),
    Texts(fn(&IssueSummary) -> &[String]),
}

/// The columns by the names that the list has; those of the state have `state_` before them.
const COLUMNS: &[(&str, Cell)] = &[
    ("id", Cell::Text(|issue| Some(&issue.id))),
    ("title", Cell::Text(|issue| Some(&issue.title))),
    ("type", Cell::Text(|issue| issue.kind.as_deref())),
    ("culprit", Cell::Text(|issue| issue.culprit.as_deref())),
    ("level", Cell::Text(|issue| issue.level.as_deref())),
    ("platform", Cell::Text(|issue| issue.platform.as_deref())),
    ("state", Cell::Text(|issue| Some(&issue.state.name))),
    ("state_since", Cell::Text(|issue| issue.state.since.as_deref())),
    ("state_terms", Cell::Text(|issue| issue.state.terms.as_deref())),
    ("state_release", Cell::Text(|issue| issue.state.release.as_deref())),
    ("assignee", Cell::Text(|issue| issue.assignee.as_ref().map(|user| user.email.as_str()))),
    ("new", Cell::Flag(|issue| issue.new)),
    ("events", Cell::Number(|issue| issue.events)),
    ("users", Cell::Number(|issue| issue.users)),
    ("first_seen", Cell::Text(|issue| Some(&issue.first_seen))),
    ("last_seen", Cell::Text(|issue| Some(&issue.last_seen))),
    ("begun_at", Cell::Text(|issue| Some(&issue.begun_at))),
    ("first_release", Cell::Text(|issue| issue.first_release.as_deref())),
    ("releases", Cell::Texts(|issue| &issue.releases)),
    ("environments", Cell::Texts(|issue| &issue.environments)),
    ("merged", Cell::Texts(|issue| &issue.merged)),
];

static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let field = |(name, cell): &(&str, Cell)| match cell {
        Cell::Text(_) => Field::new(*name, DataType::Utf8, true),
        Cell::Flag(_) => Field::new(*name, DataType::Boolean, false),
        Cell::Number(_) => Field::new(*name, DataType::UInt64, false),
        Cell::Texts(_) => {
            let shown = [(SHOWN_AS.to_owned(), SHOWN_AS_JSON.to_owned())];
            Field::new(*name, DataType::Utf8, false).with_metadata(shown.into())
        }
    };
    Arc::new(Schema::new(COLUMNS.iter().map(field).collect::<Vec<_>>()))
});

pub fn issues(call: Call) -> Answer {
    async move {
        let format = format(&call)?;
        let mut parameters = of_question(&call);
        parameters.retain(|(name, _)| name != "formulas");
        if let Some((name, _)) = parameters.iter().find(|(name, _)| OF_PAGES.contains(&name.as_str())) {
            let message = format!("an export has no {name}: it is every issue of the filter");
            return Err(Failure::invalid(message).field(name));
        }
        let order = order(&mut parameters)?;
        let desk = Desk::of(&call).await?;
        let mut request = asked(&call, &desk, parameters).await?;
        let visibility = call.visibility(ProjectChoice::Named);
        let reading = Reading {
            operation: "export_issues",
            project: &call.project,
            parameters: &call.parameters,
            question: None,
            target: None,
        };
        call.recorder.begin(&call.caller, reading, Purpose::Export).await?;
        let ids = call.app.engine.issue_ids(&mut request, order, &visibility).await?;
        let project = if call.project_choice == ProjectChoice::All { "all" } else { call.project.as_str() };
        let name = format!("whodunit-issues-{project}-{}.{}", moment(call.app.world.now()), format.extension());
        let call = Arc::new(call);
        let pieces = IssuePieces { call: call.clone(), desk, request, order, visibility, ids, at: 0 };
        Ok(file(&call, pieces, format, &name))
    }
    .boxed()
}

/// The issues of an export, in the order of the list.
struct IssuePieces {
    call: Arc<Call>,
    desk: Desk,
    request: ListRequest,
    order: IssueOrder,
    visibility: Visibility,
    ids: Vec<IssueId>,
    at: usize,
}

impl Pieces for IssuePieces {
    fn schema(&self) -> &SchemaRef {
        &SCHEMA
    }

    async fn next(&mut self) -> Result<Option<Vec<RecordBatch>>, Error> {
        let end = (self.at + PIECE_ISSUES).min(self.ids.len());
        let ids = &self.ids[self.at..end];
        if ids.is_empty() {
            return Ok(None);
        }
        let all = self.request.issues.as_deref().cloned().unwrap_or_default();
        let only = Some(ids.iter().flat_map(|id| all.with_merged(*id)).collect());
        let scope = Arc::new(IssueScope { only, ..all });
        let request = ListRequest { issues: Some(scope), limit: PIECE_ISSUES, ..self.request.clone() };
        let mut found = self.call.app.engine.issues(request, self.order, &self.visibility).await?.issues;
        // Events that came meanwhile change counts, and not the order that was found out first.
        found.sort_by_key(|issue| IssueId::parse(&issue.id).and_then(|id| ids.iter().position(|one| *one == id)));
        let completed = self.desk.complete(&self.call, &mut found).await;
        completed.map_err(|failure| Error::new(failure.kind, failure.message()))?;
        self.at = end;
        Ok(Some(vec![batch(&found)?]))
    }

    fn searched(&self) -> Option<Searched> {
        None
    }
}

fn batch(issues: &[IssueSummary]) -> Result<RecordBatch, Error> {
    let column = |(_, cell): &(&str, Cell)| -> ArrayRef {
        match cell {
            Cell::Text(of) => Arc::new(issues.iter().map(of).collect::<StringArray>()),
            Cell::Flag(of) => Arc::new(issues.iter().map(|issue| Some(of(issue))).collect::<BooleanArray>()),
            Cell::Number(of) => Arc::new(issues.iter().map(of).collect::<UInt64Array>()),
            Cell::Texts(of) => {
                let json = |issue| Some(serde_json::to_string(of(issue)).expect("texts are JSON"));
                Arc::new(issues.iter().map(json).collect::<StringArray>())
            }
        }
    };
    RecordBatch::try_new(SCHEMA.clone(), COLUMNS.iter().map(column).collect())
        .map_err(|_| Error::internal("issues do not fit the columns of their export"))
}
