//! TLS: what the client offers and presents, and what is told when it fails.

use longshore::{Docker, Error, ErrorKind, Tls};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, RootCertStore, ServerConfig, SignatureScheme};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// A certificate of X.509 version 1, as `openssl x509 -req` makes it without `-extfile`, and its key.
const VERSION_1: &str = "-----BEGIN CERTIFICATE-----
MIIBHjCBxQIUMwYItMUppzbmfMru35wODjWW31MwCgYIKoZIzj0EAwIwETEPMA0G
A1UEAwwGY2xpZW50MCAXDTI2MTEzMDIxMzIxMloYDzIxMjYxMTA2MjEzMjEyWjAR
MQ8wDQYDVQQDDAZjbGllbnQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASvRx9y
NjOwsY0HHmocMnOWWiWVoSjoLkh3sS+8Bp9uX+sRCu2HzaNZWIaXrHSQ9fPeJgpa
KYnPEyQm7OSbu8QiMAoGCCqGSM49BAMCA0gAMEUCIQDk4Y41QboSypGzQbJm73cL
O+yuZWfxjNGM03NqwuDpiwIgTAThVQ16fypWNC3X8WN0pk22DwM8ktqs+UWvqa/3
yK8=
-----END CERTIFICATE-----";
const VERSION_1_KEY: &str = "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAbDW1OEWI8ztbnZ4
Wg/pK+55TBXjbOmmYwd1HgRQhZ6hRANCAASvRx9yNjOwsY0HHmocMnOWWiWVoSjo
Lkh3sS+8Bp9uX+sRCu2HzaNZWIaXrHSQ9fPeJgpaKYnPEyQm7OSbu8Qi
-----END PRIVATE KEY-----";
/// A key on the curve P-521.
const P521_KEY: &str = "-----BEGIN PRIVATE KEY-----
MIHuAgEAMBAGByqGSM49AgEGBSuBBAAjBIHWMIHTAgEBBEIAVOj3wGpiHNZ7k1GL
ejIh0Iapb9jPNC2iEA3RkGUc8gch691yFVYXNFNRYKJw83bjEBuXPToaP0yOgAs8
R0PGVBKhgYkDgYYABAFh5aZARlE6+fXjiYhGIVpqIFXL5AnhpJypkwRnk4zA37Tq
iLoI5MlKx9ysDKDU/qVjrX9gBR1L04Jthf5ATJ7WTACk80jlJQ3MzZ4iEVrt4Bej
dbKTHwTkNMWKiuXKuJCOiHLCjtYrEpZe68qXrN5hDPMcmTkk3IZlZR1X85CVlJM+
5A==
-----END PRIVATE KEY-----";

/// The files of a client, and the server that they are for.
struct Setting {
    folder: tempfile::TempDir,
    certificate: rcgen::Certificate,
    key: PrivateKeyDer<'static>,
}

impl Setting {
    /// Makes a certificate for 127.0.0.1, signed by itself, and its `ca.pem`.
    fn new(is_authority: bool) -> Self {
        let mut params = rcgen::CertificateParams::new(["127.0.0.1".to_owned()]).expect("parameters");
        if is_authority {
            params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        }
        let key = rcgen::KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        let setting = Self {
            folder: tempfile::tempdir().expect("a folder"),
            certificate,
            key: PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der())),
        };
        setting.file("ca.pem", &setting.certificate.pem());
        setting.file("key.pem", &key.serialize_pem());
        setting
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let file = self.folder.path().join(name);
        std::fs::write(&file, text).expect("written");
        file
    }

    /// The client's options: it trusts the server.
    fn tls(&self) -> Tls {
        Tls::new().ca(self.folder.path().join("ca.pem"))
    }

    /// The server's side, which asks the client for a certificate if there is a verifier.
    fn acceptor(&self, verifier: Option<Arc<dyn ClientCertVerifier>>, protocols: &[&str]) -> TlsAcceptor {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let server = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let server = server.expect("versions");
        let server = match verifier {
            Some(verifier) => server.with_client_cert_verifier(verifier),
            None => server.with_no_client_auth(),
        };
        let mut server =
            server.with_single_cert(vec![self.certificate.der().clone()], self.key.clone_key()).expect("a certificate");
        server.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
        TlsAcceptor::from(Arc::new(server))
    }
}

/// Listens on a free port, and returns the host of it.
async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let host = format!("tcp://{}", listener.local_addr().expect("its address"));
    (listener, host)
}

fn docker(host: String, tls: Tls) -> Docker {
    Docker::builder().host(host).tls(tls).api_version("1.41").build().expect("a client")
}

async fn read_head(socket: &mut BufReader<TlsStream<TcpStream>>) {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") && socket.read_line(&mut head).await.expect("a request") > 0 {}
}

/// Newer engines prefer HTTP/2, which no client can attach over.
#[tokio::test]
async fn it_speaks_http_1_with_a_server_that_prefers_http_2() {
    let setting = Setting::new(false);
    let acceptor = setting.acceptor(None, &["h2", "http/1.1"]);
    let (listener, host) = listen().await;
    let engine = tokio::spawn(async move {
        let socket = acceptor.accept(listener.accept().await.expect("a connection").0).await.expect("TLS");
        let agreed = socket.get_ref().1.alpn_protocol().map(<[u8]>::to_vec);
        let mut socket = BufReader::new(socket);
        read_head(&mut socket).await;
        socket.write_all(b"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 0\r\n\r\n").await.expect("sent");
        agreed
    });
    docker(host, setting.tls()).ping().await.expect("an answer");
    assert_eq!(engine.await.expect("a task").as_deref(), Some(&b"http/1.1"[..]));
}

