//! A job: run to its end, and gone.

use super::attempt::{Attempt, is_gone};
use super::event::Event;
use super::failure::{Cause, Failure, Step};
use super::launch::{Launch, Started, launch};
use super::run::Run;
use crate::Docker;
use crate::Timestamp;
use crate::container::{ExitStatus, Logs};
use crate::stream::{Chunk, Source};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// So much of a job's output is kept at most: 1 MiB, of its end. An observer is told all of it.
const OUTPUT: usize = 1 << 20;

/// How a job ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Completed {
    /// Its exit code. One that is not 0 is no error: what it means, you know.
    pub exit: ExitStatus,
    /// What it wrote, in the order in which it arrived: the last MiB or so of it.
    pub output: Vec<Chunk>,
}

impl Completed {
    /// What it wrote to stdout and stderr, as text.
    #[must_use]
    pub fn output_text(&self) -> String {
        text(self.output.iter().map(|chunk| &chunk.bytes))
    }

    /// What it wrote to stdout (or a terminal), as text.
    #[must_use]
    pub fn stdout_text(&self) -> String {
        text(self.output.iter().filter(|chunk| chunk.source != Source::Stderr).map(|chunk| &chunk.bytes))
    }
}

fn text<'a>(pieces: impl Iterator<Item = &'a Bytes>) -> String {
    String::from_utf8_lossy(&pieces.flatten().copied().collect::<Vec<u8>>()).into_owned()
}

impl Run {
    /// Runs a job to its end: follows its output, takes its exit code, and removes its container.
    ///
    /// A condition to be [ready](Run::ready) by is for services, and not looked at.
    ///
    /// # Errors
    /// [`Failure`] if it cannot be run. An exit code is no failure, whatever it is.
    pub async fn to_completion(mut self, docker: &Docker) -> Result<Completed, Failure> {
        let mut attempt = self.attempt(docker);
        if let Err(why) = self.check_job() {
            return Err(attempt.fail(Step::Check, Cause::Refused(why), None).await);
        }
        // It is removed here, once its output and its exit are known.
        self.spec.host_config.auto_remove = false;
        let Started { container, exit } = match Box::pin(launch(&mut attempt, &mut self)).await {
            Ok(started) => started,
            Err(Launch { step, cause, container }) => return Err(attempt.fail(step, cause, container.as_ref()).await),
        };
        let mut output = Output::default();
        output.read(&mut attempt, container.logs().follow(true)).await;
        let exit = match exit.await {
            Ok(exit) => exit,
            Err(error) => return Err(attempt.fail(Step::Wait, error.into(), Some(&container)).await),
        };
        // Engines end a followed log early, without a word, when its file is rotated; and the connection may have broken.
        let rest = output.since(container.logs());
        output.read(&mut attempt, rest).await;
        attempt.tell(&Event::Exited(exit.clone()));
        match container.remove().force(true).volumes(true).await {
            Err(error) if !is_gone(&error) => Err(attempt.fail(Step::Remove, error.into(), None).await),
            _ => {
                attempt.tell(&Event::Removed);
                attempt.succeed();
                Ok(Completed { exit, output: output.chunks.into() })
            }
        }
    }

    fn check_job(&self) -> Result<(), String> {
        match self.spec.host_config.restart_policy.name.as_str() {
            "" | "no" => Ok(()),
            policy => Err(format!(
                "a job runs once, and its restart policy {policy:?} would start it again: take that off, or `start` a service"
            )),
        }
    }
}

/// A job's output: how far it was read, and the end of it.
#[derive(Default)]
struct Output {
    chunks: VecDeque<Chunk>,
    length: usize,
    /// The time of the last line, and how many lines of that time were read.
    last: Option<(Timestamp, usize)>,
}

impl Output {
    /// The log from the last line on.
    fn since(&self, logs: Logs) -> Logs {
        match self.last {
            Some((time, _)) => logs.since(time),
            None => logs,
        }
    }

    /// Reads what was not yet read of a log. That it cannot be read is told, and does not end the job.
    async fn read(&mut self, attempt: &mut Attempt, logs: Logs) {
        if let Err(error) = self.try_read(attempt, logs.timestamps(true)).await {
            attempt.tell(&Event::OutputLost(error));
        }
    }

    async fn try_read(&mut self, attempt: &mut Attempt, logs: Logs) -> crate::Result<()> {
        let (last, mut known) = self.last.map_or((None, 0), |(time, count)| (Some(time), count));
        let mut is_new = last.is_none();
        let mut logs = logs.await?;
        while let Some(chunk) = logs.next().await {
            let chunk = chunk?;
            if chunk.time.is_some() {
                is_new = chunk.time > last || (chunk.time == last && known == 0);
                known -= usize::from(chunk.time == last && known > 0);
            }
            if is_new {
                self.keep(&chunk);
                attempt.tell(&Event::Output(chunk));
            }
        }
        Ok(())
    }

    /// Copies the chunk: what arrived with it is not to be kept in memory as well.
    fn keep(&mut self, chunk: &Chunk) {
        match (&mut self.last, chunk.time) {
            (Some((last, count)), Some(time)) if *last == time => *count += 1,
            (last, Some(time)) => *last = Some((time, 1)),
            (_, None) => {}
        }
        let bytes = Bytes::copy_from_slice(&chunk.bytes);
        self.length += bytes.len();
        self.chunks.push_back(Chunk { bytes, ..*chunk });
        while self.length > OUTPUT && self.chunks.len() > 1 {
            self.length -= self.chunks.pop_front().map_or(0, |oldest| oldest.bytes.len());
        }
    }
}
