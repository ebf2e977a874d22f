//! The main use case: pulls an image, starts a container, fetches its page, shows its logs, then stops and removes it.
//!
//! ```sh
//! tests/engine.sh cargo run --example deploy                      # on any machine: engine, registry and image included
//! cargo run --example deploy -- nginx:1.27 --publish 8080:80      # any image, on your engine
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

const USAGE: &str = "usage: deploy [IMAGE] [--publish HOST:CONTAINER]";

#[tokio::main]
async fn main() -> Result<()> {
    let Arguments { image, image_is_ours, published } = Arguments::parse()?;
    let docker = Docker::from_env()?;
    let version = docker.version().await?;
    println!("engine   {} with API {}, at {}", version.version, docker.api_version().await?, docker.endpoint());

    // The image of the tests has a health check. Other images may have none.
    let ready = if image_is_ours { Ready::healthy() } else { Ready::started() };
    let (host_port, container_port) = published;
    let mut bars = Bars::default();
    let web = Run::new(ContainerSpec::new(&image).publish(host_port, container_port))
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

/// Fetches the page from the published port, which the engine tells.
async fn use_it(web: &Running, container_port: u16) -> Result<()> {
    let ports = web.container().inspect().await?.network_settings.ports;
    let binding = ports.get(&format!("{container_port}/tcp")).and_then(|bindings| bindings.first());
    let port: u16 = binding.ok_or("the port is not published")?.host_port.parse()?;
    println!("page     {}", fetch(port).await?);

    let mut logs = web.logs().tail(10).await?.lines();
    while let Some(line) = logs.next().await {
        println!("log      {}", line?);
    }
    Ok(())
}

/// Fetches the page at `/`. A service without a health check may need a moment.
async fn fetch(port: u16) -> Result<String> {
    let mut tries = 50;
    loop {
        match get(port).await {
            Ok(page) => return Ok(page),
            Err(error) if tries == 0 => return Err(error),
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
        tries -= 1;
    }
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

struct Arguments {
    image: String,
    image_is_ours: bool,
    /// The ports on the host and in the container. On the host, 0 lets the engine choose.
    published: (u16, u16),
}

impl Arguments {
    fn parse() -> Result<Self> {
        let (mut image, mut published) = (None, (0, 80));
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--publish" | "-p" => {
                    let ports = arguments.next().ok_or(USAGE)?;
                    let (host, container) = ports.split_once(':').ok_or(USAGE)?;
                    published = (host.parse()?, container.parse()?);
                }
                "--help" | "-h" => {
                    println!("{USAGE}");
                    std::process::exit(0);
                }
                flag if flag.starts_with('-') => return Err(USAGE.into()),
                name => image = Some(name.to_owned()),
            }
        }
        let ours = std::env::var("LONGSHORE_TEST_IMAGE").ok();
        let image_is_ours = image.is_none();
        let image =
            image.or(ours).ok_or_else(|| format!("{USAGE}\n(without an image it runs under tests/engine.sh)"))?;
        Ok(Self { image, image_is_ours, published })
    }
}
