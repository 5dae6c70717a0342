//! The one HTTP client of the command line: requests with a key, whole answers or a stream of pieces.
//!
//! An `https://` address is spoken to over TLS, with the server's certificate checked: against the authorities that the
//! machine trusts, or against those of one file alone. There is no way to leave the check out. This file must not know
//! what the server's operations mean.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore, crypto};
use serde_json::Value;
use whodunit_api::error::ErrorBody;

use crate::failure::{Failure, chain};

/// Longest wait for a whole answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(120);
/// Largest answer that is read into memory.
const ANSWER_BYTES_MAX: usize = 1 << 30;

/// A server's address and the key to use there. Clones share connections.
#[derive(Clone)]
pub struct Client {
    inner: legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    connector: HttpsConnector<HttpConnector>,
    base: String,
    key: Option<String>,
}

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub body: Bytes,
}

/// A request; headers beside the key's.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    pub method: Method,
    /// Path and query, starting with `/`.
    pub path: &'a str,
    pub headers: &'a [(&'a str, &'a str)],
    pub body: Bytes,
}

impl<'a> Call<'a> {
    pub fn get(path: &'a str) -> Call<'a> {
        Call { method: Method::GET, path, headers: &[], body: Bytes::new() }
    }

    pub fn json(method: Method, path: &'a str, body: &Value) -> Call<'a> {
        const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
        Call { method, path, headers: JSON, body: Bytes::from(body.to_string()) }
    }
}

fn pool(connector: HttpsConnector<HttpConnector>) -> legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>> {
    legacy::Client::builder(TokioExecutor::new()).pool_max_idle_per_host(usize::MAX).build(connector)
}

impl Client {
    /// `url` is the base address, such as `http://127.0.0.1:8420`. The certificate of an `https` one is checked against
    /// the authorities in the file `ca`, or those of the machine.
    pub fn new(url: &str, key: Option<String>, ca: Option<&Path>) -> Result<Client, Failure> {
        let base = url.trim_end_matches('/').to_owned();
        let uri: Uri = base.parse().map_err(|error| Failure::Usage(format!("url {url:?}: {error}")))?;
        let roots = match uri.scheme_str() {
            Some("http") => RootCertStore::empty(),
            Some("https") => roots(ca)?,
            _ => return Err(Failure::Usage(format!("url {url:?}: write it as http://host:port or https://host:port"))),
        };
        let provider = Arc::new(crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.map_err(|error| Failure::Failed(format!("TLS: {error}")))?;
        let config = config.with_root_certificates(roots).with_no_client_auth();
        let connector = HttpsConnectorBuilder::new().with_tls_config(config).https_or_http().enable_http1().build();
        Ok(Client { inner: pool(connector.clone()), connector, base, key })
    }

    /// The same server with another key.
    pub fn with_key(&self, key: String) -> Client {
        Client { key: Some(key), ..self.clone() }
    }

    /// The same server and key, over connections of its own: those of one runtime do not serve another.
    pub fn apart(&self) -> Client {
        Client { inner: pool(self.connector.clone()), ..self.clone() }
    }

    /// Sends and reads the whole answer, whatever its status.
    pub async fn send(&self, call: Call<'_>) -> Result<Answer, Failure> {
        let whole = async {
            let response = self.open(call).await?;
            let status = response.status();
            let limited = http_body_util::Limited::new(response.into_body(), ANSWER_BYTES_MAX);
            let body = limited.collect().await.map_err(|error| self.unreachable(&*error))?.to_bytes();
            Ok(Answer { status, body })
        };
        tokio::time::timeout(ANSWER_TIMEOUT, whole).await.unwrap_or_else(|_| {
            Err(Failure::Unreachable(format!("{}: no answer within {} s", self.base, ANSWER_TIMEOUT.as_secs())))
        })
    }

    /// Sends and hands out the answer as soon as its head is there.
    pub async fn open(&self, call: Call<'_>) -> Result<Response<Incoming>, Failure> {
        let mut request = Request::builder().method(call.method).uri(format!("{}{}", self.base, call.path));
        if let Some(key) = &self.key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        for (name, value) in call.headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(call.body)).map_err(|error| Failure::Usage(error.to_string()))?;
        self.inner.request(request).await.map_err(|error| self.unreachable(&error))
    }

    fn unreachable(&self, error: &dyn std::error::Error) -> Failure {
        Failure::Unreachable(format!("{}: {}", self.base, chain(error)))
    }
}

/// The authorities that a server's certificate is checked against.
fn roots(ca: Option<&Path>) -> Result<RootCertStore, Failure> {
    let mut roots = RootCertStore::empty();
    let Some(path) = ca else {
        // One that cannot be read is one less to trust; without any the handshake says what is wrong.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        return Ok(roots);
    };
    let wrong = |why: String| Failure::Usage(format!("ca {}: {why}", path.display()));
    let bytes = std::fs::read(path).map_err(|error| wrong(format!("the file cannot be read: {}", error.kind())))?;
    for certificate in CertificateDer::pem_slice_iter(&bytes) {
        let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
        roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
    }
    if roots.is_empty() { Err(wrong("there is no CERTIFICATE in the file".to_owned())) } else { Ok(roots) }
}

impl Answer {
    /// The answer if its status says success, else the server's own words.
    pub fn success(self) -> Result<Answer, Failure> {
        if self.status.is_success() { Ok(self) } else { Err(Failure::Failed(self.refusal())) }
    }

    pub fn json(&self) -> Result<Value, Failure> {
        serde_json::from_slice(&self.body).map_err(|error| Failure::Failed(format!("the answer is no JSON: {error}")))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn refusal(&self) -> String {
        let Ok(ErrorBody { error }) = serde_json::from_slice(&self.body) else {
            let text = String::from_utf8_lossy(&self.body);
            return format!("the server answered {}: {}", self.status, text.chars().take(500).collect::<String>());
        };
        let hint = error.hint.map(|hint| format!("; {hint}")).unwrap_or_default();
        let field = error.field.map(|field| format!(" (field {field})")).unwrap_or_default();
        format!("{}{field}{hint} [{} {}]", error.message, self.status.as_u16(), error.kind)
    }
}

/// A text as one part of a query string.
pub fn percent_encode(text: &str) -> String {
    use std::fmt::Write;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("writing to a String succeeds");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_another_kind_says_what_to_write() {
        let bare =
            Client::new("127.0.0.1:8420", None, None).map(|client| client.base).expect_err("refused").to_string();
        assert!(bare.contains("http://host:port"), "{bare}");
        let taken = Client::new("http://127.0.0.1:8420/", None, None).map(|client| client.base);
        assert_eq!(taken.as_deref(), Ok("http://127.0.0.1:8420"));
        let taken = Client::new("https://logs.example.com", None, None).map(|client| client.base);
        assert_eq!(taken.as_deref(), Ok("https://logs.example.com"));
        let without = Client::new("https://logs.example.com", None, Some(Path::new("/dev/null")));
        let without = without.map(|client| client.base).expect_err("refused").to_string();
        assert!(without.contains("no CERTIFICATE in the file"), "{without}");
    }

    #[test]
    fn a_refusal_is_told_in_the_servers_words() {
        let body = r#"{"error":{"kind":"invalid","message":"no such table","hint":"try logs","field":"query"}}"#;
        let answer = Answer { status: StatusCode::BAD_REQUEST, body: Bytes::from(body) };
        let failure = answer.success().expect_err("400");
        assert_eq!(failure, Failure::Failed("no such table (field query); try logs [400 invalid]".to_owned()));
    }

    #[test]
    fn query_texts_survive_their_encoding() {
        assert_eq!(percent_encode("a b&c=ü"), "a%20b%26c%3D%C3%BC");
    }
}
