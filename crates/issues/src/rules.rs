//! A project's own rules: which frames are the application's, and which events belong together.
//!
//! One rule a line; `#` starts a comment. A rule is a list of matchers, which must all fit, and what follows:
//!
//! ```text
//! path:**/generated/**                 -app
//! module:com.example.**                +app
//! function:retry_* path:shop/**        -app
//! type:TimeoutError tags.zone:eu-*     -> timeout, {{ tags.zone }}
//! ! logger:payments message:"declined *"  -> {{ default }}, declined
//! ```
//!
//! Patterns are globs ([`crate::glob`]); `!` before a matcher turns it round. Of the rules for frames the last that
//! fits decides, of the rules for fingerprints the first. The words that Sentry's rules use (`stack.function`,
//! `error.type`, …) are understood as well.

use crate::event::{Event, Frame};
use crate::glob::{Glob, GlobError, Of};

/// Rules of one project.
pub const RULES_MAX: usize = 500;
/// Matchers of one rule.
pub const MATCHERS_MAX: usize = 16;

/// All rules of a project. The default has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    in_app: Vec<InAppRule>,
    fingerprints: Vec<FingerprintRule>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct InAppRule {
    matchers: Vec<Matcher>,
    in_app: bool,
    text: String,
}

/// Events that fit get this fingerprint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FingerprintRule {
    matchers: Vec<Matcher>,
    /// What stands behind the arrow; may hold `{{ default }}` and other variables.
    pub parts: Vec<String>,
    /// The rule as it was written.
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Matcher {
    subject: Subject,
    negated: bool,
    pattern: Glob,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Subject {
    Path,
    Function,
    Module,
    Package,
    Platform,
    Type,
    Value,
    Message,
    Logger,
    Level,
    Release,
    Environment,
    Transaction,
    ServerName,
    Tag(String),
}

/// A line of the rules cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("line {line}: {problem}")]
pub struct RulesError {
    pub line: usize,
    pub problem: RuleProblem,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum RuleProblem {
    #[error("more than {RULES_MAX} rules")]
    TooMany,
    #[error("more than {MATCHERS_MAX} matchers")]
    TooManyMatchers,
    #[error("a rule ends in +app, -app or -> and a fingerprint")]
    NoAction,
    #[error("a rule starts with what it looks at, such as path:app/**")]
    NoMatcher,
    #[error("{0:?} is no matcher: write name:pattern")]
    NotAMatcher(String),
    #[error("{0:?} is nothing that a rule can look at")]
    UnknownSubject(String),
    #[error("{0} is of the event: rules for frames look at path, function, module, package and platform")]
    NotOfAFrame(String),
    #[error("the quote is not closed")]
    OpenQuote,
    #[error("a fingerprint has at least one part")]
    NoParts,
    #[error("pattern")]
    Pattern(#[from] GlobError),
}

impl Rules {
    /// Reads rules, one a line; the first line that is wrong is the error.
    pub fn parse(text: &str) -> Result<Rules, RulesError> {
        let mut rules = Rules::default();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            rules.add(line).map_err(|problem| RulesError { line: index + 1, problem })?;
        }
        Ok(rules)
    }

    fn add(&mut self, line: &str) -> Result<(), RuleProblem> {
        if self.in_app.len() + self.fingerprints.len() == RULES_MAX {
            return Err(RuleProblem::TooMany);
        }
        if let Some((matchers, parts)) = line.split_once("->") {
            let parts: Vec<String> = split_parts(parts)?;
            let matchers = matchers_of(&words(matchers)?)?;
            self.fingerprints.push(FingerprintRule { matchers, parts, text: line.to_owned() });
            return Ok(());
        }
        let words = words(line)?;
        let (action, matchers) = words.split_last().ok_or(RuleProblem::NoAction)?;
        let in_app = match action.as_str() {
            "+app" => true,
            "-app" => false,
            _ => return Err(RuleProblem::NoAction),
        };
        let matchers = matchers_of(matchers)?;
        if let Some(matcher) = matchers.iter().find(|matcher| !matcher.subject.is_of_frame()) {
            return Err(RuleProblem::NotOfAFrame(format!("{:?}", matcher.subject).to_lowercase()));
        }
        self.in_app.push(InAppRule { matchers, in_app, text: line.to_owned() });
        Ok(())
    }

    /// What the last rule that fits says about a frame, and that rule.
    pub fn in_app(&self, frame: &Frame<'_>, platform: &str) -> Option<(bool, &str)> {
        let fits = |rule: &&InAppRule| rule.matchers.iter().all(|matcher| matcher.fits_frame(frame, platform));
        self.in_app.iter().rev().find(fits).map(|rule| (rule.in_app, rule.text.as_str()))
    }

    /// The first rule for fingerprints that fits the event. Matchers of frames must all fit one frame.
    pub fn fingerprint(&self, event: &Event<'_>) -> Option<&FingerprintRule> {
        self.fingerprints.iter().find(|rule| {
            let (of_frame, of_event): (Vec<&Matcher>, Vec<&Matcher>) =
                rule.matchers.iter().partition(|matcher| matcher.subject.is_of_frame());
            of_event.iter().all(|matcher| matcher.fits_event(event))
                && (of_frame.is_empty() || any_frame(event, &of_frame))
        })
    }
}

fn any_frame(event: &Event<'_>, matchers: &[&Matcher]) -> bool {
    let platform = event.platform.as_deref().unwrap_or_default();
    let stacks = event.exceptions.iter().filter_map(|exception| exception.stack.as_ref());
    let stacks =
        stacks.chain(event.stack.as_ref()).chain(event.threads.iter().filter_map(|thread| thread.stack.as_ref()));
    stacks.flat_map(|stack| &stack.frames).any(|frame| matchers.iter().all(|one| one.fits_frame(frame, platform)))
}

impl Matcher {
    fn fits_frame(&self, frame: &Frame<'_>, platform: &str) -> bool {
        let fits = |text: Option<&str>| text.is_some_and(|text| self.pattern.matches(text));
        let found = match self.subject {
            Subject::Path => fits(frame.abs_path.as_deref()) || fits(frame.filename.as_deref()),
            Subject::Function => fits(frame.function.as_deref()) || fits(frame.raw_function.as_deref()),
            Subject::Module => fits(frame.module.as_deref()),
            Subject::Package => fits(frame.package.as_deref()),
            Subject::Platform => fits(frame.platform.as_deref().or(Some(platform))),
            _ => false,
        };
        found != self.negated
    }

    fn fits_event(&self, event: &Event<'_>) -> bool {
        let fits = |text: Option<&str>| text.is_some_and(|text| self.pattern.matches(text));
        let of_any_exception = |read: fn(&crate::event::Exception<'_>) -> Option<String>| {
            event.exceptions.iter().any(|exception| fits(read(exception).as_deref()))
        };
        let found = match &self.subject {
            Subject::Type => of_any_exception(|exception| exception.kind.as_deref().map(str::to_owned)),
            Subject::Value => of_any_exception(|exception| exception.value.as_deref().map(str::to_owned)),
            Subject::Message => {
                let value = event.thrown().and_then(|thrown| thrown.value.as_deref());
                fits(event.message.as_ref().map(|message| message.text())) || fits(value)
            }
            Subject::Logger => fits(event.logger.as_deref()),
            Subject::Level => fits(event.level.map(|level| level.name())),
            Subject::Release => fits(event.release.as_deref()),
            Subject::Environment => fits(event.environment.as_deref()),
            Subject::Transaction => fits(event.transaction.as_deref()),
            Subject::ServerName => fits(event.server_name.as_deref()),
            Subject::Tag(name) => fits(event.tag(name)),
            _ => false,
        };
        found != self.negated
    }
}

impl Subject {
    fn parse(name: &str) -> Option<Subject> {
        Some(match name {
            "path" | "stack.abs_path" | "stack.filename" => Subject::Path,
            "function" | "stack.function" => Subject::Function,
            "module" | "stack.module" => Subject::Module,
            "package" | "stack.package" => Subject::Package,
            "platform" | "family" => Subject::Platform,
            "type" | "error.type" => Subject::Type,
            "value" | "error.value" => Subject::Value,
            "message" => Subject::Message,
            "logger" => Subject::Logger,
            "level" => Subject::Level,
            "release" => Subject::Release,
            "environment" => Subject::Environment,
            "transaction" => Subject::Transaction,
            "server_name" => Subject::ServerName,
            _ => Subject::Tag(name.strip_prefix("tags.").filter(|tag| !tag.is_empty())?.to_owned()),
        })
    }

    fn is_of_frame(&self) -> bool {
        matches!(self, Subject::Path | Subject::Function | Subject::Module | Subject::Package | Subject::Platform)
    }
}

fn matchers_of(words: &[String]) -> Result<Vec<Matcher>, RuleProblem> {
    let mut matchers = Vec::new();
    let mut negated = false;
    for word in words {
        let (bang, word) = match word.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, word.as_str()),
        };
        negated |= bang;
        if word.is_empty() {
            continue;
        }
        let (name, pattern) = word.split_once(':').ok_or_else(|| RuleProblem::NotAMatcher(word.to_owned()))?;
        let subject = Subject::parse(name).ok_or_else(|| RuleProblem::UnknownSubject(name.to_owned()))?;
        let of = if subject.is_of_frame() { Of::Names } else { Of::Sentences };
        matchers.push(Matcher { subject, negated, pattern: Glob::parse(pattern, of)? });
        negated = false;
    }
    match matchers.len() {
        0 => Err(RuleProblem::NoMatcher),
        count if count > MATCHERS_MAX => Err(RuleProblem::TooManyMatchers),
        _ => Ok(matchers),
    }
}

