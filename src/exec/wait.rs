//! Waiting for the end of an exec, which the API has no call for.

use super::Exec;
use crate::container::ExitStatus;
use crate::request::call;
use crate::{Error, ErrorKind, Limits, Result};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Between the first two questions; doubled each time,
const SHORTEST: Duration = Duration::from_millis(2);
/// up to this.
const LONGEST: Duration = Duration::from_millis(250);
/// How long the engine may not know that the process was started, or how it ended.
const PATIENCE: Duration = Duration::from_secs(10);

impl Exec {
    /// Waits until the process has ended, and says how. An exit code is data, and never an error.
    ///
    /// The API has no call for it: the engine is asked again and again, [how it stands](Self::inspect). Most come here after
    /// the end of the process's output, and then the first or second answer is the last one.
    ///
    /// # Errors
    /// As [`inspect`](Self::inspect); and [`ErrorKind::Decode`] if it was not started within 10 s.
    pub fn wait(&self) -> Wait {
        Wait(WaitRequest { exec: self.clone(), limits: Limits::new() })
    }
}

/// A call of [`Exec::wait`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Wait(WaitRequest);

call!(Wait => ExitStatus, ended);

#[derive(Clone, Debug)]
struct WaitRequest {
    exec: Exec,
    limits: Limits,
}

impl WaitRequest {
    /// They hold for each request; `whole`, for all of them together.
    fn limits(self, limits: Limits) -> Self {
        Self { limits: limits.or(self.limits), ..self }
    }
}

async fn ended(WaitRequest { exec, limits }: WaitRequest) -> Result<ExitStatus> {
    let begun = Instant::now();
    let mut pause = SHORTEST;
    loop {
        let now = exec.inspect().limits(limits).since(begun).await?;
        match now.exit_code {
            Some(code) if !now.running => return Ok(ExitStatus { code, error: None }),
            None if !now.running && begun.elapsed() > PATIENCE => return Err(never_started(&exec.id)),
            _ => sleep(pause).await,
        }
        pause = LONGEST.min(pause * 2);
    }
}

fn never_started(id: &str) -> Error {
    let message = "the process does not run and has no exit code: it was not started";
    Error::new(ErrorKind::Decode, message).in_call(|| format!("GET /exec/{id}/json"))
}
