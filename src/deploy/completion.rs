//! Running a job to completion.

use super::attempt::{Attempt, remove, stop};
use super::cursor::{Cursor, Stamped, stamped};
use super::event::Event;
use super::failure::{AtStep, Cause, Failure, Step};
use super::run::Run;
use super::running::Running;
use crate::Docker;
use crate::container::{Container, ContainerState, ExitStatus, Logs};
use crate::stream::{Chunk, Source};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::time::Duration;
use tokio::time::timeout;

/// Limit of the output that is kept of a job: the last 1 MiB. Observers receive all of it.
const OUTPUT: usize = 1 << 20;
/// Number of chunks of an incomplete line that are held back. Engines split the lines of most drivers into parts of 16 KiB.
const HELD: usize = 64;
/// How many lines of a followed log to remember with Podman. After more, what it has left out is not looked for.
const TOLD: usize = 1 << 20;

/// The result of a job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Completed {
    /// The exit status. An exit code other than 0 is not an error: its meaning depends on the job.
    pub status: ExitStatus,
    /// The output, in the order in which it arrived. Only about the last MiB is kept.
    pub output: Vec<Chunk>,
    /// The container's state before its removal: times of start and end, OOM kill. `None` if it could not be read.
    pub state: Option<ContainerState>,
}

impl Completed {
    /// Returns the output on stdout and stderr as text.
    #[must_use]
    pub fn output_text(&self) -> String {
        text(self.output.iter().map(|chunk| &chunk.bytes))
    }

    /// Returns the output on stdout (or on the terminal) as text.
    #[must_use]
    pub fn stdout_text(&self) -> String {
        text(self.output.iter().filter(|chunk| chunk.source != Source::Stderr).map(|chunk| &chunk.bytes))
    }

    /// Returns the output on stderr as text.
    #[must_use]
    pub fn stderr_text(&self) -> String {
        text(self.output.iter().filter(|chunk| chunk.source == Source::Stderr).map(|chunk| &chunk.bytes))
    }
}

fn text<'a>(pieces: impl Iterator<Item = &'a Bytes>) -> String {
    String::from_utf8_lossy(&pieces.flatten().copied().collect::<Vec<u8>>()).into_owned()
}

impl Run {
    /// Runs a job to completion: follows its output, waits for its exit code and removes its container.
    ///
    /// Ignores the [ready](Run::ready) condition, which is for services. The engine must be able to read the container's logs: with
    /// the log driver `none`, the output is empty.
    ///
    /// # Errors
    /// [`Failure`] if the job cannot be run, or does not exit within its [deadline](Run::deadline), or if its results cannot be
    /// [collected](Run::collect). An exit code other than 0 is not a failure.
    pub async fn to_completion(mut self, docker: &Docker) -> Result<Completed, Failure> {
        self.check_job().map_err(Failure::refused)?;
        // The container is removed below, once its output and exit code are read.
        self.spec.host_config.auto_remove = false;
        let limit = self.deadline.unwrap_or(Duration::MAX);
        let paths = std::mem::take(&mut self.collect);
        let Running { container, exit, mut attempt, .. } = Box::pin(self.launch(docker)).await?;
        let mut output = Output::default();
        let ended = timeout(limit, async {
            output.read(&mut attempt, container.logs().follow(true)).await;
            exit.await.map_err(Cause::Call)
        });
        let ended = match ended.await {
            Ok(ended) => ended,
            Err(_) => Err(stop(&container).await.err().map_or(Cause::TimedOut(limit), Cause::Call)),
        };
        // A followed log ends early when its file is rotated, the connection breaks or the deadline has passed.
        output.read_rest(&mut attempt, container.logs()).await;
        let ended = match (ended.at_step(Step::Wait), collect(&container, &paths).await) {
            (Ok(exit), Err(error)) if exit.success() => Err(Failure::new(Step::Collect, error.into())),
            (ended, Err(error)) => {
                attempt.tell(&Event::NotCollected(error.into()));
                ended
            }
            (ended, Ok(())) => ended,
        };
        let exit = match ended {
            Ok(exit) => exit,
            Err(failure) => return Err(attempt.fail(failure, Some(&container)).await),
        };
        attempt.tell(&Event::Exited(exit.clone()));
        let state = container.inspect().await.ok().map(|found| found.state);
        if let Err(failure) = remove(&container).await.at_step(Step::Remove) {
            return Err(attempt.fail(failure, None).await);
        }
        attempt.tell(&Event::Removed);
        attempt.succeed(false);
        Ok(Completed { status: exit, output: output.chunks.into(), state })
    }

