//! Lists containers over a small HTTP service. One client serves all requests, as it is cheap to clone.
//!
//! ```sh
//! cargo run --example web -- 127.0.0.1:8080        # then: curl http://127.0.0.1:8080/containers
//! tests/engine.sh cargo run --example web          # on any machine: asks itself, and ends
//! ```
//!
//! ```text
//! listening on 127.0.0.1:36121
//! [{"name":"web","state":"running"}]
//! ```

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode, body::Incoming};
use hyper_util::rt::TokioIo;
use longshore::Docker;
use serde_json::{Value, json};
use std::convert::Infallible;
use tokio::net::{TcpListener, TcpStream};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1);
    let listener = TcpListener::bind(address.as_deref().unwrap_or("127.0.0.1:0")).await?;
    let own = listener.local_addr()?;
    println!("listening on {own}");
    let serving = serve(listener, Docker::from_env()?);
    if address.is_some() {
        return Ok(serving.await?);
    }
    tokio::spawn(serving);
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(TcpStream::connect(own).await?)).await?;
    tokio::spawn(connection);
    let request = Request::get("/containers").header("host", "localhost").body(Full::<Bytes>::default())?;
    let answer = sender.send_request(request).await?.into_body().collect().await?.to_bytes();
    println!("{}", String::from_utf8_lossy(&answer));
    Ok(())
}

async fn serve(listener: TcpListener, docker: Docker) -> std::io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        let docker = docker.clone();
        let service = service_fn(move |request| answer(docker.clone(), request));
        // A dropped connection is the HTTP client's own affair.
        tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn answer(docker: Docker, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (status, body) = match request.uri().path() {
        "/containers" => match containers(&docker).await {
            Ok(list) => (StatusCode::OK, list),
            // The engine's status code, such as 404, or 502 if the engine is unreachable.
            Err(error) => {
                let status = error.status().and_then(|status| StatusCode::from_u16(status).ok());
                (status.unwrap_or(StatusCode::BAD_GATEWAY), json!({ "error": error.to_string() }))
            }
        },
        _ => (StatusCode::NOT_FOUND, json!({ "error": "there is /containers" })),
    };
    let mut response = Response::new(Full::from(body.to_string()));
    *response.status_mut() = status;
    Ok(response)
}

async fn containers(docker: &Docker) -> longshore::Result<Value> {
    let list = docker.containers().list().await?;
    Ok(list.iter().map(|container| json!({ "name": container.name(), "state": container.state.as_str() })).collect())
}
