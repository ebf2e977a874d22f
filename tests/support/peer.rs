//! An engine that is a function of the test's own, for bodies that no script can hold.

use longshore::{Docker, Limits, Version};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::sync::Arc;
use std::time::Duration;

/// Serves each connection by a function, on a thread of its own.
pub struct Peer {
    host: String,
    _folder: Option<tempfile::TempDir>,
}

/// One of the client's connections. Dropping it closes it, whatever is unread.
pub struct Connection {
    reader: BufReader<Box<dyn Read + Send>>,
    writer: Box<dyn Write + Send>,
}

impl Peer {
    /// One on a unix socket, and one on TCP.
    pub fn both(serve: impl Fn(Connection) + Send + Sync + 'static) -> [Self; 2] {
        let serve = Arc::new(serve);
        let also = serve.clone();
        [Self::unix(move |connection| serve(connection)), Self::tcp(move |connection| also(connection))]
    }

    pub fn unix(serve: impl Fn(Connection) + Send + Sync + 'static) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the socket");
        let path = folder.path().join("engine.sock");
        let listener = UnixListener::bind(&path).expect("a unix socket");
        let serve = Arc::new(serve);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (serve, reader) = (serve.clone(), stream.try_clone().expect("a second handle"));
                std::thread::spawn(move || serve(Connection::new(reader, stream)));
            }
        });
        Self { host: format!("unix://{}", path.display()), _folder: Some(folder) }
    }

    pub fn tcp(serve: impl Fn(Connection) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let host = format!("tcp://{}", listener.local_addr().expect("its address"));
        let serve = Arc::new(serve);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (serve, reader) = (serve.clone(), stream.try_clone().expect("a second handle"));
                std::thread::spawn(move || serve(Connection::new(reader, stream)));
            }
        });
        Self { host, _folder: None }
    }

    pub fn host(&self) -> &str {
        &self.host
    }

    /// A client that speaks API 1.41.
    pub fn docker(&self) -> Docker {
        Docker::builder().host(&self.host).api_version(Version::new(1, 41)).build().expect("a client")
    }

    /// The same with a short limit for the head of an answer, and between its pieces.
    pub fn impatient(&self, limit: Duration) -> Docker {
        let limits = Limits::new().head(limit).idle(limit);
        Docker::builder().host(&self.host).api_version(Version::new(1, 41)).limits(limits).build().expect("a client")
    }
}

impl Connection {
    fn new(reader: impl Read + Send + 'static, writer: impl Write + Send + 'static) -> Self {
        Self { reader: BufReader::new(Box::new(reader)), writer: Box::new(writer) }
    }

    /// Reads the head of a request, whole and in lower case; "" once the client has closed.
    pub fn head(&mut self) -> String {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") && self.reader.read_line(&mut head).is_ok_and(|length| length > 0) {}
        head.to_ascii_lowercase()
    }

    /// Reads a chunk of a chunked body into the buffer; empty at its end, `None` if the client closed before it.
    pub fn chunk<'a>(&mut self, buffer: &'a mut Vec<u8>) -> Option<&'a [u8]> {
        let mut line = String::new();
        self.reader.read_line(&mut line).ok()?;
        let length = usize::from_str_radix(line.trim_end(), 16).ok()?;
        buffer.resize(length + 2, 0);
        self.reader.read_exact(buffer).ok()?;
        buffer.get(..length)
    }

    /// Reads a chunked body to its end, and counts its bytes; `None` if the client closed before it.
    pub fn count(&mut self) -> Option<u64> {
        let (mut buffer, mut count) = (Vec::new(), 0);
        loop {
            match self.chunk(&mut buffer)?.len() {
                0 => return Some(count),
                length => count += length as u64,
            }
        }
    }

    /// Reads so many bytes, of whatever.
    pub fn skip(&mut self, length: u64) -> bool {
        let reader: &mut dyn Read = &mut self.reader;
        std::io::copy(&mut reader.take(length), &mut std::io::sink()).is_ok_and(|read| read == length)
    }

    /// Reads whatever comes until the client closes.
    pub fn rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        let _ = self.reader.read_to_end(&mut rest);
        rest
    }

    /// Sends bytes; `false` if the client takes no more.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.writer.write_all(bytes.as_ref()).is_ok()
    }

    /// Sends a chunk of a chunked body.
    pub fn send_chunk(&mut self, bytes: &[u8]) -> bool {
        self.send(format!("{:x}\r\n", bytes.len())) && self.send(bytes) && self.send("\r\n")
    }
}
