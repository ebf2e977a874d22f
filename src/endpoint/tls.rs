//! [`Tls`]: certificates for connections over TLS.

use std::path::PathBuf;

/// Options of TLS connections to an engine: which certificates to trust and which to present. Requires the feature `tls`.
///
/// Without a [CA file](Self::ca), the certificate authorities of the system are trusted. All files are PEM.
///
/// The engine's certificate must name the host in its `subjectAltName`, and must not be that of an authority (`CA:TRUE`), even if
/// it is the CA file itself. `openssl req -x509` makes such a certificate, unless it gets
/// `-addext basicConstraints=critical,CA:FALSE`. The feature `tls` lacks keys on the curve P-521: the feature `tls-aws-lc` has them.
///
/// ```
/// use longshore::Tls;
///
/// let tls = Tls::new().ca("certs/ca.pem").identity("certs/cert.pem", "certs/key.pem");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Tls {
    pub(crate) ca: Option<PathBuf>,
    pub(crate) cert: Option<PathBuf>,
    pub(crate) key: Option<PathBuf>,
    pub(crate) skip_verify: bool,
}

impl Tls {
    /// Creates options that trust the system's certificate authorities and present no certificate.
    pub const fn new() -> Self {
        Self { ca: None, cert: None, key: None, skip_verify: false }
    }

    /// Trusts only the certificate authorities in this file.
    pub fn ca(mut self, file: impl Into<PathBuf>) -> Self {
        self.ca = Some(file.into());
        self
    }

    /// Presents this certificate, with its key. Engines with `--tlsverify` require one.
    pub fn identity(mut self, cert: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.cert = Some(cert.into());
        self.key = Some(key.into());
        self
    }

    /// Disables verification of the engine's certificate. The connection is encrypted, but a man in the middle can
    /// still read it.
    pub fn dangerously_skip_verification(mut self) -> Self {
        self.skip_verify = true;
        self
    }
}
