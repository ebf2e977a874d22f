//! [`Engine`]: the scripted engine, on a socket.

use super::exchange::Exchange;
use super::received::{ReceivedRequest, read_request};
use super::response::Response;
use crate::{Builder, Docker, Version};
use std::collections::VecDeque;
use std::io::{self, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
#[cfg(unix)]
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Follows an unexpected ping.
const NEGOTIATES: &str = "\nThe client negotiates the API version. Use the client of `Engine::client`, set \
    `Builder::api_version`, or begin the script with on(\"HEAD /_ping\").respond(Response::ping(\"1.41\"))";

/// An engine that expects the requests of a script and sends its responses.
///
/// Requests must come in the order of the script, on any number of connections. To any other request the engine responds with the
/// status code 599 and a message that says what it expected, and still expects it. Dropping the engine stops it.
///
/// # Panics
/// The drop panics if the client sent a request that does not match the script, or did not send all requests of the script. If
/// the test is already panicking, it prints the requests that do not match, to stderr.
#[derive(Debug)]
pub struct Engine {
    host: String,
    shared: Arc<Shared>,
    /// Connects to the engine's own socket, so that its thread wakes up.
    wake: Wake,
    _folder: Option<tempfile::TempDir>,
}

#[derive(Debug)]
enum Wake {
    #[cfg(unix)]
    Unix(std::path::PathBuf),
    Tcp(std::net::SocketAddr),
}

#[derive(Debug, Default)]
struct Shared {
    script: Mutex<VecDeque<Exchange>>,
    failures: Mutex<Vec<String>>,
    received: Mutex<Vec<ReceivedRequest>>,
    connections: AtomicUsize,
    any_order: AtomicBool,
    ended: AtomicBool,
}

impl Engine {
    /// Starts an engine on a unix socket, or on a TCP port where there are no unix sockets.
    ///
    /// # Panics
    /// Panics if the socket cannot be created.
    pub fn start(script: impl IntoIterator<Item = Exchange>) -> Self {
        #[cfg(unix)]
        return Self::unix(script);
        #[cfg(not(unix))]
        return Self::tcp(script);
    }

    /// Starts an engine on a unix socket in a temporary folder.
    ///
    /// # Panics
    /// Panics if the socket cannot be created.
    #[cfg(unix)]
    pub fn unix(script: impl IntoIterator<Item = Exchange>) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the socket");
        let path = folder.path().join("engine.sock");
        let listener = UnixListener::bind(&path).expect("a unix socket");
        let shared = Shared::new(script);
        shared.clone().serve(move || listener.accept().map(|(stream, _)| stream), UnixStream::try_clone);
        Self { host: format!("unix://{}", path.display()), shared, wake: Wake::Unix(path), _folder: Some(folder) }
    }

    /// Starts an engine on a TCP port of the loopback interface.
    ///
    /// # Panics
    /// Panics if no port is free.
    pub fn tcp(script: impl IntoIterator<Item = Exchange>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let shared = Shared::new(script);
        shared.clone().serve(move || listener.accept().map(|(stream, _)| stream), TcpStream::try_clone);
        Self { host: format!("tcp://{address}"), shared, wake: Wake::Tcp(address), _folder: None }
    }

    /// Accepts the requests of the script in any order, for clients that make several calls at the same time.
    #[must_use]
    pub fn in_any_order(self) -> Self {
        self.shared.any_order.store(true, Ordering::SeqCst);
        self
    }

    /// Returns the engine's host, for [`Docker::connect`] or `DOCKER_HOST`.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Creates a client of this engine. Its API version is pinned to [`Version::NEWEST`], so it does not negotiate. It looks up
    /// no registry credentials.
    ///
    /// # Panics
    /// Panics if the client cannot be created, which is a bug of this crate.
    #[must_use]
    pub fn client(&self) -> Docker {
        self.builder().api_version(Version::NEWEST).build().expect("a client")
    }

    /// Creates a builder for a client of this engine that looks up no registry credentials.
    ///
    /// The client negotiates the API version, so the script must begin with `HEAD /_ping`, unless you set
    /// [`Builder::api_version`].
    pub fn builder(&self) -> Builder {
        Docker::builder().host(&self.host).registry_credentials(false)
    }

    /// Returns the number of connections that clients have opened so far.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Returns the requests that the engine has received so far.
    #[must_use]
    pub fn received(&self) -> Vec<ReceivedRequest> {
        locked(&self.shared.received).clone()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        let _ = match &self.wake {
            #[cfg(unix)]
            Wake::Unix(path) => UnixStream::connect(path).map(drop),
            Wake::Tcp(address) => TcpStream::connect(address).map(drop),
        };
        let failures = locked(&self.shared.failures).join("\n");
        let is_panicking = std::thread::panicking();
        if !failures.is_empty() {
            let failures = format!("the client sent what the script does not have:\n{failures}");
            assert!(is_panicking, "{failures}");
            eprintln!("{failures}");
        }
        if is_panicking {
            return;
        }
        let script = locked(&self.shared.script);
        let left: Vec<_> = script.iter().filter(|next| !next.any_times).map(|next| next.request.clone()).collect();
        drop(script);
        assert!(left.is_empty(), "the client did not send: {left:?}");
    }
}

