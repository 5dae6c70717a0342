//! Issues: error events of the same problem, as they are found in a range of time.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::query::Statistics;

/// `GET /api/v1/issues`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IssuesAnswer {
    /// In the order that was asked for.
    pub issues: Vec<IssueSummary>,
    /// There are more issues than `limit`.
    pub more: bool,
    /// The range that everything here is counted in, RFC 3339; `to` is not in it.
    pub from: String,
    pub to: String,
    /// Width of the buckets of each issue; the first begins at or before `from`.
    pub bucket_seconds: u64,
    pub statistics: Statistics,
}

/// One issue, as far as its events of the range tell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IssueSummary {
    pub id: String,
    /// Of the newest event, as are type, culprit, level and platform.
    pub title: String,
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub culprit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    pub state: IssueState,
    /// Who is to look after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<IssueAssignee>,
    /// Of the whole issue, whatever the range: when its first event happened, and the first release that events named.
    pub begun_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_release: Option<String>,
    /// It began within the last 24 hours.
    pub new: bool,
    /// Issues that were merged into it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<String>,
    /// Counts each change of the issue on; 0 while nobody has acted on it.
    pub version: i64,
    /// Of the first event of the range; there may be older ones before it.
    pub first_seen: String,
    pub last_seen: String,
    pub events: u64,
    /// Different users: by id, else e-mail address, else IP address.
    pub users: u64,
    /// Those that events name, in alphabetical order.
    pub releases: Vec<String>,
    pub environments: Vec<String>,
    /// Events of each bucket of the range, the empty ones included.
    pub buckets: Vec<u64>,
}

/// What people, and time, made of an issue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IssueState {
    /// `unresolved`, `resolved`, `ignored` or `regressed`.
    pub name: String,
    /// Since when; an issue that nobody acted on has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Resolved: `now`, `in_release` or `next_release`. Ignored: `forever`, `time`, `events` or `users`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<String>,
    /// Resolved: the release that the terms speak of. Regressed: the release of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// Ignored: the time at which it comes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Ignored: the number of events or users after which it comes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Likewise, how many there were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<u64>,
}

/// A user of Whodunit to whom issues may be assigned.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IssueAssignee {
    pub id: String,
    pub email: String,
    pub name: String,
}

/// `GET /api/v1/issues/assignees`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IssueAssigneeList {
    /// By e-mail address.
    pub users: Vec<IssueAssignee>,
}

/// A state to be set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetIssueState {
    /// `unresolved`, `resolved` or `ignored`.
    pub name: String,
    /// As in the state; `now` or `forever` if left out.
    #[serde(default)]
    pub terms: Option<String>,
    /// With `in_release`; the newest one that is known if left out.
    #[serde(default)]
    pub release: Option<String>,
    /// With `time`: RFC 3339.
    #[serde(default)]
    pub until: Option<String>,
    /// With `events` or `users`.
    #[serde(default)]
    pub count: Option<u64>,
}

/// `PATCH /api/v1/issues/{id}`; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateIssueRequest {
    #[serde(default)]
    pub state: Option<SetIssueState>,
    /// The id or e-mail address of a user; empty for nobody.
    #[serde(default)]
    pub assignee: Option<String>,
    /// Refuse unless this version is the present one.
    #[serde(default)]
    pub version: Option<i64>,
    #[serde(default)]
    pub reason: Option<String>,
}

/// `POST /api/v1/issues/change`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeIssuesRequest {
    pub ids: Vec<String>,
    #[serde(default)]
    pub state: Option<SetIssueState>,
    /// As for a single issue.
    #[serde(default)]
    pub assignee: Option<String>,
    #[serde(default)]
    pub reason: Option<String>,
}

/// `POST /api/v1/issues/merge`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergeIssuesRequest {
    pub ids: Vec<String>,
    pub into: String,
    #[serde(default)]
    pub reason: Option<String>,
}

/// `POST /api/v1/issues/unmerge` and `POST /api/v1/issues/delete`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssueIdsRequest {
    pub ids: Vec<String>,
    #[serde(default)]
    pub reason: Option<String>,
}

/// `POST /api/v1/issues/undo`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UndoIssuesRequest {
    /// The change, as its answer and the history name it.
    pub change: String,
    #[serde(default)]
    pub reason: Option<String>,
}

/// What came of a change of issues.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChangedIssuesAnswer {
    /// Names the change, to take it back; absent if everything was so already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<String>,
    /// The issues that it touched, as they are now.
    pub issues: Vec<IssueView>,
}

/// An issue without its events.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IssueView {
    pub id: String,
    pub project: String,
    pub version: i64,
    pub state: IssueState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<IssueAssignee>,
    /// The issue that its events count for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<String>,
    /// Events received until then are hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<String>,
    pub updated_at: String,
    pub updated_by: String,
}

