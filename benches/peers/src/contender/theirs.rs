//! Bollard, as its documentation calls it.

use super::{Contender, runtime};
use crate::operation::{CALLERS, Kind, Operation};
use bollard::query_parameters::{
    BuildImageOptions, CreateImageOptionsBuilder, ImportImageOptions, ListContainersOptionsBuilder, LogsOptionsBuilder,
};
use bollard::{ClientVersion, Docker, body_try_stream};
use futures_util::{Stream, StreamExt};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::pin::pin;
use tokio::io::AsyncReadExt;
use tokio::runtime::Runtime;
use tokio_util::io::ReaderStream;

pub struct Bollard {
    runtime: Runtime,
    docker: Docker,
    file: PathBuf,
}

type Result<T> = std::result::Result<T, bollard::errors::Error>;

impl Bollard {
    pub fn connect(socket: &Path, file: &Path) -> Self {
        let version = ClientVersion { major_version: 1, minor_version: 44 };
        let docker = Docker::connect_with_unix(&socket.display().to_string(), 120, &version).expect("a client");
        Self { runtime: runtime(), docker, file: file.into() }
    }
}

async fn callers(docker: &Docker, times: u64) {
    let tasks: Vec<_> = (0..CALLERS)
        .map(|_| {
            let docker = docker.clone();
            tokio::spawn(async move {
                for _ in 0..times / CALLERS {
                    drop(black_box(docker.ping().await.expect("an answer")));
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a caller");
    }
}

/// The beginning of the file, in pieces as large as longshore's: by itself a `ReaderStream` reads 4 KiB.
async fn upload(file: &Path, operation: Operation) -> ReaderStream<tokio::io::Take<tokio::fs::File>> {
    let file = tokio::fs::File::open(file).await.expect("what is sent");
    ReaderStream::with_capacity(file.take(operation.size), 64 << 10)
}

/// How many there are, unless one is an error.
async fn count<T>(stream: impl Stream<Item = Result<T>>, size: impl Fn(T) -> u64) -> Result<u64> {
    let mut stream = pin!(stream);
    let mut count = 0;
    while let Some(item) = stream.next().await {
        count += size(black_box(item?));
    }
    Ok(count)
}

/// Where a read ends between the last record and its line break, bollard 0.21.1 leaves the latter over, and ends with an
/// error: it has yielded all records by then, and is measured nevertheless.
async fn pull<T>(steps: impl Stream<Item = Result<T>>, size: u64) -> Result<()> {
    let mut steps = pin!(steps);
    let mut count = 0;
    while let Some(step) = steps.next().await {
        match black_box(step) {
            Ok(_) => count += 1,
            Err(error) if count == size && error.to_string().contains("bytes remaining on stream") => break,
            Err(error) => return Err(error),
        }
    }
    assert_eq!(count, size);
    Ok(())
}

async fn once(docker: &Docker, operation: Operation, file: &Path) -> Result<()> {
    let size = operation.size;
    match operation.kind {
        Kind::Ping => drop(black_box(docker.ping().await?)),
        Kind::Inspect => drop(black_box(docker.inspect_container("web", None).await?)),
        Kind::List => {
            let limit = i32::try_from(size).expect("a short list");
            let options = ListContainersOptionsBuilder::default().limit(limit).build();
            assert_eq!(black_box(docker.list_containers(Some(options)).await?).len() as u64, size);
        }
        Kind::LogsPacked | Kind::LogsChunked => {
            let container = if operation.kind == Kind::LogsPacked { "packed" } else { "chunked" };
            let options = LogsOptionsBuilder::default().follow(true).stdout(true).tail(&size.to_string()).build();
            let chunks = docker.logs(container, Some(options));
            assert_eq!(count(chunks, |chunk| chunk.into_bytes().len() as u64).await?, size * 100);
        }
        Kind::Pull => {
            let options =
                CreateImageOptionsBuilder::default().from_image("longshore/web").tag(&size.to_string()).build();
            pull(docker.create_image(Some(options), None, None), size).await?;
        }
        Kind::Build => {
            let context = body_try_stream(upload(file, operation).await);
            count(docker.build_image(BuildImageOptions::default(), None, Some(context)), |_| 1).await?;
        }
        Kind::Load => {
            let archive = body_try_stream(upload(file, operation).await);
            count(docker.import_image(ImportImageOptions::default(), archive, None), |_| 1).await?;
        }
        Kind::Save => {
            let archive = docker.export_image(&format!("web:{size}"));
            let length = count(archive, |piece| piece.len() as u64).await?;
            assert_eq!(length, size);
        }
        Kind::Callers => unreachable!("they are not one call"),
    }
    Ok(())
}

impl Contender for Bollard {
    fn run(&mut self, operation: Operation, times: u64) {
        self.runtime.block_on(async {
            if operation.kind == Kind::Callers {
                return callers(&self.docker, times).await;
            }
            for _ in 0..times {
                once(&self.docker, operation, &self.file).await.expect("an answer");
            }
        });
    }

    fn idle(&mut self, until: tokio::sync::oneshot::Receiver<()>) {
        self.runtime.block_on(until).expect("an end");
    }
}
