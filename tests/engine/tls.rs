//! A real engine that speaks TLS and wants to see a certificate: `dockerd --tlsverify`.

#![cfg(feature = "tls-no-provider")]

use longshore::{Docker, ErrorKind, Tls};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair, date_time_ymd,
};
use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// An authority that certificates are made by.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, "longshore's test authority");
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority"))
    }

    /// Writes `NAME-cert.pem` and `NAME-key.pem`, for these names.
    fn issue(&self, folder: &Path, name: &str, hosts: &[&str], expired: bool) -> (PathBuf, PathBuf) {
        let mut params =
            CertificateParams::new(hosts.iter().map(|host| (*host).to_owned()).collect::<Vec<_>>()).expect("names");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        if expired {
            (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
        }
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        let (cert, key_file) = (folder.join(format!("{name}-cert.pem")), folder.join(format!("{name}-key.pem")));
        fs::write(&cert, certificate.pem()).expect("written");
        fs::write(&key_file, key.serialize_pem()).expect("written");
        (cert, key_file)
    }

    fn write(&self, file: &Path) -> PathBuf {
        fs::write(file, self.0.pem()).expect("written");
        file.to_owned()
    }
}

/// A `dockerd` of the test's own, which needs root. It makes no container, and has a bridge of its own: with none, it would
/// remove that of the engine beside it.
struct Dockerd {
    process: Child,
    /// Removed after the process has ended.
    _bridge: Bridge,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Dockerd {
    fn start(arguments: &[&str]) -> Self {
        let folder = tempfile::Builder::new().prefix("longshore-tls").tempdir_in("/tmp").expect("a folder");
        let file = |name: &str| folder.path().join(name).display().to_string();
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its address").port();
        let mut dockerd = Command::new("dockerd");
        dockerd.args([
            "-H",
            &format!("tcp://127.0.0.1:{port}"),
            "--data-root",
            &file("data"),
            "--exec-root",
            &file("exec"),
        ]);
        dockerd.args(["--pidfile", &file("pid"), "--config-file", &file("none.json"), "--storage-driver", "vfs"]);
        let bridge = Bridge::new();
        dockerd.args(["--bridge", &bridge.0, "--iptables=false", "--ip6tables=false"]).args(arguments);
        fs::write(file("none.json"), "{}").expect("no configuration");
        let log = fs::File::create(file("log")).expect("a log");
        dockerd.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let mut process = dockerd.spawn().expect("dockerd: run under tests/engine.sh");
        let deadline = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let log = fs::read_to_string(file("log")).unwrap_or_default();
            let ended = process.try_wait().expect("its state").is_some();
            assert!(!ended && Instant::now() < deadline, "dockerd does not listen (it needs root):\n{log}");
            std::thread::sleep(Duration::from_millis(50));
        }
        Self { process, _bridge: bridge, port, _folder: folder }
    }
}

/// A bridge that nothing is on.
struct Bridge(String);

impl Bridge {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let bridge = Self(format!("lstls{}x{number}", std::process::id() % 100_000));
        let ip = |arguments: &[&str]| {
            let status = Command::new("ip").args(arguments).status().expect("ip: install iproute2");
            assert!(status.success(), "ip {arguments:?} (it needs root)");
        };
        ip(&["link", "add", &bridge.0, "type", "bridge"]);
        ip(&["addr", "add", &format!("10.213.{}.1/24", 100 + number), "dev", &bridge.0]);
        bridge
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        let _ = Command::new("ip").args(["link", "del", &self.0]).status();
    }
}

impl Drop for Dockerd {
    /// Asked to end, it ends its containerd as well.
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}

/// Whether this process may make an engine of its own. If not, it says which test is skipped: that is all that shows, since
/// the output of tests that pass is not shown.
fn is_root(test: &str) -> bool {
    let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    if !is_root {
        let _ = writeln!(std::io::stderr(), "skipped {test}: it starts a dockerd of its own, which needs root");
    }
    is_root
}

