//! What a browser is shown: the embedded interface, or in a binary without it two small pages of our own.
//!
//! Each of those is one self-contained document: that there is no interface and how to get it, and the set-up form.
//! Its Content-Security-Policy names the hashes of its own style and script, so nothing else runs in it, and it talks
//! to nobody but this server.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use whodunit_stdx::World;

use crate::interface::{Interface, guard};

const STYLE: &str = include_str!("pages/style.css");
const SET_UP: &str = include_str!("pages/setup.html");
const SET_UP_SCRIPT: &str = include_str!("pages/setup.js");
const INDEX: &str = include_str!("pages/index.html");

/// The interface, and both pages with everything filled in that does not change while the server runs.
#[derive(Debug)]
pub struct Pages {
    pub interface: Interface,
    index: String,
    set_up: String,
    policy: HeaderValue,
}

impl Pages {
    /// `base` is the address that the examples on the pages use.
    pub fn new(base: &str) -> Pages {
        let fill = |page: &str| {
            page.replace("{{style}}", STYLE).replace("{{script}}", SET_UP_SCRIPT).replace("{{base}}", &escape(base))
        };
        let policy = format!(
            "default-src 'none'; style-src '{}'; script-src '{}'; connect-src 'self'; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'none'",
            hash(STYLE),
            hash(SET_UP_SCRIPT)
        );
        Pages {
            interface: Interface::embedded(),
            index: fill(INDEX).replace("{{version}}", env!("CARGO_PKG_VERSION")),
            set_up: fill(SET_UP),
            policy: HeaderValue::from_str(&policy).expect("the policy is plain ASCII"),
        }
    }

    /// Any page of the interface; without it the page that says so, and how to own the server while nobody does.
    pub fn page(&self, world: &World, is_set_up: bool) -> Response {
        self.interface.page(world).unwrap_or_else(|| {
            let notice = if is_set_up {
                ""
            } else {
                "<p><strong>Nobody owns this server yet.</strong> Open the set-up link that it printed when it started.</p>"
            };
            self.own(self.index.replace("{{setup}}", notice))
        })
    }

    /// The page behind the printed link.
    pub fn set_up(&self, world: &World) -> Response {
        self.interface.page(world).unwrap_or_else(|| self.own(self.set_up.clone()))
    }

    fn own(&self, text: String) -> Response {
        let mut response = Response::new(Body::from(text));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        guard(headers);
        response
    }
}

fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_allows_the_pages_own_style_and_script_only() {
        let pages = Pages::new("http://127.0.0.1:8420");
        assert!(pages.set_up.contains(&format!("<style>{STYLE}</style>")), "the style stands as it was hashed");
        assert!(pages.set_up.contains(&format!("<script>{SET_UP_SCRIPT}</script>")), "so does the script");
        for page in [&pages.index, &pages.set_up] {
            assert!(!page.contains("{{style}}") && !page.contains("src=") && !page.contains(" style="), "{page}");
        }
        assert!(pages.policy.to_str().expect("ASCII").contains("default-src 'none'"));
        assert!(pages.index.contains("built without its interface: run <code>make build</code>"));
    }
}
