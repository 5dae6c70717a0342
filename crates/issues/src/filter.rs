//! Inbound filters: events that a project does not want, and why. Everything is let in unless somebody says otherwise.
//!
//! Filters look at the event as it is stored, without its secrets. Which browsers are old and who crawls is told by
//! user agents, so it is as true as those are.

use std::collections::BTreeMap;

use crate::category::Category;
use crate::event::Event;
use crate::glob::Glob;

/// What a project does not want.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Events of the environment `development`.
    pub development: bool,
    /// Events of an application that runs on the developer's own machine.
    pub localhost: bool,
    /// Errors that an extension of the browser made.
    pub browser_extensions: bool,
    /// Events of browsers that nobody supports any more.
    pub legacy_browsers: bool,
    /// Events that a crawler caused.
    pub web_crawlers: bool,
    /// Messages, matched as a whole: `type: value` of an error, or its message.
    pub messages: Vec<Glob>,
    /// Releases, matched as a whole.
    pub releases: Vec<Glob>,
}

/// All that a project says about what it lets in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intake {
    pub filters: Filters,
    /// Items that one key may send in a minute.
    pub key_items_per_minute: Option<u32>,
    /// Items of one category that one key may send in a minute; 0: none at all.
    pub key_category_items_per_minute: BTreeMap<Category, u32>,
    /// Events of the project in a minute beyond which only a sample is stored.
    pub spike_events_per_minute: Option<u32>,
}

/// Why an event is not wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unwanted {
    Development,
    Localhost,
    BrowserExtension,
    LegacyBrowser,
    WebCrawler,
    Message,
    Release,
}

/// Schemes under which browsers run extensions.
const EXTENSIONS: &[&str] = &[
    "chrome-extension://",
    "moz-extension://",
    "safari-extension://",
    "safari-web-extension://",
    "ms-browser-extension://",
];
/// Names by which browsers of the last years tell their version, and the first version that counts as supported. The
/// order matters: most browsers name others as well.
const BROWSERS: &[(&str, u32)] = &[
    ("Opera Mini/", 35),
    ("OPR/", 51),
    ("Edge/", 79),
    ("Edg/", 79),
    ("Firefox/", 67),
    ("Chrome/", 63),
    ("Version/", 12),
];
/// Parts of user agents that only crawlers have, in lower case.
const CRAWLERS: &[&str] = &[
    "googlebot",
    "mediapartners-google",
    "adsbot-google",
    "apis-google",
    "feedfetcher-google",
    "google-inspectiontool",
    "bingbot",
    "bingpreview",
    "slurp",
    "duckduckbot",
    "baiduspider",
    "yandexbot",
    "sogou",
    "exabot",
    "facebookexternalhit",
    "facebot",
    "twitterbot",
    "slackbot",
    "telegrambot",
    "applebot",
    "linkedinbot",
    "ia_archiver",
    "ahrefsbot",
    "semrushbot",
    "gptbot",
    "claudebot",
    "ccbot",
    "petalbot",
    "calibreapp",
    "chrome-lighthouse",
    "phantomjs",
];

impl Unwanted {
    /// The stable word by which it is counted.
    pub fn code(self) -> &'static str {
        match self {
            Unwanted::Development => "development",
            Unwanted::Localhost => "localhost",
            Unwanted::BrowserExtension => "browser_extension",
            Unwanted::LegacyBrowser => "legacy_browser",
            Unwanted::WebCrawler => "web_crawler",
            Unwanted::Message => "message",
            Unwanted::Release => "release",
        }
    }
}

impl Filters {
    /// Why this event is not wanted; `None` lets it in.
    pub fn refuse(&self, event: &Event<'_>) -> Option<Unwanted> {
        let agent = || {
            let headers = event.request.as_ref().map_or(&[][..], |request| &request.headers);
            headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("user-agent")).map(|(_, value)| value.as_ref())
        };
        let release = |release: &str| self.releases.iter().any(|glob| glob.matches(release));
        let checks: [(bool, Unwanted, &dyn Fn() -> bool); 7] = [
            (self.development, Unwanted::Development, &|| {
                event.environment.as_deref().is_some_and(|name| name.trim().eq_ignore_ascii_case("development"))
            }),
            (self.localhost, Unwanted::Localhost, &|| is_local(event)),
            (self.browser_extensions, Unwanted::BrowserExtension, &|| of_extension(event)),
            (self.legacy_browsers, Unwanted::LegacyBrowser, &|| agent().is_some_and(is_legacy)),
            (self.web_crawlers, Unwanted::WebCrawler, &|| agent().is_some_and(is_crawler)),
            (!self.messages.is_empty(), Unwanted::Message, &|| self.is_message(event)),
            (!self.releases.is_empty(), Unwanted::Release, &|| event.release.as_deref().is_some_and(release)),
        ];
        checks.into_iter().find(|(is_on, _, fits)| *is_on && fits()).map(|(_, unwanted, _)| unwanted)
    }

    fn is_message(&self, event: &Event<'_>) -> bool {
        let mut texts: Vec<String> = Vec::new();
        if let Some(thrown) = event.thrown() {
            let (kind, value) =
                (thrown.kind.as_deref().unwrap_or_default(), thrown.value.as_deref().unwrap_or_default());
            texts.extend([format!("{kind}: {value}"), value.to_owned()]);
        }
        texts.extend(event.message.as_ref().map(|message| message.text().to_owned()));
        texts.iter().any(|text| self.messages.iter().any(|glob| glob.matches(text)))
    }
}

