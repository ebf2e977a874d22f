//! An engine with BuildKit, as far as a session goes: it calls what the client serves, and says of the build what a test wants.

use bytes::{BufMut, Bytes, BytesMut};
use http_body_util::channel::{Channel, Sender};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use longshore::{Docker, Version};
use prost::Message;
use std::path::PathBuf;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

type Body = http_body_util::combinators::BoxBody<Bytes, std::convert::Infallible>;

pub struct BuildEngine {
    folder: tempfile::TempDir,
    requests: UnboundedReceiver<(String, UnixStream)>,
}

/// The session that a client has opened.
pub struct Session {
    pub head: String,
    sender: SendRequest<Body>,
    connection: tokio::task::JoinHandle<()>,
}

/// A call that goes on.
pub struct Call {
    sender: Option<Sender<Bytes>>,
    answer: Response,
}

pub struct Response {
    body: Incoming,
    buffer: BytesMut,
    trailers: hyper::HeaderMap,
}

impl BuildEngine {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let listener = UnixListener::bind(folder.path().join("engine.sock")).expect("a socket");
        let (tell, requests) = unbounded_channel();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let tell = tell.clone();
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") {
                        match stream.read_u8().await {
                            Ok(byte) => head.push(byte),
                            Err(_) => return,
                        }
                    }
                    let _ = tell.send((String::from_utf8(head).expect("text"), stream));
                });
            }
        });
        Self { folder, requests }
    }

    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("engine.sock")
    }

    pub fn docker(&self, minor: u16) -> Docker {
        let builder = Docker::builder().host(format!("unix://{}", self.socket().display())).registry_credentials(false);
        builder.api_version(Version::new(1, minor)).build().expect("a client")
    }

    /// The next request, and the connection that it came on.
    pub async fn request(&mut self, line: &str) -> (String, UnixStream) {
        let next = tokio::time::timeout(Duration::from_secs(30), self.requests.recv()).await;
        let (head, stream) = next.unwrap_or_else(|_| panic!("no request: {line}")).expect("a request");
        assert!(head.starts_with(line), "{head}");
        (head, stream)
    }

    /// Serves `BuildKit`'s own service on a connection: answers each call by its path, and gives what was asked. An answer
    /// has one message or more.
    pub fn serve(
        stream: UnixStream,
        begun: &'static [u8],
        answer: fn(&str) -> Vec<Vec<u8>>,
    ) -> UnboundedReceiver<(String, Bytes)> {
        let (tell, told) = unbounded_channel();
        let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
            let tell = tell.clone();
            async move {
                let path = request.uri().path().to_owned();
                let body = request.into_body().collect().await.expect("a body").to_bytes();
                let _ = tell.send((path.clone(), body.slice(5..)));
                let (mut sender, channel) = Channel::<Bytes>::new(4);
                tokio::spawn(async move {
                    for message in answer(&path) {
                        let _ = sender.send_data(framed(&message)).await;
                    }
                    let mut trailers = hyper::HeaderMap::new();
                    trailers.insert("grpc-status", "0".parse().expect("a value"));
                    let _ = sender.send_trailers(trailers).await;
                });
                hyper::Response::builder().header("content-type", "application/grpc").body(channel)
            }
        });
        let (reader, writer) = stream.into_split();
        let stream = TokioIo::new(tokio::io::join(begun.chain(reader), writer));
        let server = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
        tokio::spawn(async move { drop(server.serve_connection(stream, service).await) });
        told
    }

    /// Serves `BuildKit`'s own service on a connection, and never ends an answer: a build's progress begins with a record,
    /// and its end never comes. Gives what was asked.
    pub fn serve_endlessly(stream: UnixStream) -> UnboundedReceiver<(String, Bytes)> {
        let (tell, told) = unbounded_channel();
        let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
            let tell = tell.clone();
            async move {
                let path = request.uri().path().to_owned();
                let body = request.into_body().collect().await.expect("a body").to_bytes();
                let _ = tell.send((path.clone(), body.slice(5..)));
                if !path.ends_with("/Status") {
                    return std::future::pending().await;
                }
                let (mut sender, channel) = Channel::<Bytes>::new(4);
                let _ = sender.send_data(framed(b"")).await;
                tokio::spawn(async move {
                    std::future::pending::<()>().await;
                    drop(sender);
                });
                hyper::Response::builder().header("content-type", "application/grpc").body(channel)
            }
        });
        let server = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
        tokio::spawn(async move { drop(server.serve_connection(TokioIo::new(stream), service).await) });
        told
    }

    /// Waits until the client opens a session.
    pub async fn session(&mut self) -> Session {
        let (head, mut stream) = self.request("POST /v1.").await;
        assert!(head.contains("/session HTTP/1.1\r\n"), "{head}");
        stream
            .write_all(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
            .await
            .expect("sent");
        let (sender, connection) = handshake(TokioExecutor::new(), TokioIo::new(stream)).await.expect("HTTP/2");
        let connection = tokio::spawn(async move { drop(connection.await) });
        Session { head, sender, connection }
    }
}

