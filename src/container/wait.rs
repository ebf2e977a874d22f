//! `POST /containers/{id}/wait`

use super::{Container, ContainerInspect};
use crate::request::{Request, Response, call, json, send};
use crate::wire::open_enum;
use crate::{Limits, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use tokio::time::Instant;

impl Container {
    /// Waits until the container ends, and returns its exit status. Only connecting has a timeout, unless limits are set
    /// on the call.
    ///
    /// An exit code other than 0 is not an error. For a container that is not started yet, use [`Wait::registered`].
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("POST /containers/job/wait", r#"200 {"StatusCode":3}"#)]);
    /// let exit = docker.container("job").wait().await?;
    /// assert_eq!(exit.code, 3);
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /containers/{id}/wait`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container does not exist.
    pub fn wait(&self) -> Wait {
        let request = self.post("/containers/{id}/wait").no_timeouts(true);
        Wait(WaitRequest { request, inspect: self.get("/containers/{id}/json") })
    }
}

/// A call of [`Container::wait`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Wait(WaitRequest);

impl Wait {
    /// Sets the condition to wait for. Defaults to [`WaitCondition::NotRunning`].
    pub fn condition(self, condition: impl Into<WaitCondition>) -> Self {
        Self(WaitRequest { request: self.0.request.query("condition", condition.into()), ..self.0 })
    }

    /// Waits only until the engine has registered the wait. From then on, no exit is missed.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("POST /containers/create", r#"201 {"Id":"50f1","Warnings":[]}"#),
    /// #     ("POST /containers/50f1/wait?condition=next-exit", r#"200 {"StatusCode":3}"#),
    /// #     ("POST /containers/50f1/start", "204"),
    /// # ]);
    /// use longshore::container::{ContainerSpec, WaitCondition};
    ///
    /// let job = docker.containers().create(ContainerSpec::new("job")).await?;
    /// let exit = job.wait().condition(WaitCondition::NextExit).registered().await?;
    /// job.start().await?;
    /// assert_eq!(exit.exit().await?.code, 3);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As for [`Container::wait`].
    pub async fn registered(self) -> Result<PendingExit> {
        let begun = Instant::now();
        let WaitRequest { request, inspect } = self.0;
        let inspect = inspect.polling_since(begun);
        send(request.since_begun(begun)).await.map(|response| PendingExit { response, inspect })
    }
}

/// The parts of a wait call.
#[derive(Clone, Debug)]
struct WaitRequest {
    request: Request,
    /// Inspects the container, for engines that do not report its exit code.
    inspect: Request,
}

impl WaitRequest {
    fn limits(self, limits: Limits) -> Self {
        Self { request: self.request.limits(limits), inspect: self.inspect.limits(limits) }
    }
}

call!(Wait => ExitStatus, exited);

async fn exited(wait: WaitRequest) -> Result<ExitStatus> {
    Wait(wait).registered().await?.exit().await
}

open_enum! {
    /// A condition that [`Container::wait`] waits for.
    pub enum WaitCondition {
        /// The container is not running. Met at once if it is stopped, even if it was never started.
        NotRunning = "not-running",
        /// The container ends the next time. Never met if it has already ended and is not started again.
        NextExit = "next-exit",
        /// The container is removed. For a container with `auto_remove`.
        Removed = "removed",
    }
}

/// A wait that the engine has registered, from [`Wait::registered`]. Dropping it ends the wait.
#[derive(Debug)]
#[must_use = "`exit` returns the exit status"]
pub struct PendingExit {
    response: Response,
    inspect: Request,
}

impl PendingExit {
    /// Waits until the container ends, and returns its exit status.
    ///
    /// # Errors
    /// [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted) if the connection closes, and [`ErrorKind::Decode`](crate::ErrorKind::Decode)
    /// if a proxy ends the response without a body.
    pub async fn exit(self) -> Result<ExitStatus> {
        let Waited { status_code, error } = self.response.json().await?;
        let error = error.map(|error| error.message).filter(|message| !message.is_empty());
        if status_code == -1 && error.is_none() {
            // Podman responds so for a container that was never started, or that ended long ago.
            match json::<ContainerInspect>(self.inspect).await {
                Ok(container) => return Ok(ExitStatus { code: container.state.exit_code, error: None }),
                Err(error) if error.is_timeout() => return Err(error),
                Err(_) => {}
            }
        }
        Ok(ExitStatus { code: status_code, error })
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Waited {
    status_code: i64,
    #[serde(default)]
    error: Option<WaitError>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct WaitError {
    message: String,
}

/// The exit status of a container.
///
/// 137 is 128 + 9: SIGKILL ended the process, sent by `stop` or for lack of memory. 143 is 128 + 15: SIGTERM ended it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ExitStatus {
    /// The exit code; -1 if the engine gave up waiting.
    pub code: i64,
    /// The engine's error message, such as why the container could not be removed; `None` if nothing went wrong.
    #[serde(default)]
    pub error: Option<String>,
}

impl ExitStatus {
    /// Returns whether the exit code is 0 and the engine reported no error.
    #[must_use]
    pub fn success(&self) -> bool {
        self.code == 0 && self.error.is_none()
    }
}

impl fmt::Display for ExitStatus {
    /// Writes `exit code 1`, followed by the engine's error message if there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit code {}", self.code)?;
        self.error.as_ref().map_or(Ok(()), |error| write!(f, ": {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::{ExitStatus, Waited};

    #[test]
    fn reads_answers_with_and_without_an_error() {
        for (json, expected) in [
            (r#"{"StatusCode":0}"#, None),
            (r#"{"StatusCode":1,"Error":null}"#, None),
            (r#"{"StatusCode":-1,"Error":{"Message":"gone"}}"#, Some("gone")),
        ] {
            let waited: Waited = serde_json::from_str(json).expect(json);
            assert_eq!(waited.error.as_ref().map(|error| error.message.as_str()), expected);
        }
        assert!(serde_json::from_str::<Waited>("{}").is_err(), "no exit code is not exit code 0");
    }

    #[test]
    fn says_how_it_ended() {
        assert!(ExitStatus { code: 0, error: None }.success());
        let status = ExitStatus { code: 127, error: Some("no such file".to_owned()) };
        assert!(!status.success());
        assert_eq!(status.to_string(), "exit code 127: no such file");
    }
}
