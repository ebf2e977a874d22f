//! TLS with rustls: loads certificates and explains errors.

use crate::endpoint::Tls;
use crate::{Error, Result};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::io;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// A TLS configuration for one engine.
#[derive(Clone)]
pub(super) struct TlsClient {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl TlsClient {
    /// Reads the files, so that problems with them are errors before any connection.
    pub(super) fn new(tls: &Tls, host: &str) -> Result<Self> {
        let provider = provider()?;
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| Error::config(format!("invalid TLS server name {host:?}")))?;
        let wrong = |error: rustls::Error| Error::config(format!("TLS with {host}: {error}")).with_source(error);
        let config = ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions();
        let config = config.map_err(wrong)?;
        let config = if tls.skip_verify {
            #[cfg(feature = "tracing")]
            tracing::warn!(target: "longshore", "the certificate of the engine at {host} is not verified");
            let anybody = Anybody(provider.signature_verification_algorithms);
            config.dangerous().with_custom_certificate_verifier(Arc::new(anybody))
        } else {
            let roots = Arc::new(trusted(tls.ca.as_deref())?);
            let verifier = WebPkiServerVerifier::builder_with_provider(roots, provider.clone()).build();
            config.with_webpki_verifier(verifier.map_err(|error| Error::config(format!("TLS with {host}: {error}")))?)
        };
        let mut config = match (&tls.cert, &tls.key) {
            (Some(cert), Some(key)) => {
                let identity = SingleCertAndKey::from(identity(cert, key, &provider)?);
                config.with_client_cert_resolver(Arc::new(identity))
            }
            (None, None) => config.with_no_client_auth(),
            (Some(cert), None) => return Err(unusable(cert, "the key for it is missing")),
            (None, Some(key)) => return Err(unusable(key, "the certificate for it is missing")),
        };
        // Engines cannot attach over HTTP/2.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), name })
    }

    pub(super) async fn connect(&self, tcp: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.connector.connect(self.name.clone(), tcp).await
    }
}

impl std::fmt::Debug for TlsClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsClient").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Returns the cryptography provider: the application's choice takes precedence over the features.
fn provider() -> Result<Arc<CryptoProvider>> {
    CryptoProvider::get_default().cloned().map_or_else(built_in, Ok)
}

#[cfg(feature = "tls")]
#[allow(clippy::unnecessary_wraps, reason = "without any there is an error")]
fn built_in() -> Result<Arc<CryptoProvider>> {
    Ok(Arc::new(rustls::crypto::ring::default_provider()))
}

#[cfg(all(feature = "tls-aws-lc", not(feature = "tls")))]
#[allow(clippy::unnecessary_wraps, reason = "without any there is an error")]
fn built_in() -> Result<Arc<CryptoProvider>> {
    Ok(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
}

#[cfg(not(any(feature = "tls", feature = "tls-aws-lc")))]
fn built_in() -> Result<Arc<CryptoProvider>> {
    Err(Error::config("rustls has no cryptography: install a provider, or enable the feature `tls` or `tls-aws-lc`"))
}

/// Returns the authorities of the file, else those that the system trusts.
fn trusted(ca: Option<&Path>) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    match ca {
        Some(file) => {
            for certificate in certificates(file)? {
                roots.add(certificate).map_err(|error| unusable(file, &error.to_string()))?;
            }
        }
        None => {
            // Unreadable certificates of the system are simply not trusted.
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    if roots.is_empty() {
        return Err(Error::config("no trusted certificate authority: the system has none, so a ca.pem is required"));
    }
    Ok(roots)
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let certificates =
        CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<std::result::Result<Vec<_>, _>>);
    let certificates = certificates.map_err(|error| unusable(file, &error.to_string()))?;
    if certificates.is_empty() {
        return Err(unusable(file, "it contains no PEM certificate"));
    }
    Ok(certificates)
}

/// Reads the client's certificate and its key, and checks that they belong together.
///
/// rustls' own check refuses certificates of X.509 version 1. `openssl x509 -req` without `-extfile` makes these, and engines
/// accept them.
fn identity(cert: &Path, key: &Path, provider: &CryptoProvider) -> Result<CertifiedKey> {
    let (chain, private) = (certificates(cert)?, private_key(key)?);
    let private = provider.key_provider.load_private_key(private).map_err(|error| {
        let error = unusable(key, &error.to_string());
        if cfg!(feature = "tls") {
            return error
                .with_hint("for an ECDSA key on the curve P-521, enable the feature `tls-aws-lc` instead of `tls`");
        }
        error
    })?;
    let mut own = RootCertStore::empty(); // reads both versions
    if let Some(certificate) = chain.first() {
        own.add(certificate.clone()).map_err(|error| unusable(cert, &error.to_string()))?;
    }
    let both = own.roots.first().zip(private.public_key());
    // The store's copy of the public key lacks the header of its outermost sequence.
    if both.is_some_and(|(own, public)| !public.ends_with(&own.subject_public_key_info)) {
        return Err(unusable(cert, &format!("the key in {} is not the key of this certificate", key.display())));
    }
    Ok(CertifiedKey::new(chain, private))
}

fn private_key(file: &Path) -> Result<PrivateKeyDer<'static>> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    if text.contains("ENCRYPTED") {
        return Err(unusable(file, "the key is encrypted, which is not supported"));
    }
    PrivateKeyDer::from_pem_file(file).map_err(|error| unusable(file, &error.to_string()))
}