    fn check_job(&self) -> Result<(), String> {
        if !self.collect.is_empty() && !cfg!(feature = "tar") {
            return Err("`Run::collect` needs the feature `tar`, which is not enabled".to_owned());
        }
        match self.spec.host_config.restart_policy.name.as_str() {
            "" | "no" => Ok(()),
            policy => Err(format!(
                "a job runs once, but its restart policy {policy:?} would start it again: remove the policy, or `start` a service"
            )),
        }
    }
}

/// Copies paths out of a container. All of them are tried: returns the first error.
#[cfg(feature = "tar")]
async fn collect(container: &Container, paths: &[(String, PathBuf)]) -> crate::Result<()> {
    let mut collected = Ok(());
    for (path, local) in paths {
        collected = collected.and(container.copy_from(path, local).await);
    }
    collected
}

#[cfg(not(feature = "tar"))]
#[allow(clippy::unused_async, reason = "it is, with the feature")]
async fn collect(_: &Container, _: &[(String, PathBuf)]) -> crate::Result<()> {
    Ok(()) // the check has refused paths before
}

/// A job's output: the position in its log and the last chunks.
#[derive(Default)]
struct Output {
    chunks: VecDeque<Chunk>,
    length: usize,
    cursor: Cursor,
    /// How often the observer was told each line, with Podman.
    told: HashMap<Stamped, usize>,
    /// The same of the log as it was followed, while it is read again.
    followed: Option<HashMap<Stamped, usize>>,
}

impl Output {
    /// Reads the part of a log that is still unread. A read error is reported to the observer and does not end the job.
    async fn read(&mut self, attempt: &mut Attempt, logs: Logs) {
        if let Err(error) = self.try_read(attempt, logs).await {
            attempt.tell(&Event::OutputLost(error.into()));
        }
    }

    /// Reads the rest of a log that was followed. With Podman, reads all of it again: where much is written at once, its followed logs
    /// leave out lines in the middle.
    async fn read_rest(&mut self, attempt: &mut Attempt, logs: Logs) {
        if !self.cursor.is_podman() || self.told.len() == TOLD {
            return self.read(attempt, logs).await;
        }
        let mut whole = Self { followed: Some(std::mem::take(&mut self.told)), ..Self::default() };
        match whole.try_read(attempt, logs).await {
            Ok(()) if whole.length >= self.length => *self = whole,
            Ok(()) => {} // the engine has removed the beginning of the log meanwhile
            Err(error) => attempt.tell(&Event::OutputLost(error.into())),
        }
    }

    async fn try_read(&mut self, attempt: &mut Attempt, logs: Logs) -> crate::Result<()> {
        let mut logs = self.cursor.open(logs).await?;
        let mut line = Vec::new();
        // After an error, the line that it has cut is read again.
        while let Some(chunk) = logs.next().await.transpose()? {
            if chunk.time.is_some() {
                self.take(attempt, &mut line);
            }
            let has_ended = chunk.bytes.ends_with(b"\n");
            line.push(chunk);
            if has_ended || line.len() == HELD {
                self.take(attempt, &mut line);
            }
        }
        self.take(attempt, &mut line);
        Ok(())
    }

    /// Takes the chunks of a line, or of a part with a timestamp, if it is new.
    fn take(&mut self, attempt: &mut Attempt, line: &mut Vec<Chunk>) {
        let time = line.first().and_then(|chunk| chunk.time);
        let text: Vec<u8> = line.iter().flat_map(|chunk| &chunk.bytes).copied().collect();
        let is_new = self.cursor.is_new(time, &text);
        let is_told = is_new && time.is_some_and(|time| self.was_told(stamped(time, &text)));
        for chunk in line.drain(..).filter(|_| is_new) {
            self.keep(&chunk);
            if !is_told {
                attempt.tell(&Event::Output(chunk));
            }
        }
    }

    /// Returns whether the observer was told the line when the log was followed.
    fn was_told(&mut self, line: Stamped) -> bool {
        if !self.cursor.is_podman() {
            return false;
        }
        let Some(followed) = &mut self.followed else {
            if self.told.len() < TOLD {
                *self.told.entry(line).or_default() += 1;
            }
            return false;
        };
        let left = followed.get_mut(&line).filter(|left| **left > 0);
        left.map(|left| *left -= 1).is_some()
    }

    /// Keeps a copy, since the chunk's buffer may hold much more data.
    fn keep(&mut self, chunk: &Chunk) {
        let bytes = Bytes::copy_from_slice(&chunk.bytes);
        self.length += bytes.len();
        self.chunks.push_back(Chunk { bytes, ..*chunk });
        while self.length > OUTPUT && self.chunks.len() > 1 {
            self.length -= self.chunks.pop_front().map_or(0, |oldest| oldest.bytes.len());
        }
    }
}