/// Words between spaces; quotes keep spaces together and are taken off.
fn words(text: &str) -> Result<Vec<String>, RuleProblem> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for character in text.chars() {
        match character {
            '"' => quoted = !quoted,
            space if space.is_whitespace() && !quoted => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            other => word.push(other),
        }
    }
    if quoted {
        return Err(RuleProblem::OpenQuote);
    }
    if !word.is_empty() {
        words.push(word);
    }
    Ok(words)
}

fn split_parts(text: &str) -> Result<Vec<String>, RuleProblem> {
    let part = |part: &str| part.trim().trim_matches('"').to_owned();
    let parts: Vec<String> = text.split(',').map(part).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { Err(RuleProblem::NoParts) } else { Ok(parts) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_last_rule_for_frames_decides() {
        let rules = "# ours\npath:shop/** -app\nfunction:total path:shop/** +app\nstack.module:gen.** -app\n";
        let rules = Rules::parse(rules).unwrap();
        let frame = |path: &'static str, function: &'static str| Frame {
            filename: Some(path.into()),
            function: Some(function.into()),
            ..Frame::default()
        };
        let decided = |frame: Frame<'_>| rules.in_app(&frame, "python").map(|(in_app, _)| in_app);
        assert_eq!(decided(frame("shop/cart.py", "view")), Some(false));
        assert_eq!(decided(frame("shop/cart.py", "total")), Some(true));
        assert_eq!(decided(frame("other.py", "total")), None);
        assert_eq!(decided(Frame { module: Some("gen.a.b".into()), ..Frame::default() }), Some(false));
    }

    #[test]
    fn the_first_rule_for_fingerprints_decides() {
        let rules = "type:Time* ! tags.zone:us-* -> timeout, {{ tags.zone }}\nmessage:\"no *\" -> \"none, ever\"\n";
        let rules = Rules::parse(rules).unwrap();
        let parts =
            |document: serde_json::Value| rules.fingerprint(&Event::read(&document)).map(|rule| rule.parts.clone());
        let timeout = |zone: &str| json!({"exception": {"type": "TimeoutError"}, "tags": {"zone": zone}});
        assert_eq!(parts(timeout("eu-1")), Some(vec!["timeout".to_owned(), "{{ tags.zone }}".to_owned()]));
        assert_eq!(parts(timeout("us-1")), None);
        assert_eq!(parts(json!({"message": "no luck"})).unwrap().len(), 2);
        assert_eq!(parts(json!({"message": "no: https://example.com/"})), None);
        assert_eq!(parts(json!({"message": "no luck at https://example.com/"})).unwrap().len(), 2);
        assert_eq!(parts(json!({"message": "luck"})), None);
    }

    #[test]
    fn a_line_that_is_wrong_says_what() {
        let error = |text: &str| Rules::parse(text).unwrap_err().to_string();
        assert_eq!(error("\npath:a"), "line 2: a rule ends in +app, -app or -> and a fingerprint");
        assert_eq!(error("+app"), "line 1: a rule starts with what it looks at, such as path:app/**");
        assert_eq!(error("color:red +app"), "line 1: \"color\" is nothing that a rule can look at");
        assert_eq!(error("path +app"), "line 1: \"path\" is no matcher: write name:pattern");
        assert_eq!(error("type:a ->"), "line 1: a fingerprint has at least one part");
        assert_eq!(error("path:\"a +app"), "line 1: the quote is not closed");
        assert_eq!(
            error("type:a +app"),
            "line 1: type is of the event: rules for frames look at path, function, module, package and platform"
        );
    }
}