fn docker(host: &str, port: u16, tls: Tls) -> longshore::Result<Docker> {
    Docker::builder().host(format!("tcp://{host}:{port}")).tls(tls).build()
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn each_way_that_tls_goes_wrong_has_its_own_words_and_none_falls_back() {
    if !is_root("each_way_that_tls_goes_wrong_has_its_own_words_and_none_falls_back") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let (ours, theirs) = (Authority::new(), Authority::new());
    let (ca, other_ca) = (ours.write(&path.join("ca.pem")), theirs.write(&path.join("other-ca.pem")));
    let (server, server_key) = ours.issue(path, "server", &["127.0.0.1"], false);
    let client = ours.issue(path, "client", &[], false);
    let stranger = theirs.issue(path, "stranger", &[], false);
    let expired = ours.issue(path, "expired", &[], true);
    let text = |file: &Path| file.display().to_string();
    let (ca_text, server, server_key) = (text(&ca), text(&server), text(&server_key));
    let engine =
        Dockerd::start(&["--tlsverify", "--tlscacert", &ca_text, "--tlscert", &server, "--tlskey", &server_key]);

    let right = Tls::new().ca(&ca).identity(&client.0, &client.1);
    let docker_right = docker("127.0.0.1", engine.port, right.clone()).expect("a client");
    for _ in 0..3 {
        assert_eq!(docker_right.version().await.expect("an answer").os, "linux");
    }
    assert!(docker_right.endpoint().is_tls());
    let lax = Tls::new().dangerously_skip_verification().identity(&client.0, &client.1);
    docker("localhost", engine.port, lax).expect("a client").version().await.expect("an answer");

    let cases = [
        ("no certificate", "127.0.0.1", Tls::new().ca(&ca), "wants a certificate"),
        ("a stranger's", "127.0.0.1", Tls::new().ca(&ca).identity(&stranger.0, &stranger.1), "wants a certificate"),
        ("an expired one", "127.0.0.1", Tls::new().ca(&ca).identity(&expired.0, &expired.1), "wants a certificate"),
        (
            "another authority",
            "127.0.0.1",
            Tls::new().ca(&other_ca).identity(&client.0, &client.1),
            "authority that signed",
        ),
        ("the system's authorities", "127.0.0.1", Tls::new().identity(&client.0, &client.1), "authority that signed"),
        ("another name", "localhost", right.clone(), "for another name"),
    ];
    for (what, host, tls, words) in cases {
        let error = docker(host, engine.port, tls).expect("a client").version().await.expect_err(what);
        assert_eq!(error.kind(), ErrorKind::Connect, "{what}: {error}");
        assert!(error.to_string().contains(words), "{what}: {error}");
    }

    let plain = Docker::connect(format!("tcp://127.0.0.1:{}", engine.port)).expect("a client");
    let error = plain.version().await.expect_err("plain text to the port of TLS");
    assert!(error.to_string().contains("this port speaks TLS"), "{error}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn the_servers_own_faults_and_a_port_without_tls() {
    if !is_root("the_servers_own_faults_and_a_port_without_tls") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let ours = Authority::new();
    let ca = ours.write(&path.join("ca.pem"));
    let (server, server_key) = ours.issue(path, "server", &["127.0.0.1"], true);
    let text = |file: &Path| file.display().to_string();
    let (ca_text, server, server_key) = (text(&ca), text(&server), text(&server_key));
    let engine = Dockerd::start(&["--tls", "--tlscacert", &ca_text, "--tlscert", &server, "--tlskey", &server_key]);
    let error =
        docker("127.0.0.1", engine.port, Tls::new().ca(&ca)).expect("a client").ping().await.expect_err("expired");
    assert!(error.is_connect() && error.to_string().contains("has expired"), "{error}");
    drop(engine);

    let engine = Dockerd::start(&[]);
    let error =
        docker("127.0.0.1", engine.port, Tls::new().ca(&ca)).expect("a client").ping().await.expect_err("plain");
    assert!(error.is_connect() && error.to_string().contains("does not speak TLS"), "{error}");
}

#[test]
fn what_is_wrong_with_the_files_is_said_before_any_connection() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let ours = Authority::new();
    let ca = ours.write(&path.join("ca.pem"));
    let (cert, key) = ours.issue(path, "client", &[], false);
    let (_, other_key) = ours.issue(path, "other", &[], false);
    let (empty, junk, encrypted) = (path.join("empty.pem"), path.join("junk.pem"), path.join("encrypted.pem"));
    fs::write(&empty, "").expect("written");
    fs::write(&junk, "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n").expect("written");
    fs::write(&encrypted, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n")
        .expect("written");
    for (tls, file) in [
        (Tls::new().ca("/no/ca.pem"), "/no/ca.pem"),
        (Tls::new().ca(&empty), "empty.pem"),
        (Tls::new().ca(&junk), "junk.pem"),
        (Tls::new().ca(&ca).identity(&cert, &encrypted), "the key is encrypted"),
        (Tls::new().ca(&ca).identity(&cert, &empty), "empty.pem"),
        (Tls::new().ca(&ca).identity(&cert, &other_key), "other-key.pem"),
        (Tls::new().ca(&ca).identity(&key, &key), "client-key.pem"),
    ] {
        let error = docker("127.0.0.1", 1, tls).expect_err(file);
        assert!(error.kind() == ErrorKind::Config && error.to_string().contains(file), "{file}: {error}");
    }
}
