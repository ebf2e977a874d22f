//! [`BuildSsh`]: an SSH agent for the steps of a build.

use super::grpc::{Call, Messages, Responder, Status};
use super::proto::{BytesMessage, CheckAgentRequest, Empty};
use bytes::BytesMut;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::net::unix::OwnedWriteHalf;

/// The ID of a `--mount=type=ssh` without an ID.
const DEFAULT: &str = "default";
/// The largest chunk of the agent's output in a message, in bytes, as in the docker CLI.
const PIECE: usize = 32 << 10;
/// The time that an agent for a key may take to start.
const BEGUN: Duration = Duration::from_secs(5);

/// An SSH agent for the steps of a build that mount it: `RUN --mount=type=ssh git clone …`. Requires the feature
/// `buildkit`.
///
/// The private keys stay with the agent.
///
/// ```no_run
/// # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
/// use longshore::image::{BuildContext, BuildSsh};
///
/// let build = docker.images().build(BuildContext::folder("web")).tag("web:1");
/// build.ssh(BuildSsh::agent()).ssh(BuildSsh::key("/home/ci/.ssh/deploy").id("deploy")).await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "it does nothing until it is given to a build"]
pub struct BuildSsh {
    id: String,
    from: From,
}

#[derive(Clone, Debug)]
enum From {
    Environment,
    Socket(PathBuf),
    Key(PathBuf),
}

impl BuildSsh {
    /// Forwards the agent that `SSH_AUTH_SOCK` names.
    pub fn agent() -> Self {
        Self { id: DEFAULT.to_owned(), from: From::Environment }
    }

    /// Forwards the agent that listens on this socket.
    pub fn socket(path: impl Into<PathBuf>) -> Self {
        Self { id: DEFAULT.to_owned(), from: From::Socket(path.into()) }
    }

    /// Starts an `ssh-agent` process with only this private key, and stops it when the build ends.
    ///
    /// The key must not be encrypted. Add such a key to an agent, and use [`agent`](Self::agent).
    pub fn key(path: impl Into<PathBuf>) -> Self {
        Self { id: DEFAULT.to_owned(), from: From::Key(path.into()) }
    }

    /// Sets the id that a step mounts the agent by. Defaults to `default`, the id of a mount that names none.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// Finds the agent's socket. Blocks.
    fn find(self) -> Result<Agent, String> {
        let Self { id, from } = self;
        let (socket, own) = match from {
            From::Socket(socket) => (socket, None),
            From::Environment => match std::env::var_os("SSH_AUTH_SOCK").filter(|socket| !socket.is_empty()) {
                Some(socket) => (socket.into(), None),
                None => return Err("there is no SSH agent to forward: SSH_AUTH_SOCK is not set".to_owned()),
            },
            From::Key(key) => {
                let own = OwnAgent::begin(&key)?;
                (own.socket(), Some(own))
            }
        };
        match std::os::unix::net::UnixStream::connect(&socket) {
            Ok(_) => Ok(Agent { id, socket, _own: own }),
            Err(error) => Err(format!("the SSH agent at {} cannot be reached: {error}", socket.display())),
        }
    }
}

/// An agent of a session.
struct Agent {
    id: String,
    socket: PathBuf,
    _own: Option<OwnAgent>,
}

/// The agents of a session.
#[derive(Default)]
pub(super) struct Agents(Vec<Agent>);

impl Agents {
    /// Finds all agents. Blocks.
    pub(super) fn find(agents: Vec<BuildSsh>) -> Result<Self, String> {
        agents.into_iter().map(BuildSsh::find).collect::<Result<_, _>>().map(Self)
    }

    fn socket(&self, id: &str) -> Result<&Path, Status> {
        let id = if id.is_empty() { DEFAULT } else { id };
        let agent = self.0.iter().find(|agent| agent.id == id);
        let missing = || match self.0.as_slice() {
            [] => Status::unimplemented(),
            _ => Status::unknown(format!("the build was given no SSH agent {id:?}")),
        };
        agent.map(|agent| agent.socket.as_path()).ok_or_else(missing)
    }

    pub(super) fn check(&self, asked: &CheckAgentRequest) -> Result<Empty, Status> {
        self.socket(&asked.id).map(|_| Empty {})
    }

    /// Forwards data between a step and the agent.
    pub(super) async fn forward(&self, call: Call) -> (Responder, Result<(), Status>) {
        let id = call.header("buildkit.ssh.id").into_iter().next().unwrap_or_default();
        let Call { messages, mut responder, .. } = call;
        let outcome = match self.socket(&id) {
            Ok(socket) => carry(socket, messages, &mut responder).await,
            Err(status) => Err(status),
        };
        (responder, outcome)
    }
}

async fn carry(socket: &Path, messages: Messages, responder: &mut Responder) -> Result<(), Status> {
    let unreachable = |error| Status::unknown(format!("the SSH agent at {}: {error}", socket.display()));
    let (mut reader, writer) = UnixStream::connect(socket).await.map_err(unreachable)?.into_split();
    let mut asking = tokio::task::JoinSet::new(); // stops when dropped
    asking.spawn(ask(messages, writer));
    loop {
        let mut buffer = BytesMut::with_capacity(PIECE);
        if reader.read_buf(&mut buffer).await.map_err(unreachable)? == 0 {
            return Ok(());
        }
        responder.send(&BytesMessage { data: buffer.freeze() }).await?;
    }
}

/// Forwards the engine's data to the agent. At the end, closes only this direction.
async fn ask(mut messages: Messages, mut agent: OwnedWriteHalf) {
    while let Ok(Some(BytesMessage { data })) = messages.next().await {
        if agent.write_all(&data).await.is_err() {
            return;
        }
    }
    let _ = agent.shutdown().await;
}

