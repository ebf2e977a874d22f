//! Waits for the end of an exec. The API has no call for it.

use super::Exec;
use crate::container::ExitStatus;
use crate::request::call;
use crate::{Error, ErrorKind, Limits, Result};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The pause after the first inspection. It doubles after each one,
const SHORTEST: Duration = Duration::from_millis(2);
/// up to this.
const LONGEST: Duration = Duration::from_millis(250);
/// How long the engine may report neither a running process nor an exit code.
const PATIENCE: Duration = Duration::from_secs(10);

impl Exec {
    /// Waits until the process ends, and returns its exit code. An exit code other than 0 is not an error.
    ///
    /// The API has no call for this, so [`inspect`](Self::inspect) is sent repeatedly, at most 250 ms apart. Once the
    /// process's output has ended, the first or second request is usually the last.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("POST /containers/web/exec", r#"201 {"Id":"fa51"}"#),
    /// #     ("POST /exec/fa51/start", "200"),
    /// #     ("GET /exec/fa51/json", r#"200 {"ID":"fa51","Running":true,"ExitCode":null}"#),
    /// #     ("GET /exec/fa51/json", r#"200 {"ID":"fa51","Running":false,"ExitCode":3}"#),
    /// # ]);
    /// # let web = docker.container("web");
    /// let job = web.exec(["sh", "-c", "exit 3"]).await?;
    /// job.start().detached().await?;
    /// assert_eq!(job.wait().await?.code, 3);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As for [`inspect`](Self::inspect).
    /// [`Error::is_timeout`] if the process is not started within 10 seconds.
    pub fn wait(&self) -> Wait {
        Wait(WaitRequest { exec: self.clone(), limits: Limits::new(), begun: None })
    }
}

/// A call of [`Exec::wait`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Wait(WaitRequest);

impl Wait {
    /// Counts the `whole` limit from an earlier time.
    pub(super) fn since_begun(mut self, begun: Instant) -> Self {
        self.0.begun = Some(begun);
        self
    }
}

call!(Wait => ExitStatus, ended);

#[derive(Clone, Debug)]
struct WaitRequest {
    exec: Exec,
    limits: Limits,
    /// When the call started, if not now.
    begun: Option<Instant>,
}

impl WaitRequest {
    /// Each limit applies to every request. `whole` applies to all of them together.
    fn limits(self, limits: Limits) -> Self {
        Self { limits: limits.or(self.limits), ..self }
    }
}

async fn ended(WaitRequest { exec, limits, begun }: WaitRequest) -> Result<ExitStatus> {
    let waiting = Instant::now();
    let begun = begun.unwrap_or(waiting);
    let mut pause = SHORTEST;
    loop {
        let now = exec.inspect().limits(limits).map(|request| request.polling_since(begun)).await?;
        match now.exit_code {
            Some(code) if !now.running => return Ok(ExitStatus { code, error: None }),
            None if !now.running && waiting.elapsed() > PATIENCE => return Err(never_started(&exec.id)),
            _ => sleep(pause).await,
        }
        pause = LONGEST.min(pause * 2);
    }
}

fn never_started(id: &str) -> Error {
    let message = format!("the process was not started within {PATIENCE:?}: call `start` before `wait`");
    Error::new(ErrorKind::Timeout, message).in_call(|| format!("GET /exec/{id}/json"))
}
