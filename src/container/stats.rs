//! `GET /containers/{id}/stats`

use super::{Container, ContainerStats};
use crate::request::{Request, call, json, send};
use crate::stream::JsonStream;
use crate::{ErrorKind, Result};
use tokio::time::Instant;

impl Container {
    /// Streams the container's resource usage: CPU, memory, network and block I/O. Yields a reading per second until
    /// the container is removed.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /containers/web/stats?stream=true", r#"200 {"memory_stats":{"usage":6537216,"stats":{"inactive_file":4096}}}"#),
    /// #     ("GET /containers/web/stats?stream=false", r#"200 {"memory_stats":{"usage":1024,"limit":4096}}"#),
    /// # ]);
    /// # let web = docker.container("web");
    /// let mut stats = web.stats().await?;
    /// while let Some(stats) = stats.next().await {
    ///     let stats = stats?;
    ///     println!("{:.1} % CPU, {} bytes", stats.cpu_percent(), stats.memory_usage());
    /// }
    /// println!("{:.1} %", web.stats().once().await?.memory_percent()); // a single reading
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /containers/{id}/stats`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container does not exist.
    pub fn stats(&self) -> Stats {
        Stats(self.get("/containers/{id}/stats"))
    }
}

/// A call of [`Container::stats`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Stats(Request);

impl Stats {
    /// Returns one reading instead of a stream. The engine takes up to 2 seconds, since it measures CPU time between
    /// two samples. Podman takes one sample only, so this reads the second element of its stream, which comes after 5 seconds.
    pub fn once(self) -> StatsOnce {
        StatsOnce(self.0)
    }

    /// Returns one reading at once. [`cpu_percent`](ContainerStats::cpu_percent) is then meaningless, since it needs an
    /// earlier sample.
    pub fn one_shot(self) -> StatsOnce {
        StatsOnce(self.0.query("stream", false).query("one-shot", true))
    }
}

/// A call of [`Stats::once`] or [`Stats::one_shot`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct StatsOnce(Request);

call!(StatsOnce => ContainerStats, read_once);

async fn read_once(request: Request) -> Result<ContainerStats> {
    if request.has_query("one-shot") {
        return json(request).await;
    }
    let request = request.since_begun(Instant::now());
    let stats: ContainerStats = json(request.clone().query("stream", false)).await?;
    let has_no_earlier_sample = stats.preread.is_none() && stats.cpu_stats.cpu_usage.total_usage > 0;
    if !has_no_earlier_sample {
        return Ok(stats);
    }
    match second(request).await {
        Ok(second) => Ok(second.unwrap_or(stats)),
        // The container may be gone meanwhile.
        Err(error) if error.is_not_found() || error.kind() == ErrorKind::Interrupted => Ok(stats),
        Err(error) => Err(error),
    }
}

async fn second(request: Request) -> Result<Option<ContainerStats>> {
    let mut stream = opened(request).await?;
    let _first = stream.next().await.transpose()?;
    stream.next().await.transpose()
}

/// A stream of a container's resource usage, with a reading per second, from [`Container::stats`].
pub type StatsStream = JsonStream<ContainerStats>;

call!(Stats => StatsStream, opened);

async fn opened(request: Request) -> Result<StatsStream> {
    send(request.query("stream", true)).await.map(|answer| JsonStream::new(answer.into_stream()))
}