fn is_local(event: &Event<'_>) -> bool {
    let address = event.user.as_ref().and_then(|user| user.ip_address.as_deref()).unwrap_or_default();
    let url = event.request.as_ref().and_then(|request| request.url.as_deref()).unwrap_or_default();
    let is_local = |host: &str| {
        matches!(host, "localhost" | "::1" | "[::1]") || host.starts_with("127.") || host.ends_with(".localhost")
    };
    is_local(address) || host(url).is_some_and(is_local)
}

/// The host of a URL, without its port.
fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let authority = authority.rsplit('@').next()?;
    match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => Some(address),
        None => authority.split(':').next(),
    }
}

fn of_extension(event: &Event<'_>) -> bool {
    let stacks = event.exceptions.iter().filter_map(|thrown| thrown.stack.as_ref()).chain(&event.stack);
    let mut paths = stacks.flat_map(|stack| &stack.frames).filter_map(|frame| frame.path());
    paths.any(|path| EXTENSIONS.iter().any(|scheme| path.starts_with(scheme)))
}

fn is_legacy(agent: &str) -> bool {
    if agent.contains("MSIE ") || agent.contains("Trident/") {
        return true;
    }
    let version = |(name, first): &(&str, u32)| {
        let (_, rest) = agent.split_once(name)?;
        // Only Safari tells its own version so.
        let is_safari = *name != "Version/" || agent.contains("Safari/");
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u32>().ok().filter(|_| is_safari).map(|version| version < *first)
    };
    BROWSERS.iter().find_map(version).unwrap_or(false)
}

fn is_crawler(agent: &str) -> bool {
    let agent = agent.to_ascii_lowercase();
    CRAWLERS.iter().any(|name| agent.contains(name))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::glob::Of;

    fn all() -> Filters {
        let globs = |text: &str| vec![Glob::parse(text, Of::Sentences).expect("a glob")];
        Filters {
            development: true,
            localhost: true,
            browser_extensions: true,
            legacy_browsers: true,
            web_crawlers: true,
            messages: globs("TypeError: *Script error*"),
            releases: globs("web@1.*"),
        }
    }

    fn of_agent(agent: &str) -> Value {
        json!({"request": {"headers": {"User-Agent": agent}}})
    }

    #[test]
    fn what_is_not_wanted_is_told_by_its_reason() {
        let frame = |path: &str| json!({"exception": {"values": [{"stacktrace": {"frames": [{"abs_path": path}]}}]}});
        let cases = [
            (json!({"environment": "Development"}), Some(Unwanted::Development)),
            (json!({"environment": "production"}), None),
            (json!({"user": {"ip_address": "127.0.0.1"}}), Some(Unwanted::Localhost)),
            (json!({"request": {"url": "http://localhost:3000/a"}}), Some(Unwanted::Localhost)),
            (json!({"request": {"url": "http://[::1]:3000/a"}}), Some(Unwanted::Localhost)),
            (json!({"request": {"url": "https://localhost.example.com/a"}}), None),
            (frame("chrome-extension://abc/a.js"), Some(Unwanted::BrowserExtension)),
            (frame("https://shop.example.com/a.js"), None),
            (of_agent("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)"), Some(Unwanted::LegacyBrowser)),
            (
                of_agent("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/49.0 Safari/537.36"),
                Some(Unwanted::LegacyBrowser),
            ),
            (of_agent("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"), None),
            (
                of_agent("Mozilla/5.0 (Macintosh) AppleWebKit/605 Version/10.1 Safari/603"),
                Some(Unwanted::LegacyBrowser),
            ),
            (of_agent("Mozilla/5.0 (Windows NT 10.0; rv:131.0) Gecko/20100101 Firefox/131.0"), None),
            (of_agent("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0"), None),
            (
                of_agent("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
                Some(Unwanted::WebCrawler),
            ),
            (of_agent("curl/8.0"), None),
            (
                json!({"exception": {"values": [{"type": "TypeError", "value": "x: Script error."}]}}),
                Some(Unwanted::Message),
            ),
            (json!({"message": "TypeError: Script error"}), Some(Unwanted::Message)),
            (json!({"message": "all else"}), None),
            (json!({"release": "web@1.7"}), Some(Unwanted::Release)),
            (json!({"release": "web@2.0"}), None),
        ];
        for (event, expected) in cases {
            assert_eq!(all().refuse(&Event::read(&event)), expected, "{event}");
            assert_eq!(Filters::default().refuse(&Event::read(&event)), None, "{event}");
        }
    }
}
