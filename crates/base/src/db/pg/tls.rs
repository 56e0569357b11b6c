//! TLS to PostgreSQL: what `sslmode` of the address means here.
//!
//! | `sslmode` | what happens |
//! |---|---|
//! | absent, `prefer`, `disable` | no TLS: a socket, the same machine, or a network that encrypts by itself |
//! | `require` | TLS, or no connection. The server's certificate must be good for the address's host name |
//!
//! `require` verifies, other than in libpq, where it only encrypts: a connection that anybody in between can pose as the
//! server of is not worth the word. The roots are the public ones; a server with a certificate of one's own is reached
//! by naming that certificate (which is then taken whatever name it bears) or its issuer's as `sslrootcert=FILE` in the
//! address, as libpq calls it.
//! See docs/decisions/0018.

use crate::fault::{DbFault, Fault, Outcome};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::sync::Arc;
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

/// An address taken apart.
pub(super) struct Address {
    /// For the driver, without the parameter that it does not know.
    pub(super) config: tokio_postgres::Config,
    /// TLS when the address asks for it.
    pub(super) tls: Option<MakeRustlsConnect>,
}

fn unusable(text: String) -> Fault {
    Fault::Db(DbFault::Other(text))
}

/// Reads an address.
///
/// Refused: one that the driver cannot read (the words never repeat it: it may hold a password), a file of
/// certificates that cannot be read or holds none, and one that names certificates without asking for TLS.
pub(super) fn address(url: &str) -> Outcome<Address> {
    let (url, roots) = without_roots(url);
    let config: tokio_postgres::Config = url.parse().map_err(|e| unusable(format!("database url: {e}")))?;
    let tls = match (config.get_ssl_mode(), roots) {
        (SslMode::Require, roots) => Some(connector(roots.as_deref())?),
        (_, Some(_)) => {
            return Err(unusable(
                "database url: sslrootcert is given without sslmode=require, so nothing would be encrypted; \
                 add sslmode=require"
                    .to_owned(),
            ));
        }
        (_, None) => None,
    };
    Ok(Address { config, tls })
}

/// Takes `sslrootcert` out of an address, percent-decoded.
fn without_roots(url: &str) -> (String, Option<String>) {
    let Some((head, query)) = url.split_once('?') else { return (url.to_owned(), None) };
    let mut roots = None;
    let mut kept = Vec::new();
    for part in query.split('&') {
        match part.strip_prefix("sslrootcert=") {
            Some(path) => {
                let decoded = crate::web::form::pairs(&format!("p={}", path.replace('+', "%2B")));
                roots = decoded.into_iter().next().map(|(_, path)| path);
            }
            None => kept.push(part),
        }
    }
    let join = if kept.is_empty() { "" } else { "?" };
    (format!("{head}{join}{}", kept.join("&")), roots)
}

fn connector(roots: Option<&str>) -> Outcome<MakeRustlsConnect> {
    let mut store = RootCertStore::empty();
    let mut own = Vec::new();
    match roots {
        None => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(path) => {
            let broken = |e: String| unusable(format!("sslrootcert {path}: {e}"));
            let list = CertificateDer::pem_file_iter(path).map_err(|e| broken(e.to_string()))?;
            for one in list {
                let one = one.map_err(|e| broken(e.to_string()))?;
                store.add(one.clone()).map_err(|e| broken(e.to_string()))?;
                own.push(one);
            }
            if store.is_empty() {
                return Err(broken("there is no certificate in it".to_owned()));
            }
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let chain = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone())
        .build()
        .map_err(|e| Fault::broken(format!("tls: {e}")))?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Fault::broken(format!("tls: {e}")))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Known { own, chain }))
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// Takes a certificate that was named itself, and otherwise one that a named issuer vouches for. The first is what most
/// servers with a certificate of their own need: `openssl req -x509` makes one that is its own issuer, which the
/// usual check refuses as a server's. The signature of the handshake is checked in both cases.
#[derive(Debug)]
struct Known {
    own: Vec<CertificateDer<'static>>,
    chain: Arc<WebPkiServerVerifier>,
}

impl ServerCertVerifier for Known {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if self.own.iter().any(|own| own.as_ref() == end_entity.as_ref()) {
            return Ok(ServerCertVerified::assertion());
        }
        self.chain.verify_server_cert(end_entity, intermediates, server_name, ocsp, now)
    }
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.chain.verify_tls12_signature(message, cert, dss)
    }
    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.chain.verify_tls13_signature(message, cert, dss)
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.chain.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_is_used_exactly_when_the_address_asks_for_it() {
        let has = |url: &str| address(url).unwrap().tls.is_some();
        assert!(!has("postgres://u@h/db"));
        assert!(!has("postgres://u@h/db?sslmode=disable"));
        assert!(has("postgres://u@h/db?sslmode=require"));
        assert!(has("postgres://u@h/db?sslmode=require&options=-c%20search_path%3Dx"));
    }

    #[test]
    fn what_would_be_plain_in_silence_is_refused() {
        let no = |url: &str| format!("{:?}", address(url).err().unwrap());
        assert!(no("postgres://u:hunter2@h/db?sslrootcert=/nowhere/ca.pem").contains("sslmode=require"));
        let text = no("postgres://u:hunter2@h/db?sslmode=require&sslrootcert=/nowhere/ca%20x.pem");
        assert!(text.contains("/nowhere/ca x.pem") && !text.contains("hunter2"), "{text}");
        // Names of libpq that the driver does not know are refused by it, not passed over.
        assert!(!no("postgres://u:hunter2@h/db?sslmode=verify-full").contains("hunter2"));
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("empty.pem");
        std::fs::write(&path, "no certificate here").unwrap();
        let url = format!("postgres://u@h/db?sslmode=require&sslrootcert={}", path.display());
        assert!(no(&url).contains("no certificate"));
    }
}
