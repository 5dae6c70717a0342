//! TLS from two files, for every listener: the certificate is looked at again and again, and a new one is taken up
//! without a restart.
//!
//! One resolver holds the present certificate; the configurations of all listeners ask it at each handshake. A pair
//! of files that cannot be used (a key of another certificate, half a file) changes nothing: the certificate before it
//! stays, the log and `/health` say so, and the next look may find the other half. Connections that stand are not
//! touched.
//!
//! ```text
//! files → Tls::look → Resolver ← Acceptor (HTTP)
//!                              ← Acceptor (SQL over the PostgreSQL wire)
//!                              ← Acceptor (syslog)
//! ```

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, crypto};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::server::TlsStream;
use whodunit_stdx::Tasks;

use crate::settings::{SettingError, Settings};

/// How often the files are looked at.
pub const TLS_LOOK_INTERVAL: Duration = Duration::from_secs(2);
/// Longest time that a client may take for its handshake.
pub const TLS_HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// Largest file of certificates or keys that is read.
pub const TLS_FILE_BYTES_MAX: usize = 1 << 20;

/// The certificate in use, and the files that it comes from. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Tls(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    certificate: PathBuf,
    key: PathBuf,
    present: Arc<Resolver>,
    seen: Mutex<Seen>,
}

/// What the last look found.
#[derive(Debug)]
struct Seen {
    /// `None` if they could not be read.
    files: Option<Fingerprint>,
    /// Why those files are not in use.
    refused: Option<String>,
}

/// SHA-256 of both files: enough to see that they have changed, without keeping the key as text.
type Fingerprint = [u8; 32];

struct Files {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

#[derive(Debug)]
struct Resolver(ArcSwap<CertifiedKey>);

/// What becomes of a look at the files.
#[derive(Debug, PartialEq, Eq)]
pub enum Looked {
    Same,
    Taken,
    Refused,
}

/// Why there is no encrypted connection.
#[derive(Debug, thiserror::Error)]
pub enum HandshakeError {
    #[error("the TLS handshake took longer than {} s (tls_handshake_timeout)", TLS_HANDSHAKE_TIMEOUT.as_secs())]
    Timeout,
    #[error("the TLS handshake failed")]
    Failed(#[source] std::io::Error),
}

/// Answers handshakes of one listener.
#[derive(Clone)]
pub struct Acceptor(tokio_rustls::TlsAcceptor);

impl Tls {
    /// The certificate that the settings name, or `None` if they name none. Files that cannot be used now are an
    /// error: a server that was told to encrypt does not start without.
    pub fn open(settings: &Settings) -> Result<Option<Tls>, SettingError> {
        let (certificate, key) = match (&settings.tls_cert, &settings.tls_key) {
            (None, None) => return Ok(None),
            (Some(certificate), Some(key)) => (certificate.clone(), key.clone()),
            (Some(_), None) => return Err(invalid("tls_key", "is empty, though tls_cert is set")),
            (None, Some(_)) => return Err(invalid("tls_cert", "is empty, though tls_key is set")),
        };
        let files = Files::read(&certificate, &key).map_err(|(name, reason)| invalid(name, reason))?;
        let present = files.certified().map_err(|(name, reason)| invalid(name, reason))?;
        let present = Arc::new(Resolver(ArcSwap::from_pointee(present)));
        let seen = Mutex::new(Seen { files: Some(files.fingerprint()), refused: None });
        Ok(Some(Tls(Arc::new(Inner { certificate, key, present, seen }))))
    }

    /// For a listener whose clients may name one of `protocols` (ALPN); those that name none are welcome too.
    pub fn acceptor(&self, protocols: &[&[u8]]) -> Acceptor {
        let provider = Arc::new(crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let builder = builder.expect("ring has the cipher suites of TLS 1.2 and 1.3");
        let mut config = builder.with_no_client_auth().with_cert_resolver(self.0.present.clone());
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        Acceptor(Arc::new(config).into())
    }

    /// Looks at the files until `tasks` stop.
    pub fn follow(&self, tasks: &Tasks) {
        let tls = self.clone();
        tasks.spawn("tls files", move |mut stop| async move {
            while !stop.is_set() {
                tokio::select! {
                    () = stop.wait() => {}
                    () = tokio::time::sleep(TLS_LOOK_INTERVAL) => drop(tls.look()),
                }
            }
        });
    }

    /// Takes up what the files hold if it is new and can be used. Two small files are read, which is not worth a
    /// thread of its own.
    pub fn look(&self) -> Looked {
        let Inner { certificate, key, present, seen } = &*self.0;
        let mut seen = seen.lock();
        let files = match Files::read(certificate, key) {
            Ok(files) => files,
            Err((name, reason)) => return seen.refuse(None, name, &reason),
        };
        let fingerprint = Some(files.fingerprint());
        if fingerprint == seen.files {
            return Looked::Same;
        }
        match files.certified() {
            Ok(certified) => {
                present.0.store(Arc::new(certified));
                *seen = Seen { files: fingerprint, refused: None };
                tracing::info!("a new TLS certificate is in use");
                Looked::Taken
            }
            Err((name, reason)) => seen.refuse(fingerprint, name, &reason),
        }
    }

    /// Why the files as they are now are not in use; `None` while they are. Names no path.
    pub fn refused(&self) -> Option<String> {
        self.0.seen.lock().refused.clone()
    }
}

impl Seen {
    /// Says the same reason once.
    fn refuse(&mut self, files: Option<Fingerprint>, name: &'static str, reason: &str) -> Looked {
        let refused = format!("{name}: {reason}");
        if self.refused.as_ref() != Some(&refused) {
            tracing::warn!(setting = name, reason, "the new TLS certificate cannot be used; the one before stays");
        }
        *self = Seen { files, refused: Some(refused) };
        Looked::Refused
    }
}

impl Files {
    fn read(certificate: &Path, key: &Path) -> Result<Files, (&'static str, String)> {
        Ok(Files { certificate: read("tls_cert", certificate)?, key: read("tls_key", key)? })
    }

