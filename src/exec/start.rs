//! `POST /exec/{id}/start`

use super::{Exec, Inspect};
use crate::request::{Method, Request, call, send, unit};
use crate::stream::{Attached, Framing};
use crate::{Limits, Result, Version};
use serde::Serialize;

impl Exec {
    /// Starts the process and attaches to it, or [without attaching](Start::detached). It can be started once.
    ///
    /// The output ends when the process does; how it ended, [`wait`](Self::wait) tells. Engines switch protocols before they
    /// start it: that its program is missing, or that it was started before, is told as text in its output. The exit code is
    /// 126 or 127 then, or the one of the first time.
    ///
    /// `POST /exec/{id}/start`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such exec, or it is forgotten.
    /// [`Error::is_conflict`](crate::Error::is_conflict): the container is paused. Other errors: it does not run any more.
    pub fn start(&self) -> Start {
        Start(Starting { exec: self.clone(), limits: Limits::new(), console_size: None })
    }
}

/// A call of [`Exec::start`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Start(Starting);

impl Start {
    /// The terminal's size at first, for a process that has one: its height in lines, and its width in characters; what it
    /// was made with if not set. Since API 1.42.
    pub fn console_size(mut self, height: u32, width: u32) -> Self {
        self.0.console_size = Some([height, width]);
        self
    }

    /// Only starts the process, without attaching to it: its output is lost.
    ///
    /// # Errors
    /// As [`Exec::start`]; and [`Error::is_invalid`](crate::Error::is_invalid): there is no such program in the container;
    /// [`Error::is_conflict`](crate::Error::is_conflict): it was started before.
    pub async fn detached(self) -> Result<()> {
        let (request, _) = self.0.request(true).await?;
        unit(request).await
    }
}

call!(Start => Attached, started);

/// What a start is made of.
#[derive(Clone, Debug)]
struct Starting {
    exec: Exec,
    limits: Limits,
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

    /// The request, and whether the process has a terminal.
    ///
    /// Engines frame the output by what is said here, whatever the exec was made with: it has to be the same.
    async fn request(self, detach: bool) -> Result<(Request, bool)> {
        let tty = match self.exec.tty {
            Some(tty) => tty,
            None => Inspect::of(&self.exec).limits(self.limits).await?.process_config.tty,
        };
        let body = Body { detach, tty, console_size: self.console_size };
        let mut request = self.exec.request(Method::POST, "/exec/{id}/start").limits(self.limits).json(&body);
        if self.console_size.is_some() {
            request = request.since(Version::V1_42, "ConsoleSize of an exec");
        }
        if self.console_size.is_some() && !tty {
            request = request.refuse("a console has a size only where there is one, and the exec was made without");
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
