//! [`Logs::output`]: reads a log into memory.

use super::Logs;
use crate::Result;
use crate::stream::{LARGEST_COLLECTED, OutputStream};
use serde::{Deserialize, Serialize};

impl Logs {
    /// Reads the log to its end, and returns it. A [followed](Self::follow) log ends when the container does.
    ///
    /// The times of [`timestamps`](Self::timestamps) are left out. For those, or for the order of stdout and stderr, read
    /// the stream.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /containers/web/logs?stdout=true&stderr=true&tail=100", "200 >ready\n!slow request\n"),
    /// # ]);
    /// # let web = docker.container("web");
    /// let log = web.logs().tail(100).output().await?;
    /// assert_eq!(log.stdout_text(), "ready\n");
    /// assert_eq!(log.stderr_text(), "slow request\n");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As for [`Container::logs`](super::Container::logs), and those of its stream.
    /// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge) if the log has more than 256 MiB.
    pub async fn output(self) -> Result<LogOutput> {
        collected(self.await?).await
    }
}

/// Reads a log to its end.
pub(crate) async fn collected(log: OutputStream) -> Result<LogOutput> {
    let hint = "use tail() or since(), or read the log as a stream";
    let (stdout, stderr) = log.collect(LARGEST_COLLECTED, "the log has", hint).await?;
    Ok(LogOutput { stdout, stderr })
}

/// The log of a container, a service or a task, or a part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct LogOutput {
    /// What was written to stdout. With a terminal, this is all of its output.
    pub stdout: Vec<u8>,
    /// What was written to stderr.
    pub stderr: Vec<u8>,
}

impl LogOutput {
    /// Returns stdout as text. Bytes that are not UTF-8 become `�`.
    #[must_use]
    pub fn stdout_text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Returns stderr as text. Bytes that are not UTF-8 become `�`.
    #[must_use]
    pub fn stderr_text(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }
}
