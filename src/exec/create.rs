//! `POST /containers/{id}/exec`

use super::Exec;
use crate::container::{Container, Env};
use crate::request::{Request, call, json};
use crate::wire::is_default;
use crate::{Limits, Result, Version};
use serde::{Deserialize, Serialize};
use std::fmt;

impl Container {
    /// Makes a further process in the container, which has to run; [`Exec::start`] starts it.
    ///
    /// Its output is attached to, its input is not. [`output`](Create::output) does all at once: it starts the process and
    /// waits for its end.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let docker = engine(&[
    /// #     ("POST /containers/web/exec", r#"201 {"Id":"fa51"}"#),
    /// #     ("POST /exec/fa51/start", "101 >a\n>b\n"),
    /// #     ("GET /exec/fa51/json", r#"200 {"ID":"fa51","Running":false,"ExitCode":0}"#),
    /// # ]);
    /// # let web = docker.container("web");
    /// use tokio::io::AsyncWriteExt;
    ///
    /// let sort = web.exec(["sort"]).stdin(true).await?;
    /// let mut attached = sort.start().await?;
    /// attached.write_all(b"b\na\n").await?;
    /// attached.shutdown().await?; // the end of its stdin
    /// while let Some(chunk) = attached.next().await {
    ///     print!("{}", chunk?); // a, then b
    /// }
    /// assert!(sort.wait().await?.success());
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /containers/{id}/exec`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such container.
    /// [`Error::is_conflict`](crate::Error::is_conflict): it does not run, or is paused.
    /// [`Error::is_invalid`](crate::Error::is_invalid): there is no command.
    pub fn exec<S: Into<String>>(&self, cmd: impl IntoIterator<Item = S>) -> Create {
        let body = Body {
            attach_stdout: true,
            attach_stderr: true,
            cmd: cmd.into_iter().map(Into::into).collect(),
            ..Body::default()
        };
        Create(Making { request: self.post("/containers/{id}/exec"), body })
    }
}

/// A call of [`Container::exec`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Create(Making);

impl Create {
    /// Sets an environment variable, beside those of the container; by default there are no others.
    pub fn env(mut self, name: impl Into<String>, value: impl AsRef<str>) -> Self {
        self.0.body.env.set(name, value);
        self
    }

    /// Who runs it: `user`, `uid`, `user:group` or `uid:gid`; the container's user if not set.
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.0.body.user = user.into();
        self
    }

    /// Where it runs; where the container does if not set.
    pub fn working_dir(mut self, path: impl Into<String>) -> Self {
        self.0.body.working_dir = path.into();
        self
    }

    /// Whether it has a terminal; then all its output is [`Console`](crate::stream::Source::Console). By default not.
    pub fn tty(mut self, tty: bool) -> Self {
        self.0.body.tty = tty;
        self
    }

    /// The terminal's size at first, for a process that has one: its height in lines, and its width in characters. The
    /// engine's choice if not set. Since API 1.42.
    pub fn console_size(mut self, height: u32, width: u32) -> Self {
        self.0.body.console_size = Some([height, width]);
        self
    }

    /// Which keys detach from its terminal, such as `ctrl-a,x`; by default `ctrl-p,ctrl-q`.
    pub fn detach_keys(mut self, keys: impl Into<String>) -> Self {
        self.0.body.detach_keys = keys.into();
        self
    }

    /// Gives it all capabilities and devices; by default it has those of the container.
    pub fn privileged(mut self, privileged: bool) -> Self {
        self.0.body.privileged = privileged;
        self
    }

    /// Whether it reads what is written to [`Attached`](crate::stream::Attached). Defaults to `false`.
    pub fn stdin(mut self, stdin: bool) -> Self {
        self.0.body.attach_stdin = stdin;
        self
    }

    /// Whether to attach to its stdout; by default so.
    pub fn stdout(mut self, stdout: bool) -> Self {
        self.0.body.attach_stdout = stdout;
        self
    }

    /// Whether to attach to its stderr; by default so.
    pub fn stderr(mut self, stderr: bool) -> Self {
        self.0.body.attach_stderr = stderr;
        self
    }
}

call!(Create => Exec, created);

/// The request, and its body as far as it has been said.
#[derive(Clone)]
struct Making {
    request: Request,
    body: Body,
}

impl fmt::Debug for Making {
    /// Without the body: it holds what must not be logged.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.request.fmt(f)
    }
}

impl Making {
    fn limits(self, limits: Limits) -> Self {
        Self { request: self.request.limits(limits), ..self }
    }

    /// The request with its body, and with what that needs of the engine.
    fn request(self) -> Request {
        let mut request = self.request.json(&self.body);
        if let Some(why) = self.body.problem() {
            request = request.refuse(why);
        }
        if self.body.console_size.is_some() {
            request = request.since(Version::V1_42, "ConsoleSize of an exec");
        }
        request
    }
}

#[allow(clippy::struct_excessive_bools, reason = "the API has them")]
#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    attach_stdin: bool,
    attach_stdout: bool,
    attach_stderr: bool,
    tty: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    console_size: Option<[u32; 2]>,
    #[serde(skip_serializing_if = "String::is_empty")]
    detach_keys: String,
    #[serde(skip_serializing_if = "Env::is_empty")]
    env: Env,
    cmd: Vec<String>,
    #[serde(skip_serializing_if = "is_default")]
    privileged: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    user: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    working_dir: String,
}

impl Body {
    /// What is wrong, and what is right.
    fn problem(&self) -> Option<&'static str> {
        if self.cmd.is_empty() {
            return Some("an exec needs a command, such as [\"ls\", \"-l\"]");
        }
        if self.env.iter().any(|(name, _)| name.is_empty()) {
            return Some("an environment variable has no name");
        }
        if self.console_size.is_some() && !self.tty {
            return Some("a console has a size only where there is one: set tty(true) too");
        }
        None
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Created {
    id: String,
}

async fn created(making: Making) -> Result<Exec> {
    let (client, tty) = (making.request.client().clone(), making.body.tty);
    let Created { id } = json(making.request()).await?;
    Ok(Exec { client, id, tty: Some(tty) })
}
