//! The web interface as it is embedded in the binary: the app's one page, and the files that it loads.
//!
//! The build script makes the table from `ui/dist` (see `build/embed.rs`); without that directory it is empty, and
//! [`crate::pages`] has something to show instead. Files under `assets/` that carry a hash of their content in their
//! names never change, so browsers keep them. The page is made anew for each answer: its Content-Security-Policy allows
//! scripts of this server only, and styles of this server or with the answer's own nonce, which the page's
//! `{{nonce}}` placeholders get. Editors and menus put style elements into the page and need it.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use whodunit_stdx::World;

/// One file of the interface.
#[derive(Clone, Copy, Debug)]
pub struct Embedded {
    /// From the directory of built files, with `/` between parts.
    pub path: &'static str,
    /// 32 hexadecimal digits of the content's SHA-256.
    pub hash: &'static str,
    pub plain: &'static [u8],
    /// Where that is worth it.
    pub brotli: Option<&'static [u8]>,
    pub gzip: Option<&'static [u8]>,
}

static EMBEDDED: &[Embedded] = include!(concat!(env!("OUT_DIR"), "/interface.rs"));

const INDEX: &str = "index.html";
/// Where the files lie whose names change with their content, and the length of the hash that Vite ends them with.
const HASHED: &str = "assets/";
const HASH_CHARACTERS: usize = 8;
const NONCE: &str = "{{nonce}}";

/// The embedded files, or none.
#[derive(Debug)]
pub struct Interface {
    files: &'static [Embedded],
    index: Option<String>,
}

impl Interface {
    /// What this binary was built with.
    pub fn embedded() -> Interface {
        Interface::of(EMBEDDED)
    }

    fn of(files: &'static [Embedded]) -> Interface {
        let index = files.iter().find(|file| file.path == INDEX);
        Interface { files, index: index.map(|file| String::from_utf8_lossy(file.plain).into_owned()) }
    }

    /// The app's page, if there is one.
    pub fn page(&self, world: &World) -> Option<Response> {
        let nonce = STANDARD.encode(world.random_bytes::<16>());
        let mut response = Response::new(Body::from(self.index.as_ref()?.replace(NONCE, &nonce)));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::CONTENT_SECURITY_POLICY, policy(&nonce));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        guard(headers);
        Some(response)
    }

    /// Whether a file other than the page lies at this path of a URL.
    pub fn has_file(&self, path: &str) -> bool {
        self.find(path).is_some()
    }

    fn find(&self, path: &str) -> Option<&Embedded> {
        let path = path.trim_start_matches('/');
        self.files.iter().find(|file| file.path == path && file.path != INDEX)
    }

    /// The file at this path of a URL, in the best form that the client takes.
    pub fn file(&self, path: &str, asked: &HeaderMap) -> Option<Response> {
        let file = self.find(path)?;
        let (coding, bytes) = best(file, asked);
        let tag = match coding {
            Some(coding) => format!("\"{}-{coding}\"", file.hash),
            None => format!("\"{}\"", file.hash),
        };
        let known = asked.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
        let unchanged = known.is_some_and(|tags| tags.split(',').any(|known| known.trim() == tag));
        let mut response = Response::new(if unchanged { Body::empty() } else { Body::from(Bytes::from_static(bytes)) });
        let headers = response.headers_mut();
        headers.insert(header::ETAG, HeaderValue::from_str(&tag).expect("hexadecimal digits are ASCII"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching(file.path)));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(file.path)));
        if let Some(coding) = coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        if unchanged {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        Some(response)
    }
}

/// What every page of ours says about itself: no frames, no window of another site that holds it.
pub fn guard(headers: &mut HeaderMap) {
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
}

fn policy(nonce: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; connect-src 'self'; \
         img-src 'self' data:; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).expect("base64 is plain ASCII")
}

fn caching(path: &str) -> &'static str {
    if is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" }
}