    fn fingerprint(&self) -> Fingerprint {
        let mut digest = Sha256::new();
        for file in [&self.certificate, &self.key] {
            digest.update((file.len() as u64).to_be_bytes());
            digest.update(file);
        }
        digest.finalize().into()
    }

    fn certified(&self) -> Result<CertifiedKey, (&'static str, String)> {
        let chain = CertificateDer::pem_slice_iter(&self.certificate).collect::<Result<Vec<_>, _>>();
        let chain = chain.map_err(|error| ("tls_cert", format!("the file is no PEM: {error}")))?;
        if chain.is_empty() {
            return Err(("tls_cert", "there is no CERTIFICATE in the file".to_owned()));
        }
        let key = PrivateKeyDer::from_pem_slice(&self.key);
        let key = key.map_err(|error| ("tls_key", format!("there is no PRIVATE KEY in the file: {error}")))?;
        CertifiedKey::from_der(chain, key, &crypto::ring::default_provider()).map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => ("tls_key", "the key is not that of the certificate".to_owned()),
            rustls::Error::InvalidCertificate(reason) => {
                ("tls_cert", format!("the certificate is damaged: {reason:?}"))
            }
            other => ("tls_key", other.to_string()),
        })
    }
}

fn read(name: &'static str, path: &Path) -> Result<Vec<u8>, (&'static str, String)> {
    let length = std::fs::metadata(path).map(|metadata| metadata.len());
    let within = |length: u64| usize::try_from(length).is_ok_and(|length| length <= TLS_FILE_BYTES_MAX);
    match length {
        Ok(length) if !within(length) => Err((name, format!("the file has more than {TLS_FILE_BYTES_MAX} bytes"))),
        Ok(_) => std::fs::read(path).map_err(|error| (name, format!("the file cannot be read: {}", error.kind()))),
        Err(error) => Err((name, format!("the file cannot be read: {}", error.kind()))),
    }
}

fn invalid(name: &'static str, reason: impl Into<String>) -> SettingError {
    SettingError::Invalid { name, reason: reason.into() }
}

impl ResolvesServerCert for Resolver {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.load_full())
    }
}

impl Acceptor {
    /// The encrypted connection, after at most [`TLS_HANDSHAKE_TIMEOUT`].
    pub async fn accept<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S) -> Result<TlsStream<S>, HandshakeError> {
        match tokio::time::timeout(TLS_HANDSHAKE_TIMEOUT, self.0.accept(stream)).await {
            Ok(accepted) => accepted.map_err(HandshakeError::Failed),
            Err(_elapsed) => Err(HandshakeError::Timeout),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A certificate for `localhost` and its key (P-256), and the key of another one. Made for this test, used nowhere.
    const CERTIFICATE: &str = include_str!("../tests/tls/certificate.pem");
    const KEY: &str = include_str!("../tests/tls/key.pem");
    const OTHER_KEY: &str = include_str!("../tests/tls/other-key.pem");

    fn settings(directory: &Path, certificate: &str, key: &str) -> Settings {
        let (tls_cert, tls_key) = (directory.join("cert.pem"), directory.join("key.pem"));
        std::fs::write(&tls_cert, certificate).expect("written");
        std::fs::write(&tls_key, key).expect("written");
        Settings { tls_cert: Some(tls_cert), tls_key: Some(tls_key), ..Settings::default() }
    }

    #[test]
    fn a_bad_pair_keeps_the_one_before_and_says_why_until_a_good_one_comes() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let tls = Tls::open(&settings(directory.path(), CERTIFICATE, KEY)).expect("opens").expect("is set");
        assert_eq!((tls.look(), tls.refused()), (Looked::Same, None));
        let before = tls.0.present.0.load_full();
        for (certificate, key, why) in [
            (CERTIFICATE, OTHER_KEY, "tls_key: the key is not that of the certificate"),
            ("", KEY, "tls_cert: there is no CERTIFICATE in the file"),
            (CERTIFICATE, CERTIFICATE, "tls_key: there is no PRIVATE KEY in the file"),
        ] {
            settings(directory.path(), certificate, key);
            assert_eq!(tls.look(), Looked::Refused, "{why}");
            assert!(tls.refused().expect("is said").starts_with(why), "{:?}", tls.refused());
            assert!(Arc::ptr_eq(&before, &tls.0.present.0.load_full()), "the certificate before stays");
        }
        std::fs::remove_file(directory.path().join("cert.pem")).expect("removed");
        assert_eq!(tls.look(), Looked::Refused);
        settings(directory.path(), CERTIFICATE, KEY);
        assert_eq!((tls.look(), tls.refused()), (Looked::Taken, None));
    }

    #[test]
    fn a_server_that_shall_encrypt_does_not_start_without() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        assert!(Tls::open(&Settings::default()).expect("nothing is set").is_none());
        let whole = settings(directory.path(), CERTIFICATE, OTHER_KEY);
        let refused = |settings: &Settings| Tls::open(settings).expect_err("refused").to_string();
        assert_eq!(refused(&whole), "setting tls_key: the key is not that of the certificate");
        assert!(refused(&Settings { tls_key: None, ..whole.clone() }).starts_with("setting tls_key: is empty"));
        assert!(refused(&Settings { tls_cert: None, ..whole }).starts_with("setting tls_cert: is empty"));
    }
}