/// The error of a start, with a server that goes on after the handshake like this.
async fn failure(
    setting: &Setting,
    verifier: Option<Arc<dyn ClientCertVerifier>>,
    goes_on: impl AsyncFnOnce(TlsStream<TcpStream>),
) -> Error {
    let acceptor = setting.acceptor(verifier, &[]);
    let (listener, host) = listen().await;
    let engine = async {
        if let Ok(socket) = acceptor.accept(listener.accept().await.expect("a connection").0).await {
            goes_on(socket).await;
        }
    };
    let web = docker(host, setting.tls()).container("web");
    let (started, ()) = tokio::join!(web.start().into_future(), engine);
    started.expect_err("no response")
}

/// A middlebox that gives up answers in plain text, in the middle of the connection.
#[tokio::test]
async fn a_request_that_has_arrived_is_not_said_to_be_unsent() {
    let error = failure(&Setting::new(false), None, async |socket| {
        let mut socket = BufReader::new(socket);
        read_head(&mut socket).await;
        let (mut tcp, _) = socket.into_inner().into_inner();
        tcp.write_all(b"HTTP/1.1 502 Bad Gateway\r\n\r\n").await.expect("sent");
        let _ = tcp.read_u8().await; // until the client closes
    })
    .await;
    assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
    let text = error.to_string();
    assert!(
        text.ends_with(" before the engine responded; the engine may or may not have processed the request"),
        "{text}"
    );
}

/// With TLS 1.3, the client may have written its request by the time that the alert arrives. The engine never reads it.
#[tokio::test]
async fn an_engine_that_rejects_the_client_has_been_sent_nothing() {
    let setting = Setting::new(false);
    let mut roots = RootCertStore::empty();
    roots.add(setting.certificate.der().clone()).expect("an authority");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().expect("a verifier");
    let error = failure(&setting, Some(verifier), async |_| panic!("no certificate was presented")).await;
    assert!(error.is_connect(), "{error}");
    assert!(
        error.to_string().ends_with("the engine wants a certificate that it trusts from this client (--tlsverify)"),
        "{error}"
    );
}

#[tokio::test]
async fn why_the_engines_certificate_is_refused() {
    let error = failure(&Setting::new(true), None, async |_| panic!("it was not refused")).await;
    assert!(error.is_connect() && error.to_string().contains("-addext basicConstraints=critical,CA:FALSE"), "{error}");
}

/// Such as an engine whose key is on a curve that the client lacks.
#[tokio::test]
async fn a_failed_handshake_names_the_other_cryptography() {
    let setting = Setting::new(false);
    let (listener, host) = listen().await;
    let engine = async {
        let mut socket = listener.accept().await.expect("a connection").0;
        assert!(socket.read(&mut [0; 4096]).await.expect("read") > 0, "a greeting");
        socket.write_all(&[21, 3, 3, 0, 2, 2, 40]).await.expect("the alert handshake_failure");
        let _ = socket.read_u8().await; // until the client closes
    };
    let docker = docker(host, setting.tls());
    let (pinged, ()) = tokio::join!(docker.ping().into_future(), engine);
    let error = pinged.expect_err("no handshake");
    assert!(error.is_connect() && error.to_string().contains("`tls-aws-lc`"), "{error}");
}

/// Accepts any certificate, as an engine does with those of version 1.
#[derive(Debug)]
struct Anybody;

impl ClientCertVerifier for Anybody {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ECDSA_NISTP256_SHA256]
    }
}

#[tokio::test]
async fn a_clients_certificate_of_version_1_is_presented() {
    let setting = Setting::new(false);
    let identity = (setting.file("v1.pem", VERSION_1), setting.file("v1-key.pem", VERSION_1_KEY));
    let acceptor = setting.acceptor(Some(Arc::new(Anybody)), &[]);
    let (listener, host) = listen().await;
    let engine = async {
        let socket = acceptor.accept(listener.accept().await.expect("a connection").0).await.expect("TLS");
        let presented = socket.get_ref().1.peer_certificates().map(<[_]>::len);
        let mut socket = BufReader::new(socket);
        read_head(&mut socket).await;
        socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.expect("sent");
        presented
    };
    let docker = docker(host, setting.tls().identity(identity.0, identity.1));
    let (pinged, presented) = tokio::join!(docker.ping().into_future(), engine);
    pinged.expect("an answer");
    assert_eq!(presented, Some(1));
}

#[test]
fn what_is_wrong_with_the_clients_files_is_said_at_once() {
    let setting = Setting::new(false);
    let file = |name: &str| setting.folder.path().join(name);
    setting.file("v1.pem", VERSION_1);
    setting.file("p521-key.pem", P521_KEY);
    setting.file("junk.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    for (cert, key, words) in [
        ("ca.pem", "p521-key.pem", vec!["p521-key.pem: ", "P-521", "`tls-aws-lc`"]),
        ("v1.pem", "key.pem", vec!["/v1.pem: the key in ", "/key.pem is not the key of this certificate"]),
        ("junk.pem", "key.pem", vec!["cannot use ", "/junk.pem: "]),
    ] {
        let tls = setting.tls().identity(file(cert), file(key));
        let error = Docker::builder().host("tcp://127.0.0.1:1").tls(tls).build().expect_err(cert);
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        for words in words {
            assert!(error.to_string().contains(words), "{words}: {error}");
        }
    }
}
