//! [`Create::output`]: runs a command to its end.

use super::Create;
use crate::container::ExitStatus;
use crate::stream::{OutputStream, Source};
use crate::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};

/// The largest output that is kept in memory; what is larger is a stream's business.
const LARGEST: usize = 256 << 20;

impl Create {
    /// Runs it to its end, and gives its output and its exit code.
    ///
    /// A process that [reads its input](Self::stdin) finds it at its end. A program that cannot be started is no error: its
    /// exit code is 126 or 127, and its output says why.
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
    /// As [`Container::exec`](crate::container::Container::exec) and [`Exec::start`](super::Exec::start); and
    /// [`ErrorKind::TooLarge`] for more than 256 MiB of output.
    pub async fn output(self) -> Result<Output> {
        let exec = self.await?;
        let (input, output) = exec.start().await?.split();
        drop(input); // ends its stdin
        let (stdout, stderr) = collect(output, LARGEST).await?;
        Ok(Output { status: exec.wait().await?, stdout, stderr })
    }
}

/// What a process wrote, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Output {
    /// How it ended.
    pub status: ExitStatus,
    /// What it wrote to stdout; of one that has a terminal, all.
    pub stdout: Vec<u8>,
    /// What it wrote to stderr.
    pub stderr: Vec<u8>,
}

impl Output {
    /// What it wrote to stdout, as text; what is not UTF-8 is `�`.
    #[must_use]
    pub fn stdout_text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// What it wrote to stderr, as text; what is not UTF-8 is `�`.
    #[must_use]
    pub fn stderr_text(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }
}

async fn collect(mut output: OutputStream, largest: usize) -> Result<(Vec<u8>, Vec<u8>)> {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    while let Some(chunk) = output.next().await.transpose()? {
        if chunk.bytes.len() > largest - stdout.len() - stderr.len() {
            let message = format!("the process wrote more than {} MiB", largest >> 20);
            return Err(Error::new(ErrorKind::TooLarge, message).with_hint("start it, and read its output as it comes"));
        }
        let source = if chunk.source == Source::Stderr { &mut stderr } else { &mut stdout };
        source.extend_from_slice(&chunk.bytes);
    }
    Ok((stdout, stderr))
}