impl Shared {
    fn new(script: impl IntoIterator<Item = Exchange>) -> Arc<Self> {
        Arc::new(Self { script: Mutex::new(script.into_iter().collect()), ..Self::default() })
    }

    /// Accepts connections on a thread of its own, until the engine ends, and serves each on another one.
    fn serve<S: Read + Write + Send + 'static>(
        self: Arc<Self>,
        accept: impl Fn() -> io::Result<S> + Send + 'static,
        clone: impl Fn(&S) -> io::Result<S> + Send + 'static,
    ) {
        std::thread::spawn(move || {
            while let Ok(stream) = accept() {
                if self.ended.load(Ordering::SeqCst) {
                    return;
                }
                let (shared, reader) = (self.clone(), clone(&stream).expect("a second handle"));
                std::thread::spawn(move || shared.converse(reader, stream));
            }
        });
    }

    /// Plays the script on one connection until it, or the script, ends.
    fn converse(&self, reader: impl Read, mut writer: impl Write) {
        self.connections.fetch_add(1, Ordering::SeqCst);
        let mut reader = BufReader::new(reader);
        let mut closed = Vec::new();
        while let Some(received) = read_request(&mut reader) {
            let mut response = self.respond(&received);
            closed.extend(response.take_closed());
            if !response.play(&mut reader, &mut writer) {
                break;
            }
        }
        drop((reader, writer));
        for closed in closed {
            let _ = closed.send(());
        }
    }

    fn respond(&self, received: &ReceivedRequest) -> Response {
        locked(&self.received).push(received.clone());
        self.take(received).unwrap_or_else(|failure| {
            let response = Response::error(599, &failure);
            locked(&self.failures).push(failure);
            response
        })
    }

    /// Takes the response to a request from the script. A request that does not match leaves the script as it is.
    fn take(&self, received: &ReceivedRequest) -> Result<Response, String> {
        let mut script = locked(&self.script);
        let any_order = self.any_order.load(Ordering::SeqCst);
        let next = script.iter().position(|exchange| !exchange.any_times).filter(|_| !any_order);
        let open = script.iter().enumerate().take(next.map_or(script.len(), |next| next + 1));
        let (polled, once): (Vec<_>, Vec<_>) = open.partition(|(_, exchange)| exchange.any_times);
        // Of those for any number of requests, the latest one: it replaces those before it.
        let open: Vec<_> = once.into_iter().chain(polled.into_iter().rev()).collect();
        match open.iter().find(|(_, exchange)| exchange.check(received).is_ok()) {
            None => Err(mismatch(&open, received)),
            Some((_, exchange)) if exchange.any_times => Ok(exchange.response.clone()),
            Some(&(index, _)) => Ok(script.remove(index).expect("it was just found").response),
        }
    }
}

/// Says how a request differs from the exchanges that are open to it: from those with its method and target, if there are any.
fn mismatch(open: &[(usize, &Exchange)], received: &ReceivedRequest) -> String {
    let line = received.line();
    let nearest = open.iter().filter(|(_, exchange)| exchange.is_line_of(received));
    let differences: Vec<_> = nearest.filter_map(|(_, exchange)| exchange.check(received).err()).collect();
    if !differences.is_empty() {
        return differences.join("\n and ");
    }
    let hint = if line.ends_with(" /_ping") { NEGOTIATES } else { "" };
    if open.is_empty() {
        return format!("nothing more was expected, but got {line}{hint}");
    }
    let expected: Vec<_> = open.iter().map(|(_, exchange)| exchange.request.as_str()).collect();
    format!("expected {}\n but got {line}{hint}", expected.join("\n      or "))
}

/// Locks, also what a thread that panicked has held.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
