//! [`Create::output`]: runs a command to its end.

use super::Create;
use crate::container::ExitStatus;
use crate::stream::LARGEST_COLLECTED;
use crate::{Error, Result, Upload};
use serde::{Deserialize, Serialize};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use tokio::time::Instant;

impl Create {
    /// Runs the command to its end, and returns its output and its exit code.
    ///
    /// A process that [reads its stdin](Self::stdin) finds it empty. To give it data, use
    /// [`output_with_input`](Self::output_with_input). A program that cannot be started is not an error:
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
        self.run(None, Instant::now()).await
    }

    /// Runs the command with this data as its stdin, as `docker exec -i` does, and returns its output and its exit code.
    ///
    /// The data is written while the output is read, and stdin is closed at its end. A process may exit without reading all of it.
    /// Otherwise this is as [`output`](Self::output).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let docker = engine(&[
    /// #     ("POST /containers/db/exec", r#"201 {"Id":"fa51"}"#),
    /// #     ("POST /exec/fa51/start", "101 >CREATE TABLE\n"),
    /// #     ("GET /exec/fa51/json", r#"200 {"ID":"fa51","Running":false,"ExitCode":0}"#),
    /// # ]);
    /// # let db = docker.container("db");
    /// # let temporary = tempfile::tempdir()?;
    /// # let dump = temporary.path().join("dump.sql");
    /// # std::fs::write(&dump, "CREATE TABLE goods ();")?;
    /// use longshore::Upload;
    ///
    /// let restored = db.exec(["psql", "shop"]).output_with_input(Upload::file(dump)).await?;
    /// assert!(restored.status.success(), "{}", restored.stderr_text());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As for [`output`](Self::output), with [`stdin`](Self::stdin).
    /// [`ErrorKind::Upload`](crate::ErrorKind::Upload) if reading the data fails. If it fails at the start, nothing is run. Later, the
    /// process finds its stdin closed, and may go on.
    pub async fn output_with_input(self, input: impl Into<Upload>) -> Result<Output> {
        let (input, begun) = (input.into(), Instant::now());
        let this = Self(self.stdin(true).0.refuse_open_terminal());
        let request = this.0.request.clone().since_begun(begun);
        let open = async {
            request.check()?; // before a pipe is read
            if let Some(problem) = input.problem() {
                return Err(Error::input(problem));
            }
            request.deadlines().preparing("opening the file", input.open()).await
        };
        let input = open.await.map_err(|error| error.in_call(|| request.label().to_string()))?;
        this.run(Some(input), begun).await
    }

    /// Runs the command to its end, with the data of an open upload, if there is any.
    async fn run(self, input: Option<Upload>, begun: Instant) -> Result<Output> {
        let limits = self.0.request.own_limits();
        let exec = Self(self.0.refuse_open_terminal()).since_begun(begun).await?;
        let (stdin, output) = exec.start().limits(limits).since_begun(begun).await?.split();
        // Without input, nothing is left unread, and a reset breaks the output off.
        let output = if input.is_some() { output.ending_by_reset() } else { output };
        let hint = "use start() and read the output as a stream";
        let mut reading = pin!(output.collect(LARGEST_COLLECTED, "the process wrote", hint));
        let mut writing = pin!(input.unwrap_or_else(|| Vec::new().into()).write_to(stdin));
        let mut is_written = false;
        let (stdout, stderr) = poll_fn(|cx| {
            if !is_written {
                if let Poll::Ready(written) = writing.as_mut().poll(cx) {
                    written.map_err(|error| error.in_call(|| "POST /exec/{id}/start".to_owned()))?;
                    is_written = true;
                }
            }
            reading.as_mut().poll(cx)
        })
        .await?;
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
