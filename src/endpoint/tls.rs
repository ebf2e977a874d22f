//! [`Tls`]: how an engine's identity is checked, and one's own is shown.

use std::path::PathBuf;

/// How to speak TLS with an engine: whose certificate to trust, and which to show. The feature `tls` is needed to do it.
///
/// Without an authority of its own, those that the system trusts are trusted. The files are PEM.
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
    /// Trusts whom the system trusts, and shows no certificate.
    pub const fn new() -> Self {
        Self { ca: None, cert: None, key: None, skip_verify: false }
    }

    /// Trusts the authorities of this file, and no others.
    pub fn ca(mut self, file: impl Into<PathBuf>) -> Self {
        self.ca = Some(file.into());
        self
    }

    /// Shows this certificate, with its key: engines with `--tlsverify` want one.
    pub fn identity(mut self, cert: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.cert = Some(cert.into());
        self.key = Some(key.into());
        self
    }

    /// Trusts anybody: the connection is encrypted, and whoever is between can read it all the same.
    pub fn dangerously_skip_verification(mut self) -> Self {
        self.skip_verify = true;
        self
    }
}
