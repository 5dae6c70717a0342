//! Reports that browsers send by themselves: content security policy, certificates, network errors.

use super::read::{Fields, Text};

/// What a browser reports about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportKind {
    /// Content security policy.
    Csp,
    /// Certificate transparency.
    ExpectCt,
    /// OCSP stapling.
    ExpectStaple,
    /// Public key pinning.
    Hpkp,
    /// Network error logging.
    Nel,
}

impl ReportKind {
    pub fn name(self) -> &'static str {
        match self {
            ReportKind::Csp => "csp",
            ReportKind::ExpectCt => "expect-ct",
            ReportKind::ExpectStaple => "expect-staple",
            ReportKind::Hpkp => "hpkp",
            ReportKind::Nel => "nel",
        }
    }
}

/// One report. Fields that a kind does not have are `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct Report<'a> {
    pub kind: ReportKind,
    /// The directive that was violated, or the kind of network error.
    pub directive: Option<Text<'a>>,
    /// What was blocked: an address, or a word such as `inline`.
    pub blocked: Option<Text<'a>>,
    /// The page on which it happened.
    pub document: Option<Text<'a>>,
    pub hostname: Option<Text<'a>>,
}

/// Reads the first report in the event, in the protocol's own form or as the browser sent it.
pub(super) fn report<'a>(event: &Fields<'a, '_>) -> Option<Report<'a>> {
    let keys = [
        ("csp", ReportKind::Csp),
        ("csp-report", ReportKind::Csp),
        ("expectct", ReportKind::ExpectCt),
        ("expect-ct-report", ReportKind::ExpectCt),
        ("expectstaple", ReportKind::ExpectStaple),
        ("expect-staple-report", ReportKind::ExpectStaple),
        ("hpkp", ReportKind::Hpkp),
        ("nel", ReportKind::Nel),
    ];
    keys.into_iter().find_map(|(key, kind)| event.object(key, |fields| read(&fields, kind)))
}

fn read<'a>(fields: &Fields<'a, '_>, kind: ReportKind) -> Report<'a> {
    let first = |keys: &[&str]| keys.iter().find_map(|key| fields.text(key)).filter(|text| !text.trim().is_empty());
    Report {
        kind,
        directive: match kind {
            ReportKind::Nel => first(&["error_type", "type"]),
            _ => first(&["effective_directive", "effective-directive", "violated_directive", "violated-directive"]),
        },
        blocked: first(&["blocked_uri", "blocked-uri"]),
        document: first(&["document_uri", "document-uri", "url"]),
        hostname: first(&["hostname"]),
    }
}