/// `assets/name-1a2B_3-d.js`, but not `assets/first.js`: a file of the directory `public` keeps its name.
fn is_hashed(path: &str) -> bool {
    let stem = path.strip_prefix(HASHED).and_then(|name| name.rsplit_once('.')).map_or("", |(stem, _)| stem);
    let Some((before, hash)) = stem.len().checked_sub(HASH_CHARACTERS).and_then(|at| stem.split_at_checked(at)) else {
        return false;
    };
    before.ends_with('-') && hash.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// The smallest form that the client accepts, and its coding.
fn best(file: &Embedded, asked: &HeaderMap) -> (Option<&'static str>, &'static [u8]) {
    let forms = [("br", file.brotli), ("gzip", file.gzip)];
    let taken = forms.into_iter().find_map(|(coding, bytes)| Some((coding, bytes.filter(|_| accepts(asked, coding))?)));
    taken.map_or((None, file.plain), |(coding, bytes)| (Some(coding), bytes))
}

/// Whether `Accept-Encoding` names the coding, and not with a weight of zero.
fn accepts(asked: &HeaderMap, coding: &str) -> bool {
    let lines = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
        named && weight > 0.0
    })
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use whodunit_stdx::Timestamp;

    use super::*;

    static FILES: &[Embedded] = &[
        Embedded {
            path: "assets/app-1a2B_c-d.js",
            hash: "00112233445566778899aabbccddeeff",
            plain: b"plain script",
            brotli: Some(b"br"),
            gzip: Some(b"gz"),
        },
        Embedded { path: "favicon.svg", hash: "ff", plain: b"<svg/>", brotli: None, gzip: None },
        Embedded {
            path: "index.html",
            hash: "ee",
            plain: b"<meta property=\"csp-nonce\" nonce=\"{{nonce}}\"><script src=\"/assets/app-1a2B_c-d.js\" nonce=\"{{nonce}}\">",
            brotli: None,
            gzip: None,
        },
    ];

    async fn answer(asked: &[(&'static str, &'static str)]) -> (StatusCode, HeaderMap, Bytes) {
        let asked = asked
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        let response = Interface::of(FILES).file("/assets/app-1a2B_c-d.js", &asked).expect("is there");
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, axum::body::to_bytes(body, 1 << 10).await.expect("short"))
    }

    #[tokio::test]
    async fn a_file_comes_in_the_best_form_that_the_client_takes() {
        for (accepted, coding, body) in [
            ("gzip, deflate, br, zstd", Some("br"), "br"),
            ("br;q=0, gzip", Some("gzip"), "gz"),
            ("deflate", None, "plain script"),
        ] {
            let (status, headers, bytes) = answer(&[("accept-encoding", accepted)]).await;
            assert_eq!((status, &bytes[..]), (StatusCode::OK, body.as_bytes()), "{accepted}");
            assert_eq!(headers.get("content-encoding").map(|value| value.to_str().expect("ASCII")), coding);
            assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
            assert_eq!(headers["vary"], "accept-encoding");
        }
    }

    #[tokio::test]
    async fn who_has_the_file_already_is_not_sent_it_again() {
        let (_, headers, _) = answer(&[("accept-encoding", "br")]).await;
        assert_eq!(headers["etag"], "\"00112233445566778899aabbccddeeff-br\"");
        let asked = [("accept-encoding", "br"), ("if-none-match", "\"x\", \"00112233445566778899aabbccddeeff-br\"")];
        let (status, _, bytes) = answer(&asked).await;
        assert_eq!((status, bytes.len()), (StatusCode::NOT_MODIFIED, 0));
        let (status, ..) = answer(&[("if-none-match", "\"00112233445566778899aabbccddeeff-br\"")]).await;
        assert_eq!(status, StatusCode::OK, "another form is another thing");
    }

    #[tokio::test]
    async fn every_page_has_a_nonce_of_its_own_which_its_policy_names() {
        let (world, _) = World::seeded(1, Timestamp(0));
        let interface = Interface::of(FILES);
        let mut seen = Vec::new();
        for _ in 0..2 {
            let response = interface.page(&world).expect("has a page");
            let policy = response.headers()["content-security-policy"].to_str().expect("ASCII").to_owned();
            let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
            let body = axum::body::to_bytes(response.into_body(), 1 << 10).await.expect("short");
            let text = String::from_utf8_lossy(&body).into_owned();
            assert_eq!(text.matches(nonce).count(), 2, "{text}");
            assert!(!policy.contains("unsafe") && policy.contains("script-src 'self';"), "{policy}");
            seen.push(nonce.to_owned());
        }
        assert_ne!(seen[0], seen[1]);
    }

    #[test]
    fn only_names_that_change_with_the_content_are_kept_for_good() {
        for path in ["assets/app-1a2B_c-d.js", "assets/a-b-12345678.css"] {
            assert!(is_hashed(path), "{path}");
        }
        for path in
            ["assets/first.js", "assets/icon.svg", "app-1a2B_c-d.js", "assets/first-run.js", "assets/1a2B_c-d.js"]
        {
            assert!(!is_hashed(path), "{path}");
        }
    }

    #[test]
    fn without_files_there_is_no_page_and_the_page_is_no_file() {
        let (world, _) = World::seeded(1, Timestamp(0));
        assert!(Interface::of(&[]).page(&world).is_none());
        let interface = Interface::of(FILES);
        assert!(interface.has_file("/favicon.svg") && !interface.has_file("/index.html") && !interface.has_file("/x"));
    }
}
