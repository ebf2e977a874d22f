//! The main use case: pulls an image, starts a container, fetches its page, shows its logs, then stops and removes it.
//!
//! ```sh
//! tests/engine.sh cargo run --example deploy                      # on any machine: engine, registry and image included
//! cargo run --example deploy -- nginx:1.27 --publish 8080:80      # any image, on your engine
//! ```
//!
//! ```text
//! engine   20.10.24+dfsg1 with API 1.41, at unix:///var/run/docker.sock (DOCKER_HOST)
//! pull     127.0.0.1:44733/longshore/web
//! pulled   sha256:e3b086f9001ce920300f8c2d295081b292cad149b64577ec81676296d80aed57
//! created  a20cc3824982
//! started
//! ready
//! page     HTTP/1.1 200 OK: hello from longshore
//! log      listening on 80
//! stopped
//! removed
//! ```

mod bars;

use bars::Bars;
use longshore::Docker;
use longshore::container::ContainerSpec;
use longshore::deploy::{Event, PullPolicy, Ready, Run, Running};
use std::error::Error;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result<()> {
    let (given, ports) = arguments()?;
    let docker = Docker::from_env()?;
    let version = docker.version().await?;
    println!("engine   {} with API {}, at {}", version.version, docker.api_version().await?, docker.endpoint());

    // The image of the tests has a health check. Other images may have none.
    let ready = if given.is_none() { Ready::healthy() } else { Ready::started() };
    let image = given.or_else(|| std::env::var("LONGSHORE_TEST_IMAGE").ok());
    let image = image.ok_or("without an image, run it under tests/engine.sh")?;
    let container_port: u16 = ports.rsplit(':').next().unwrap_or_default().parse()?;
    let mut bars = Bars::default();
    let web = Run::new(ContainerSpec::new(&image).ports(&ports))
        .pull(PullPolicy::Always)
        .ready(ready)
        .observe(move |event| match event {
            Event::Pulling(name) => println!("pull     {name}"),
            Event::PullProgress(step) => bars.layer(step),
            Event::Pulled(pulled) => println!("pulled   {}", pulled.digest.as_deref().unwrap_or("")),
            Event::Created { id, .. } => println!("created  {}", id.get(..12).unwrap_or(id)),
            Event::Started => println!("started"),
            Event::Ready => println!("ready"),
            _ => {}
        })
        .start(&docker)
        .await?;

    // The service is up. Whatever happens next, stop and remove it before showing the error.
    let used = use_it(&web, container_port).await;
    web.stop().timeout(Duration::from_secs(5)).await?;
    println!("stopped");
    web.remove().await?;
    println!("removed");
    used
}

/// Fetches the page from the published port, which the engine chose.
async fn use_it(web: &Running, container_port: u16) -> Result<()> {
    println!("page     {}", fetch(web.container().mapped_port(container_port).await?).await?);

    let mut logs = web.logs().tail(10).await?.lines();
    while let Some(line) = logs.next().await {
        println!("log      {}", line?);
    }
    Ok(())
}

/// Fetches the page at `/`. A service without a health check may need a moment.
async fn fetch(port: u16) -> Result<String> {
    for _ in 0..50 {
        if let Ok(page) = get(port).await {
            return Ok(page);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    get(port).await
}

async fn get(port: u16) -> Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, page) = answer.split_once("\r\n\r\n").ok_or("that is no answer")?;
    let status = head.lines().next().unwrap_or_default();
    Ok(format!("{status}: {}", page.trim().lines().next().unwrap_or_default()))
}

/// Returns the image, and the published ports as `docker run --publish` takes them.
fn arguments() -> Result<(Option<String>, String)> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Ok((None, "80".to_owned())),
        [image] if !image.starts_with('-') => Ok((Some(image.to_owned()), "80".to_owned())),
        [image, "--publish" | "-p", ports] => Ok((Some(image.to_owned()), ports.to_owned())),
        _ => Err("usage: deploy [IMAGE [--publish HOST:CONTAINER]]".into()),
    }
}
