//! Longshore, as anybody calls it.

use super::{Contender, Operation, bodies};
use longshore::{Docker, Version};
use std::hint::black_box;
use std::path::Path;
use tokio::runtime::Runtime;

pub struct Longshore {
    runtime: Runtime,
    docker: Docker,
}

impl Longshore {
    pub fn connect(socket: &Path) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let host = format!("unix://{}", socket.display());
        let docker = Docker::builder().host(host).api_version(Version::new(1, 44)).build().expect("a client");
        Self { runtime, docker }
    }
}

async fn once(docker: &Docker, operation: Operation) -> longshore::Result<()> {
    match operation {
        Operation::PingResponse => drop(black_box(docker.ping().await?)),
        Operation::Inspect => drop(black_box(docker.container("web").inspect().await?)),
        Operation::List(length) => {
            let limit = u32::try_from(length).expect("a short list");
            assert_eq!(black_box(docker.containers().list().limit(limit).await?).len(), length);
        }
        Operation::Logs => {
            let mut payload = 0;
            let mut logs = docker.container("web").logs().follow(true).await?;
            while let Some(chunk) = logs.next().await {
                payload += black_box(chunk?).bytes.len();
            }
            assert_eq!(payload, bodies::FRAMES * (bodies::FRAME - 8));
        }
        Operation::Pull => {
            let mut count = 0;
            let mut steps = docker.images().pull("longshore/web:1").stream().await?;
            while let Some(step) = steps.next().await {
                black_box(step?);
                count += 1;
            }
            assert!(count >= bodies::STEPS);
        }
    }
    Ok(())
}

impl Contender for Longshore {
    const NAME: &str = "longshore";

    fn run(&mut self, operation: Operation, times: u64) {
        self.runtime.block_on(async {
            for _ in 0..times {
                once(&self.docker, operation).await.expect("an answer");
            }
        });
    }
}
