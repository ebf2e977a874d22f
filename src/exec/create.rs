//! `POST /containers/{id}/exec`

use super::Exec;
use crate::container::{Container, Env};
use crate::request::{Request, call, json};
use crate::wire::is_default;
use crate::{Limits, Version};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::Path;
use tokio::time::Instant;

impl Container {
    /// Creates an exec: a further process in the container, which must be running. [`Exec::start`] starts it.
    ///
    /// The exec attaches to the process's stdout and stderr, but not to its stdin. [`output`](Create::output) creates
    /// and starts the exec and waits for its end in one call.
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
    /// attached.shutdown().await?; // closes its stdin
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
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container does not exist.
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the container is not running, or is paused.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the command is empty.
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
pub struct Create(pub(super) Making);

impl Create {
    /// Sets an environment variable, in addition to those of the container. Default: none.
    pub fn env(mut self, name: impl Into<String>, value: impl AsRef<str>) -> Self {
        self.0.body.env.set(name, value);
        self
    }

    /// Sets environment variables, in addition to those of the container.
    pub fn envs<K: Into<String>, V: AsRef<str>>(self, variables: impl IntoIterator<Item = (K, V)>) -> Self {
        variables.into_iter().fold(self, |exec, (name, value)| exec.env(name, value))
    }

    /// Sets an environment variable to the value that it has in this process now, as `docker exec --env NAME` does.
    ///
    /// If this process does not have it, the exec does not have it either, even if the container does.
    pub fn env_from_process(self, name: impl AsRef<str>) -> Self {
        self.set_env(|env| env.set_from_process(name.as_ref()))
    }

    /// Sets an environment variable in the form of `docker exec --env`: `NAME=value`, or `NAME` alone as
    /// [`env_from_process`](Self::env_from_process).
    pub fn env_text(self, variable: impl AsRef<str>) -> Self {
        self.set_env(|env| env.set_text(variable.as_ref()))
    }

    /// Sets the environment variables of a file, as
    /// [`ContainerSpec::env_file`](crate::container::ContainerSpec::env_file) does. The file is read at once. If that
    /// fails, the call returns the error.
    pub fn env_file(self, path: impl AsRef<Path>) -> Self {
        self.set_env(|env| env.set_from_file(path.as_ref()))
    }

    /// Changes the environment variables, or refuses the call.
    fn set_env(mut self, set: impl FnOnce(&mut Env) -> Result<(), String>) -> Self {
        if let Err(why) = set(&mut self.0.body.env) {
            self.0.request = self.0.request.refuse(why);
        }
        self
    }

    /// Sets the user that runs the command: `user`, `uid`, `user:group` or `uid:gid`. Defaults to the container's user.
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.0.body.user = user.into();
        self
    }

    /// Sets the working directory. Defaults to that of the container.
    pub fn working_dir(mut self, path: impl Into<String>) -> Self {
        self.0.body.working_dir = path.into();
        self
    }

    /// Allocates a terminal. All output is then [`Console`](crate::stream::Source::Console). Defaults to `false`.
    pub fn tty(mut self, tty: bool) -> Self {
        self.0.body.tty = tty;
        self
    }

    /// Sets the initial size of the terminal: its height in lines and its width in characters. Defaults to the engine's
    /// choice. Requires [`tty(true)`](Self::tty), and API 1.42 or later.
    pub fn console_size(mut self, height: u32, width: u32) -> Self {
        self.0.body.console_size = Some([height, width]);
        self
    }

    /// Sets the keys that detach from the terminal, such as `ctrl-a,x`. Defaults to `ctrl-p,ctrl-q`.
    pub fn detach_keys(mut self, keys: impl Into<String>) -> Self {
        self.0.body.detach_keys = keys.into();
        self
    }

    /// Gives the process all capabilities and devices. Defaults to `false`: those of the container.
    pub fn privileged(mut self, privileged: bool) -> Self {
        self.0.body.privileged = privileged;
        self
    }

    /// Attaches to stdin: the process reads what is written to [`Attached`](crate::stream::Attached). Defaults to
    /// `false`.
    pub fn stdin(mut self, stdin: bool) -> Self {
        self.0.body.attach_stdin = stdin;
        self
    }

    /// Attaches to stdout. Defaults to `true`.
    pub fn stdout(mut self, stdout: bool) -> Self {
        self.0.body.attach_stdout = stdout;
        self
    }

    /// Attaches to stderr. Defaults to `true`.
    pub fn stderr(mut self, stderr: bool) -> Self {
        self.0.body.attach_stderr = stderr;
        self
    }

    /// Counts the `whole` limit from an earlier time.
    pub(super) fn since_begun(self, begun: Instant) -> Self {
        Self(Making { request: self.0.request.since_begun(begun), ..self.0 })
    }
}

call!(Create => Exec, created);

/// The request, and its body as set so far.
#[derive(Clone)]
pub(super) struct Making {
    pub(super) request: Request,
    body: Body,
}

impl fmt::Debug for Making {
    /// Omits the body: its environment variables may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.request.fmt(f)
    }
}

impl Making {
    fn limits(self, limits: Limits) -> Self {
        Self { request: self.request.limits(limits), ..self }
    }

    /// Refuses a terminal's stdin: closing it would cut off the output.
    pub(super) fn refuse_open_terminal(mut self) -> Self {
        if self.body.tty && self.body.attach_stdin {
            let why = "the stdin of a terminal cannot be closed: leave out stdin(true), or use start()";
            self.request = self.request.refuse(why);
        }
        self
    }

    /// Returns the request with its body, its checks and its version gates.
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
    /// Returns what is wrong with the body, and how to fix it.
    fn problem(&self) -> Option<String> {
        if self.cmd.is_empty() {
            return Some("an exec needs a command, such as [\"ls\", \"-l\"]".to_owned());
        }
        if self.console_size.is_some() && !self.tty {
            return Some("console_size needs a terminal: set tty(true) too".to_owned());
        }
        self.env.check().err()
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Created {
    id: String,
}

async fn created(making: Making) -> crate::Result<Exec> {
    let (client, tty) = (making.request.client().clone(), making.body.tty);
    let Created { id } = json(making.request()).await?;
    Ok(Exec { client, id, tty: Some(tty) })
}