fn unusable(file: &Path, why: &str) -> Error {
    Error::config(format!("cannot use {}: {why}", file.display()))
}

/// Accepts any certificate, but still requires proof of its private key.
#[derive(Debug)]
struct Anybody(WebPkiSupportedAlgorithms);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, signature, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, signature, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}

/// Suggests what to do if the engine rejects the client's certificate.
///
/// With TLS 1.3 the engine tells so only after the client's side of the handshake, when the request may have been written.
/// The engine has read nothing of it then.
pub(super) fn rejection(error: &io::Error) -> Option<&'static str> {
    // Engines send the same alerts for a missing certificate as for an untrusted one.
    let rustls::Error::AlertReceived(
        AlertDescription::CertificateRequired
        | AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::UnknownCA
        | AlertDescription::CertificateUnknown
        | AlertDescription::CertificateExpired
        | AlertDescription::CertificateRevoked
        | AlertDescription::AccessDenied
        | AlertDescription::DecryptError,
    ) = cause(error)?
    else {
        return None;
    };
    Some("the engine wants a certificate that it trusts from this client (--tlsverify)")
}

/// Suggests what to do about a known error of the handshake.
pub(super) fn advice(error: &io::Error) -> Option<&'static str> {
    if let Some(advice) = rejection(error) {
        return Some(advice);
    }
    Some(match cause(error)? {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            // An authority of the same name with another key shows up as a bad signature.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                "the authority that signed the engine's certificate is not trusted: is the ca.pem that of this engine?"
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "the engine's certificate has expired"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "the engine's certificate is for another name than the host's"
            }
            // rustls passes these on as what its verifier says.
            CertificateError::Other(error) => match error.to_string().as_str() {
                "CaUsedAsEndEntity" => {
                    "the engine's certificate is that of an authority (CA:TRUE, the default of `openssl req -x509`): make one with \
                     `-addext basicConstraints=critical,CA:FALSE`"
                }
                "UnsupportedCertVersion" => {
                    "the engine's certificate is one of X.509 version 1, which names no host: make one with `openssl x509 -req \
                     -extfile` and a subjectAltName"
                }
                _ => "the engine's certificate is not acceptable",
            },
            _ => "the engine's certificate is not acceptable",
        },
        rustls::Error::AlertReceived(AlertDescription::HandshakeFailure) => {
            "the engine requires a client certificate, or has no kind of key or cipher in common with this client: for an engine's \
             key on the curve P-521, enable the feature `tls-aws-lc` instead of `tls`"
        }
        rustls::Error::AlertReceived(_) => "the engine ended the handshake",
        rustls::Error::InvalidMessage(_) => "this port does not speak TLS: it may be the engine's plain-text port",
        _ => return None,
    })
}

fn cause(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

#[cfg(test)]
mod tests {
    use super::{advice, rejection};
    use rustls::AlertDescription;
    use std::io;

    /// Whether nothing was sent: after the handshake, only this one cause leaves the request unread.
    #[test]
    fn only_a_rejected_client_has_sent_nothing() {
        let alert = |alert| io::Error::new(io::ErrorKind::InvalidData, rustls::Error::AlertReceived(alert));
        for (description, expected) in [
            (AlertDescription::CertificateRequired, true),
            (AlertDescription::BadCertificate, true),
            (AlertDescription::UnsupportedCertificate, true),
            (AlertDescription::UnknownCA, true),
            (AlertDescription::CertificateRevoked, true),
            (AlertDescription::BadRecordMac, false),
            (AlertDescription::InternalError, false),
            (AlertDescription::HandshakeFailure, false),
        ] {
            let error = alert(description);
            assert_eq!(rejection(&error).is_some(), expected, "{description:?}");
            assert!(advice(&error).is_some(), "{description:?}");
        }
        let message = rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType);
        assert_eq!(rejection(&io::Error::new(io::ErrorKind::InvalidData, message)), None);
        assert_eq!(rejection(&io::ErrorKind::ConnectionReset.into()), None);
    }
}