/// `GET /api/v1/issues/{id}/history`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IssueHistory {
    /// Newest first.
    pub changes: Vec<IssueChangeView>,
}

/// One change of an issue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IssueChangeView {
    /// To take it back; shared by all issues that one act changed.
    pub change: String,
    /// The issue, or one that was merged into it.
    pub issue: String,
    /// That it made.
    pub version: i64,
    /// The word of the trail.
    pub action: String,
    pub before: IssueStandingView,
    pub after: IssueStandingView,
    pub changed_at: String,
    pub changed_by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The change that this one took back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<String>,
}

/// How an issue stood.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IssueStandingView {
    pub state: IssueState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<IssueAssignee>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<String>,
}

/// `GET /api/v1/issues/{id}/comments`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IssueCommentList {
    /// Oldest first.
    pub comments: Vec<IssueCommentView>,
}

/// What somebody said about an issue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IssueCommentView {
    pub id: String,
    pub body: String,
    pub added_at: String,
    pub added_by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<String>,
}

/// `POST /api/v1/issues/{id}/comments`, and a change of one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssueCommentRequest {
    pub body: String,
}

/// `GET /api/v1/issues/{id}/similar`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SimilarIssuesAnswer {
    /// The most alike first.
    pub issues: Vec<SimilarIssue>,
    /// Issues that were compared: of those with the same type or culprit the newest ones.
    pub compared: u64,
    /// The range that everything here is counted in, RFC 3339; `to` is not in it.
    pub from: String,
    pub to: String,
}

/// An issue like another one, and why. The newest events of both are compared.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SimilarIssue {
    pub issue: IssueSummary,
    pub same_type: bool,
    pub same_culprit: bool,
    /// Frames of the application that both stacks have.
    pub shared_frames: u64,
    /// Different frames of the application in both stacks together.
    pub frames: u64,
}

/// `GET /api/v1/issues/statistics`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IssueStatisticsAnswer {
    /// The range that everything here is counted in, RFC 3339; `to` is not in it.
    pub from: String,
    pub to: String,
    /// Width of the buckets; the first begins at or before `from`.
    pub bucket_seconds: u64,
    pub events: u64,
    /// Different ones: by id, else e-mail address, else IP address.
    pub users: u64,
    pub issues: u64,
    /// By `level`, `type`, `release`, `environment` and `page`.
    pub series: Vec<IssueSeries>,
    /// Who had the most errors.
    pub top_users: Vec<AffectedUser>,
    pub statistics: Statistics,
}

/// Errors over time, by one thing that they say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IssueSeries {
    pub by: String,
    /// The ten most frequent values, and the others together.
    pub values: Vec<IssueSeriesValue>,
}

/// One value of a series.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IssueSeriesValue {
    /// Absent for errors that do not say, and for the others together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// These are all other values together.
    pub others: bool,
    pub events: u64,
    /// Events of each bucket of the range, the empty ones included.
    pub buckets: Vec<u64>,
}

/// Somebody who had errors.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AffectedUser {
    /// The id, else the e-mail address, else the IP address.
    pub user: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub events: u64,
    pub issues: u64,
    pub last_seen: String,
}

/// `GET /api/v1/issues/{id}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IssueAnswer {
    pub issue: IssueSummary,
    pub from: String,
    pub to: String,
    pub bucket_seconds: u64,
    /// The newest event of the range, with every column that has a value.
    pub latest: Map<String, Value>,
    /// Of the newest events, see `tagged_events`; most frequent first.
    pub tags: Vec<TagValues>,
    /// How many events the tags were counted of: the newest 10,000 of the range at most.
    pub tagged_events: u64,
    pub grouping: GroupingExplained,
    pub statistics: Statistics,
}

/// `GET /api/v1/errors/tags`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ErrorTagsAnswer {
    /// Most frequent first.
    pub tags: Vec<TagValues>,
    /// Events whose tags were counted.
    pub events: u64,
    /// There are more events than were counted: the newest.
    pub sampled: bool,
    pub statistics: Statistics,
}

/// `GET /api/v1/issues/{id}/feedback`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IssueFeedbackAnswer {
    /// Newest first, with every column that has a value.
    pub feedback: Vec<Map<String, Value>>,
    /// There is more than is told.
    pub more: bool,
}

/// The values of one tag.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TagValues {
    pub name: String,
    /// Events that have the tag.
    pub events: u64,
    /// The ten most frequent ones.
    pub values: Vec<TagValue>,
}

/// One value of a tag.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TagValue {
    pub value: String,
    pub events: u64,
}

/// Why the newest event is in this issue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GroupingExplained {
    /// The version of grouping: `v1`.
    pub algorithm: String,
    /// 64 hexadecimal digits.
    pub fingerprint: String,
    /// A sentence, then one line per part; `+` counts, `-` does not and says why.
    pub explanation: String,
}