/// An `ssh-agent` process, which is stopped when dropped.
struct OwnAgent {
    process: Child,
    folder: PathBuf,
}

impl OwnAgent {
    fn begin(key: &Path) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("cannot start an SSH agent for {}: {error}", key.display());
        let name = format!("longshore-{}", crate::wire::random_id());
        let folder = std::env::temp_dir().join(name);
        private_folder(&folder).map_err(failed)?;
        let quiet = |program: &str| {
            let mut command = Command::new(program);
            command.stdin(Stdio::null()).stdout(Stdio::null());
            command
        };
        let socket = folder.join("agent");
        let process = quiet("ssh-agent").arg("-D").arg("-a").arg(&socket).stderr(Stdio::null()).spawn();
        let process = process.map_err(|error| {
            let _ = std::fs::remove_dir_all(&folder);
            failed(error)
        })?;
        let own = Self { process, folder };
        let begun = Instant::now();
        while std::os::unix::net::UnixStream::connect(&socket).is_err() {
            if begun.elapsed() > BEGUN {
                return Err(format!("cannot start an SSH agent for {}: it does not respond", key.display()));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let mut add = quiet("ssh-add");
        // Asks a program that fails for the passphrase of an encrypted key, because `ssh-add` would ask at the terminal.
        add.env("SSH_ASKPASS", "/bin/false").env("SSH_ASKPASS_REQUIRE", "force").env("DISPLAY", "none");
        add.arg(key).env("SSH_AUTH_SOCK", &socket);
        let added = add.stderr(Stdio::piped()).output().map_err(failed)?;
        if added.status.success() {
            return Ok(own);
        }
        let said = String::from_utf8_lossy(&added.stderr);
        // Some of its warnings have a frame of @.
        let lines = said.lines().map(|line| line.trim_matches(|letter: char| letter == '@' || letter.is_whitespace()));
        let why = match &*lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ") {
            "" => "it needs a passphrase: add it to an agent and use BuildSsh::agent()".to_owned(),
            why => why.to_owned(),
        };
        Err(format!("ssh-add refused the SSH key {}: {why}", key.display()))
    }

    fn socket(&self) -> PathBuf {
        self.folder.join("agent")
    }
}

impl Drop for OwnAgent {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait(); // returns at once, as it was killed
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn private_folder(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().mode(0o700).create(path)
}

#[cfg(test)]
mod tests {
    use super::{Agents, BuildSsh};
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    const TEST: &str = "image::build::buildkit::ssh::tests::an_encrypted_key_is_refused_at_a_terminal_as_well";
    const KEY: &str = "LONGSHORE_TEST_ENCRYPTED_KEY";

    #[test]
    fn the_agent_is_that_of_the_variable() {
        const TEST: &str = "image::build::buildkit::ssh::tests::the_agent_is_that_of_the_variable";
        const SOCKET: &str = "LONGSHORE_TEST_AGENT";
        if let Some(socket) = std::env::var_os(SOCKET) {
            let agents = Agents::find(vec![BuildSsh::agent(), BuildSsh::agent().id("other")]);
            if socket.is_empty() {
                let error = agents.err().expect("there is none");
                assert_eq!(error, "there is no SSH agent to forward: SSH_AUTH_SOCK is not set");
                return;
            }
            let agents = agents.expect("agents");
            assert_eq!(
                ["", "default", "other"].map(|id| agents.socket(id).expect("an agent").as_os_str()),
                [&*socket; 3]
            );
            assert!(agents.socket("another").is_err());
            return;
        }
        // Again, with variables of its own.
        let folder = tempfile::tempdir().expect("a folder");
        let socket = folder.path().join("agent");
        let _agent = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
        for socket in [socket.as_os_str(), "".as_ref()] {
            let mut again = Command::new(std::env::current_exe().expect("this program"));
            let again = again.args(["--exact", TEST]).env(SOCKET, socket).env("SSH_AUTH_SOCK", socket).status();
            assert!(again.expect("run").success());
        }
    }

    #[test]
    fn the_reason_is_in_one_line() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let key = folder.path().join("key");
        let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key).status();
        if made.is_err() {
            eprintln!("skipped the_reason_is_in_one_line: there is no ssh-keygen");
            return;
        }
        std::fs::set_permissions(&key, PermissionsExt::from_mode(0o644)).expect("readable by all");
        let error = BuildSsh::key(&key).find().err().expect("others can read it");
        assert!(error.contains("/key: WARNING: UNPROTECTED PRIVATE KEY FILE!; Permissions 0644 for"), "{error}");
        assert!(!error.contains(['@', '\r', '\n']), "{error:?}");
    }

    #[test]
    fn an_encrypted_key_is_refused_at_a_terminal_as_well() {
        if let Some(key) = std::env::var_os(KEY) {
            let error = BuildSsh::key(key).find().err().expect("it is encrypted");
            assert!(
                error.ends_with("/key: it needs a passphrase: add it to an agent and use BuildSsh::agent()"),
                "{error}"
            );
            return;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let key = folder.path().join("key");
        let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "hunter2", "-f"]).arg(&key).status();
        // Again, with a terminal at which nobody types.
        let program = std::env::current_exe().expect("this program");
        let mut again = Command::new("script");
        again.args(["-qec", &format!("'{}' --exact {TEST}", program.display()), "/dev/null"]).env(KEY, &key);
        let (Ok(_), Ok(mut again)) = (made, again.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()) else {
            eprintln!("skipped {TEST}: there is no ssh-keygen or no script");
            return;
        };
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(20) {
            if let Some(status) = again.try_wait().expect("a process") {
                assert!(status.success());
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = again.kill();
        panic!("it still waits for a passphrase");
    }
}
