//! [`Create::output`]: runs a command to its end.

use super::Create;
use crate::Result;
use crate::container::ExitStatus;
use crate::stream::LARGEST_COLLECTED;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

impl Create {
    /// Runs the command to its end, and returns its output and its exit code.
    ///
    /// A process that [reads its stdin](Self::stdin) finds it empty. A program that cannot be started is not an error:
    /// the exit code is 126 or 127, and the output says why.
    ///
    /// The [limits](Self::limits) that you set on the call apply to all of its requests, and to the output. `whole` bounds them
    /// together.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"POST /containers/db/exec {"AttachStdin":false,"AttachStdout":true,"AttachStderr":true,"Tty":false,
    /// #         "Env":["PGUSER=postgres"],"Cmd":["pg_dump","shop"]}"#, r#"201 {"Id":"fa51"}"#),
    /// #     ("POST /exec/fa51/start", "101 >CREATE TABLE goods ();\n"),
    /// #     ("GET /exec/fa51/json", r#"200 {"ID":"fa51","Running":false,"ExitCode":0}"#),
    /// # ]);
    /// # let db = docker.container("db");
    /// let dump = db.exec(["pg_dump", "shop"]).env("PGUSER", "postgres").output().await?;
    /// assert!(dump.status.success(), "{}", dump.stderr_text());
    /// assert_eq!(dump.stdout_text(), "CREATE TABLE goods ();\n");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_invalid`](crate::Error::is_invalid) with both [`tty`](Self::tty) and [`stdin`](Self::stdin): closing the stdin of
    /// a terminal would cut off the output.
    /// As for [`Container::exec`](crate::container::Container::exec) and [`Exec::start`](super::Exec::start).
    /// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge) if the process writes more than 256 MiB.
    pub async fn output(self) -> Result<Output> {
        let begun = Instant::now();
        let limits = self.0.request.own_limits();
        let exec = Self(self.0.refuse_open_terminal()).since_begun(begun).await?;
        let (input, output) = exec.start().limits(limits).since_begun(begun).await?.split();
        drop(input); // closes its stdin
        let hint = "use start() and read the output as a stream";
        let (stdout, stderr) = output.collect(LARGEST_COLLECTED, "the process wrote", hint).await?;
        let status = exec.wait().limits(limits).since_begun(begun).await?;
        Ok(Output { status, stdout, stderr })
    }
}

/// The output of a process, and its exit code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Output {
    /// The exit status.
    pub status: ExitStatus,
    /// What the process wrote to stdout. With a terminal, this is all of its output.
    pub stdout: Vec<u8>,
    /// What the process wrote to stderr.
    pub stderr: Vec<u8>,
}

impl Output {
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
