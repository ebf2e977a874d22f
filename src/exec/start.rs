//! `POST /exec/{id}/start`

use super::{Exec, Inspect};
use crate::request::{Method, Request, call, send, unit};
use crate::stream::{Attached, Framing};
use crate::{Limits, Result, Version};
use serde::Serialize;
use tokio::time::Instant;

impl Exec {
    /// Starts the process and attaches to it. To start it without attaching, use [`detached`](Start::detached). An exec
    /// can be started only once.
    ///
    /// The output ends when the process does, and [`wait`](Self::wait) then returns the exit code.
    ///
    /// Engines switch protocols before they start the process. Two failures are therefore reported as text in its
    /// output. If the program does not exist, the exit code is 126 or 127. If the exec was started before, the exit
    /// code is that of the first start.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("POST /containers/web/exec", r#"201 {"Id":"fa51"}"#),
    /// #     ("POST /exec/fa51/start", "101 >nginx.conf\n"),
    /// # ]);
    /// # let web = docker.container("web");
    /// let ls = web.exec(["ls", "/etc/nginx"]).await?;
    /// let (stdin, mut output) = ls.start().await?.split();
    /// drop(stdin); // ls does not read it
    /// while let Some(chunk) = output.next().await {
    ///     print!("{}", chunk?);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /exec/{id}/start`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the exec does not exist, or the engine has discarded it.
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the container is paused. Other errors if the container is
    /// no longer running.
    pub fn start(&self) -> Start {
        Start(Starting { exec: self.clone(), limits: Limits::new(), begun: None, console_size: None })
    }
}

/// A call of [`Exec::start`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Start(Starting);

impl Start {
    /// Sets the initial size of the terminal: its height in lines and its width in characters. Defaults to the size
    /// that the exec was created with. Requires an exec with a terminal, and API 1.42 or later.
    pub fn console_size(mut self, height: u32, width: u32) -> Self {
        self.0.console_size = Some([height, width]);
        self
    }

    /// Starts the process without attaching to it: its output is lost.
    ///
    /// # Errors
    /// As for [`Exec::start`].
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the container does not have the program.
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the exec was started before.
    pub async fn detached(self) -> Result<()> {
        let (request, _) = self.0.request(true).await?;
        unit(request).await
    }

    /// Counts the `whole` limit from an earlier time.
    pub(super) fn since_begun(mut self, begun: Instant) -> Self {
        self.0.begun = Some(begun);
        self
    }
}

call!(Start => Attached, started);

/// The parts of a start call.
#[derive(Clone, Debug)]
struct Starting {
    exec: Exec,
    limits: Limits,
    /// When the call started, if not now.
    begun: Option<Instant>,
    console_size: Option<[u32; 2]>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    detach: bool,
    tty: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    console_size: Option<[u32; 2]>,
}

impl Starting {
    fn limits(self, limits: Limits) -> Self {
        Self { limits: limits.or(self.limits), ..self }
    }

    /// Returns the request, and whether the process has a terminal.
    ///
    /// Engines frame the output by the `Tty` of this request, so it must be the one that the exec was created with.
    async fn request(self, detach: bool) -> Result<(Request, bool)> {
        let begun = self.begun.unwrap_or_else(Instant::now);
        let tty = if let Some(tty) = self.exec.tty {
            tty
        } else {
            let inspect = Inspect::of(&self.exec).limits(self.limits).map(|request| request.since_begun(begun));
            inspect.await?.process_config.tty
        };
        let body = Body { detach, tty, console_size: self.console_size };
        let request = self.exec.request(Method::POST, "/exec/{id}/start").limits(self.limits);
        let mut request = request.since_begun(begun).json(&body);
        if self.console_size.is_some() {
            request = request.since(Version::V1_42, "ConsoleSize of an exec");
        }
        if self.console_size.is_some() && !tty {
            request = request.refuse(
                "console_size needs a terminal, but the exec was created without one: create it with tty(true)",
            );
        }
        Ok((request, tty))
    }
}

async fn started(starting: Starting) -> Result<Attached> {
    let (request, tty) = starting.request(false).await?;
    let framing = if tty { Framing::Raw } else { Framing::Multiplexed };
    let answer = send(request.upgrade("tcp")).await?;
    Ok(Attached::new(answer.into_upgraded()?, framing))
}