/// Ends a build with what its stream says.
pub async fn finish(mut stream: UnixStream, body: &str) {
    let answer =
        format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(answer.as_bytes()).await.expect("sent");
}

fn framed(message: &[u8]) -> Bytes {
    let mut framed = BytesMut::new();
    framed.put_u8(0);
    framed.put_u32(u32::try_from(message.len()).expect("short"));
    framed.extend_from_slice(message);
    framed.freeze()
}

impl Session {
    async fn begin(&mut self, path: &str, headers: &[(&str, &str)], body: Body) -> Response {
        let mut request = hyper::Request::post(format!("http://localhost{path}")).header("te", "trailers");
        request = request.header("content-type", "application/grpc");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.sender.ready().await.expect("a connection");
        let answer = self.sender.send_request(request.body(body).expect("a request")).await.expect("an answer");
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["content-type"]),
            (200, &"application/grpc".parse().expect("a value"))
        );
        Response { body: answer.into_body(), buffer: BytesMut::new(), trailers: hyper::HeaderMap::new() }
    }

    /// Calls a method with one message. Gives the answer's, or the code and words of its refusal.
    pub async fn call(&mut self, path: &str, message: &[u8]) -> Result<Bytes, (u16, String)> {
        let mut answer = self.begin(path, &[], Full::new(framed(message)).boxed()).await;
        let message = answer.next().await;
        while answer.next().await.is_some() {}
        answer.status().map(|()| message.expect("a message"))
    }

    /// Begins a call of many messages, both ways.
    pub async fn open(&mut self, path: &str, headers: &[(&str, &str)]) -> Call {
        let (sender, channel) = Channel::<Bytes>::new(64);
        let answer = self.begin(path, headers, channel.boxed()).await;
        Call { sender: Some(sender), answer }
    }

    /// Closes the connection.
    pub fn close(self) {
        self.connection.abort();
    }
}

impl Call {
    pub async fn send(&mut self, message: &impl Message) {
        let sender = self.sender.as_mut().expect("not ended");
        let _ = sender.send_data(framed(&message.encode_to_vec())).await; // the other end may have ended
    }

    pub fn end(&mut self) {
        self.sender = None;
    }

    pub async fn next<T: Message + Default>(&mut self) -> Option<T> {
        self.answer.next().await.map(|message| T::decode(message).expect("a message"))
    }

    pub fn status(&self) -> Result<(), (u16, String)> {
        self.answer.status()
    }
}

impl Response {
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some((&[_, a, b, c, d], rest)) = self.buffer.split_first_chunk::<5>() {
                let length = u32::from_be_bytes([a, b, c, d]) as usize;
                if rest.len() >= length {
                    return Some(self.buffer.split_to(5 + length).freeze().slice(5..));
                }
            }
            match self.body.frame().await?.expect("a frame").into_data() {
                Ok(data) => self.buffer.extend_from_slice(&data),
                Err(frame) => self.trailers = frame.into_trailers().expect("trailers"),
            }
        }
    }

    fn status(&self) -> Result<(), (u16, String)> {
        let text = |name: &str| self.trailers.get(name).map_or("", |value| value.to_str().expect("text")).to_owned();
        match text("grpc-status").parse().expect("a status") {
            0 => Ok(()),
            code => Err((code, text("grpc-message"))),
        }
    }
}
