//! Kinds of items as Sentry's clients count them: what a limit is about, and what an answer tells them to hold back.

/// A category of Sentry's protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    Error,
    Security,
    Transaction,
    Span,
    Attachment,
    Session,
    Monitor,
    Feedback,
    LogItem,
    Replay,
    Profile,
    TraceMetric,
}

impl Category {
    pub const ALL: [Category; 12] = [
        Category::Error,
        Category::Security,
        Category::Transaction,
        Category::Span,
        Category::Attachment,
        Category::Session,
        Category::Monitor,
        Category::Feedback,
        Category::LogItem,
        Category::Replay,
        Category::Profile,
        Category::TraceMetric,
    ];

    /// The word in settings, in `X-Sentry-Rate-Limits` and in what is counted.
    pub fn name(self) -> &'static str {
        match self {
            Category::Error => "error",
            Category::Security => "security",
            Category::Transaction => "transaction",
            Category::Span => "span",
            Category::Attachment => "attachment",
            Category::Session => "session",
            Category::Monitor => "monitor",
            Category::Feedback => "feedback",
            Category::LogItem => "log_item",
            Category::Replay => "replay",
            Category::Profile => "profile",
            Category::TraceMetric => "trace_metric",
        }
    }

    pub fn parse(name: &str) -> Option<Category> {
        Category::ALL.into_iter().find(|one| one.name() == name)
    }

    /// The category of an item of this type. Reports of clients and what is unknown have none, and so no limit.
    pub fn of_item(kind: &str) -> Option<Category> {
        Some(match kind {
            "event" => Category::Error,
            "security" | "raw_security" | "nel" => Category::Security,
            "transaction" => Category::Transaction,
            "span" => Category::Span,
            "attachment" => Category::Attachment,
            "session" | "sessions" => Category::Session,
            "check_in" => Category::Monitor,
            "feedback" | "user_report" => Category::Feedback,
            "log" => Category::LogItem,
            "replay_event" | "replay_recording" | "replay_video" => Category::Replay,
            "profile" | "profile_chunk" => Category::Profile,
            "trace_metric" => Category::TraceMetric,
            _ => return None,
        })
    }

    /// Whether one item is a list, whose rows are counted.
    pub fn is_counted_by_rows(self) -> bool {
        matches!(self, Category::LogItem | Category::Span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_is_found_by_its_word() {
        for category in Category::ALL {
            assert_eq!(Category::parse(category.name()), Some(category));
        }
        assert_eq!(Category::parse("errors"), None);
        assert_eq!((Category::of_item("nel"), Category::of_item("client_report")), (Some(Category::Security), None));
    }
}
