//! TLS: what the client offers a server that speaks more than HTTP/1.1.

use longshore::{Docker, Tls};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

/// Newer engines prefer HTTP/2, which no client can attach over.
#[tokio::test]
async fn it_speaks_http_1_with_a_server_that_prefers_http_2() {
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    let ca = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(ca.path(), cert.pem()).expect("written");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let server = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let mut server =
        server.with_no_client_auth().with_single_cert(vec![cert.der().clone()], key).expect("a certificate");
    server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(server));

    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let host = format!("tcp://{}", listener.local_addr().expect("its address"));
    let engine = tokio::spawn(async move {
        let socket = acceptor.accept(listener.accept().await.expect("a connection").0).await.expect("TLS");
        let agreed = socket.get_ref().1.alpn_protocol().map(<[u8]>::to_vec);
        let mut socket = BufReader::new(socket);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") && socket.read_line(&mut head).await.expect("a request") > 0 {}
        socket.write_all(b"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 0\r\n\r\n").await.expect("sent");
        agreed
    });
    let docker = Docker::builder().host(host).tls(Tls::new().ca(ca.path())).build().expect("a client");
    docker.ping().await.expect("an answer");
    assert_eq!(engine.await.expect("a task").as_deref(), Some(&b"http/1.1"[..]));
}
