//! An engine that does not go on.

use longshore::{Docker, Version};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

/// An engine that makes and starts a container, and does nothing from then on. What it makes has random labels, so that it is
/// asked other things each time.
pub fn hanging_engine() -> Docker {
    engine_with(None)
}

/// The same, but the container can be inspected: this is what it is.
pub fn engine_with(container: Option<Value>) -> Docker {
    let inspected = container.map(|container| json(200, &container));
    serving(move |request, _| match request {
        create if create.contains("/containers/create") => json(201, &json!({"Id": "1"})),
        endless if endless.contains("/wait") || endless.contains("/events") => {
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned()
        }
        inspect if inspect.contains("/containers/1/json") => inspected.clone().unwrap_or_default(),
        start if start.contains("/start") => NO_CONTENT.to_owned(),
        _ => SILENCE.to_owned(),
    })
}

pub const NO_CONTENT: &str = "HTTP/1.1 204 No Content\r\n\r\n";

/// No response, and the connection stays.
pub const SILENCE: &str = "";

pub fn json(status: u16, body: &Value) -> String {
    let (body, kind) = (body.to_string(), "Content-Type: application/json");
    format!("HTTP/1.1 {status} Status\r\n{kind}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// An engine that responds to a request line and a body.
pub fn serving(respond: impl Fn(&str, &[u8]) -> String + Send + Sync + 'static) -> Docker {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let host = format!("tcp://{}", listener.local_addr().expect("its address"));
    let respond = Arc::new(respond);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let respond = respond.clone();
            std::thread::spawn(move || serve(stream.expect("a connection"), &*respond));
        }
    });
    Docker::builder().host(host).api_version(Version::new(1, 44)).build().expect("a client")
}

fn serve(mut stream: TcpStream, respond: &impl Fn(&str, &[u8]) -> String) {
    let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
    loop {
        let lines = reader.by_ref().lines().map_while(Result::ok);
        let head: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
        let Some(request) = head.first() else { return };
        let length = head.iter().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).expect("a body");
        stream.write_all(respond(request, &body).as_bytes()).expect("written");
    }
}
