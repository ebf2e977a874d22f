//! A scripted engine on a real socket: it answers what a test tells it to, and fails the test if its client sends
//! anything else.
//!
//! It runs on threads of its own with blocking sockets, so that no runtime of a test is part of it.

#![allow(dead_code, reason = "each test binary uses a part of it")]

pub mod again;
mod answer;
pub mod builds;
pub mod guarded;
pub mod peer;
pub mod produce;
pub mod real;
pub mod registry;
#[cfg(feature = "tracing")]
pub mod scribe;
pub mod shown;
pub mod tar;
pub mod watched;
mod wire;

pub use answer::Answer;
pub use wire::Received;

use longshore::{Builder, Docker, Limits, Version};
use std::collections::VecDeque;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request that has to come next, and what is answered to it.
pub struct Exchange {
    request: String,
    body: Option<serde_json::Value>,
    bytes: Option<Vec<u8>>,
    headers: Vec<(&'static str, String)>,
    answer: Answer,
}

/// What has to come next: method and target exactly, such as `GET /v1.41/containers/json?all=true`.
pub fn on(request: &str) -> Exchange {
    Exchange { request: request.to_owned(), body: None, bytes: None, headers: Vec::new(), answer: Answer::status(204) }
}

impl Exchange {
    /// The request's body has to be exactly this JSON.
    pub fn with_json(mut self, body: serde_json::Value) -> Self {
        self.body = Some(body);
        self
    }

    /// The request's body has to be exactly these bytes, such as those of an archive.
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.bytes = Some(body.into());
        self
    }

    /// The request has to have this header.
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub fn answer(mut self, answer: Answer) -> Self {
        self.answer = answer;
        self
    }

    fn check(&self, received: &Received) -> Result<(), String> {
        if received.line() != self.request {
            return Err(format!("expected {}\n but got {}", self.request, received.line()));
        }
        for (name, value) in &self.headers {
            if received.header(name) != Some(value) {
                return Err(format!(
                    "{}: the header {name} is {:?}, not {value:?}",
                    self.request,
                    received.header(name)
                ));
            }
        }
        match &self.body {
            Some(expected) => {
                let body: serde_json::Value =
                    serde_json::from_slice(&received.body).map_err(|error| format!("{}: {error}", self.request))?;
                if received.header("content-type").map(String::as_str) != Some("application/json") {
                    return Err(format!("{}: the content type is not JSON", self.request));
                }
                if body == *expected {
                    Ok(())
                } else {
                    Err(format!("{}: expected\n{expected}\n but got\n{body}", self.request))
                }
            }
            None if received.body == self.bytes.as_deref().unwrap_or_default() => Ok(()),
            None => Err(format!("{}: unexpected body {:?}", self.request, String::from_utf8_lossy(&received.body))),
        }
    }
}

/// A scripted engine. Dropping it checks that all of its script was played, and nothing else.
pub struct Engine {
    host: String,
    shared: Arc<Shared>,
    _folder: Option<tempfile::TempDir>,
}

#[derive(Default)]
struct Shared {
    script: Mutex<VecDeque<Exchange>>,
    failures: Mutex<Vec<String>>,
    connections: AtomicUsize,
    received: Mutex<Vec<Received>>,
}

impl Engine {
    /// On a unix socket.
    pub fn unix(script: impl IntoIterator<Item = Exchange>) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the socket");
        let path = folder.path().join("engine.sock");
        let listener = UnixListener::bind(&path).expect("a unix socket");
        let shared = Arc::new(Shared { script: Mutex::new(script.into_iter().collect()), ..Shared::default() });
        let served = shared.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (shared, reader) = (served.clone(), stream.try_clone().expect("a second handle"));
                std::thread::spawn(move || shared.serve(reader, stream));
            }
        });
        Self { host: format!("unix://{}", path.display()), shared, _folder: Some(folder) }
    }

    /// On a TCP port of the loopback interface.
    pub fn tcp(script: impl IntoIterator<Item = Exchange>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let host = format!("tcp://{}", listener.local_addr().expect("its address"));
        let shared = Arc::new(Shared { script: Mutex::new(script.into_iter().collect()), ..Shared::default() });
        let served = shared.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (shared, reader) = (served.clone(), stream.try_clone().expect("a second handle"));
                std::thread::spawn(move || shared.serve(reader, stream));
            }
        });
        Self { host, shared, _folder: None }
    }

    pub fn host(&self) -> &str {
        &self.host
    }

    /// A client to be built, that takes no credentials of whoever runs the tests.
    pub fn builder(&self) -> Builder {
        Docker::builder().host(&self.host).registry_credentials(false)
    }

    /// A client that negotiates.
    pub fn negotiating(&self) -> Docker {
        self.builder().build().expect("a client")
    }

    /// One that takes the credentials that a folder of the docker CLI's settings has.
    pub fn with_settings(&self, minor: u16, folder: impl Into<PathBuf>) -> Docker {
        let builder = Docker::builder().host(&self.host).api_version(Version::new(1, minor));
        builder.config_folder(folder).build().expect("a client")
    }

    /// A client that speaks this version without asking.
    pub fn docker(&self, minor: u16) -> Docker {
        self.builder().api_version(Version::new(1, minor)).build().expect("a client")
    }

    /// The same with limits so short that a test can wait for them.
    pub fn impatient(&self, minor: u16) -> Docker {
        let short = Duration::from_millis(50);
        let limits = Limits::new().connect(short).head(short).idle(short);
        self.builder().api_version(Version::new(1, minor)).limits(limits).build().expect("a client")
    }

    /// How many connections were accepted so far.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// The requests so far.
    pub fn received(&self) -> Vec<Received> {
        self.shared.received.lock().expect("received").clone()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let failures = self.shared.failures.lock().expect("failures");
        assert!(failures.is_empty(), "the client sent what the script has not:\n{}", failures.join("\n"));
        let left: Vec<_> = self.shared.script.lock().expect("script").iter().map(|next| next.request.clone()).collect();
        assert!(left.is_empty(), "the client did not send: {left:?}");
    }
}

impl Shared {
    /// Plays the script on one connection until it, or the script, ends.
    fn serve(&self, reader: impl std::io::Read, mut writer: impl Write) {
        self.connections.fetch_add(1, Ordering::SeqCst);
        let mut reader = std::io::BufReader::new(reader);
        let mut closed = None;
        while let Some(received) = wire::read_request(&mut reader) {
            self.received.lock().expect("received").push(received.clone());
            let next = self.script.lock().expect("script").pop_front();
            let answer = match next {
                None => Err(format!("nothing more was expected, but got {}", received.line())),
                Some(next) => next.check(&received).map(|()| next.answer),
            };
            let mut answer = answer.unwrap_or_else(|failure| {
                self.failures.lock().expect("failures").push(failure.clone());
                Answer::json(599, &serde_json::json!({ "message": failure }))
            });
            closed = answer.take_closed();
            if !answer.play(&mut reader, &mut writer) {
                break;
            }
        }
        drop((reader, writer));
        if let Some(closed) = closed {
            let _ = closed.send(());
        }
    }
}

/// A body recorded from a real engine: `fixture("docker-20.10.24/container_inspect.json")`.
pub fn fixture(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
