//! An engine that does not go on.

use longshore::{Docker, Version};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

/// An engine that makes and starts a container, and does nothing from then on. What it makes has random labels, so that it is
/// asked other things each time.
pub fn hanging_engine() -> Docker {
    engine_with(None)
}

/// The same, but the container can be inspected: this is what it is.
pub fn engine_with(container: Option<Value>) -> Docker {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let host = format!("tcp://{}", listener.local_addr().expect("its address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let container = container.clone();
            std::thread::spawn(move || serve(stream.expect("a connection"), container.as_ref()));
        }
    });
    Docker::builder().host(host).api_version(Version::new(1, 44)).build().expect("a client")
}

fn serve(mut stream: TcpStream, container: Option<&Value>) {
    let inspected = container.map(|container| {
        let body = container.to_string();
        let length = body.len();
        format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}")
    });
    let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
    loop {
        let lines = reader.by_ref().lines().map_while(Result::ok);
        let head: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
        let Some(request) = head.first() else { return };
        let length = head.iter().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).expect("a body");
        let response = match request.as_str() {
            create if create.contains("/containers/create") => {
                "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"Id\":\"1\"}"
            }
            endless if endless.contains("/wait") || endless.contains("/events") => {
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            }
            inspect if inspect.contains("/containers/1/json") => inspected.as_deref().unwrap_or_default(),
            start if start.contains("/start") => "HTTP/1.1 204 No Content\r\n\r\n",
            _ => "", // it is silent, and the connection stays
        };
        stream.write_all(response.as_bytes()).expect("written");
    }
}
