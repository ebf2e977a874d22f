//! Longshore, as anybody calls it.

use super::{Contender, runtime};
use crate::operation::{CALLERS, Kind, Operation};
use longshore::{Docker, Upload, Version};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use tokio::runtime::Runtime;

pub struct Longshore {
    runtime: Runtime,
    docker: Docker,
    file: PathBuf,
}

impl Longshore {
    pub fn connect(socket: &Path, file: &Path) -> Self {
        let host = format!("unix://{}", socket.display());
        let docker = Docker::builder().host(host).api_version(Version::new(1, 44)).build().expect("a client");
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

/// All of the file, which has to be as long as the operation.
fn upload(file: &Path, operation: Operation) -> Upload {
    Upload::file(file).length(operation.size)
}

async fn once(docker: &Docker, operation: Operation, file: &Path) -> longshore::Result<()> {
    match operation.kind {
        Kind::Ping => drop(black_box(docker.ping().await?)),
        Kind::Inspect => drop(black_box(docker.container("web").inspect().await?)),
        Kind::List => {
            let limit = u32::try_from(operation.size).expect("a short list");
            assert_eq!(black_box(docker.containers().list().limit(limit).await?).len() as u64, operation.size);
        }
        Kind::LogsPacked | Kind::LogsChunked => logs(docker, operation).await?,
        Kind::Pull => {
            let mut count = 0;
            let mut steps = docker.images().pull(format!("longshore/web:{}", operation.size)).stream().await?;
            while let Some(step) = steps.next().await {
                black_box(step?);
                count += 1;
            }
            assert_eq!(count, operation.size);
        }
        Kind::Build => drop(docker.images().build(upload(file, operation)).await?),
        Kind::Load => drop(docker.images().load(upload(file, operation)).await?),
        Kind::Save => {
            let mut length = 0;
            let mut archive = docker.image(format!("web:{}", operation.size)).save().await?;
            while let Some(piece) = archive.next().await {
                length += black_box(piece?).len() as u64;
            }
            assert_eq!(length, operation.size);
        }
        Kind::Callers => unreachable!("they are not one call"),
    }
    Ok(())
}

async fn logs(docker: &Docker, operation: Operation) -> longshore::Result<()> {
    let container = if operation.kind == Kind::LogsPacked { "packed" } else { "chunked" };
    let frames = usize::try_from(operation.size).expect("not too many");
    let mut payload = 0;
    let mut logs = docker.container(container).logs().follow(true).tail(frames).await?;
    while let Some(chunk) = logs.next().await {
        payload += black_box(chunk?).bytes.len() as u64;
    }
    assert_eq!(payload, operation.size * 100);
    Ok(())
}

impl Contender for Longshore {
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
