//! Engines behind SSH: the system's `ssh` runs `docker system dial-stdio` on the host and serves as the socket.

use super::stream::Stream;
use crate::endpoint::SshHost;
use std::io::{self, Read};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::pin::Pin;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::UnixStream;
use tokio::sync::oneshot;
use tokio::time::timeout;

/// How many bytes to keep of the end of `ssh`'s stderr.
const COMPLAINT: usize = 4 << 10;
/// How often to look, after the end of its output, whether `ssh` has exited. Its stderr does not tell: a master that it
/// left in the background (`ControlPersist`) keeps that open.
const LOOK: Duration = Duration::from_millis(200);
/// How many looks it takes to assume that not `ssh` but the remote side has closed the output: 10 s.
const LOOKS: u32 = 50;

/// The most seconds that `ssh` may take to connect, even without a limit.
const LONGEST_CONNECT: u128 = 600;

/// An `ssh` process, which is killed on drop.
pub(super) struct SshSocket {
    socket: UnixStream,
    process: Arc<Process>,
    end: End,
}

/// Waits for the exit of `ssh`, once its output has ended. `None` if that has been told.
type End = Option<Pin<Box<dyn Future<Output = Option<SshFailure>> + Send + Sync>>>;

/// What the thread that reads stderr shares with the socket.
struct Process {
    child: Mutex<Child>,
    /// The end of what `ssh` has written to stderr.
    complaint: Mutex<Vec<u8>>,
}

/// The failure of `ssh`, with its own words.
#[derive(Clone, Debug, thiserror::Error)]
#[error("ssh ended with {status}{complaint}")]
pub(super) struct SshFailure {
    status: String,
    complaint: String,
}

impl SshSocket {
    /// Starts `ssh`, which may take this long to connect. Only reading the first bytes tells whether it does.
    pub(super) fn open(program: &Path, host: &SshHost, connect: Option<Duration>) -> io::Result<Self> {
        let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
        ours.set_nonblocking(true)?;
        let socket = UnixStream::from_std(ours)?; // before ssh starts: nothing that fails later may leave it behind
        let (stdin, stdout) = (OwnedFd::from(theirs.try_clone()?), OwnedFd::from(theirs));
        let mut child = Command::new(program)
            .args(arguments(host, connect))
            .stdin(stdin)
            .stdout(stdout)
            .stderr(Stdio::piped())
            .process_group(0) // keeps Ctrl-C from ssh: this program may still need the engine
            // A process in the background that prompts on the terminal is stopped, and the call would hang. The program
            // that SSH_ASKPASS names can still prompt. If there is none, ssh fails at once.
            .env("SSH_ASKPASS_REQUIRE", "force")
            .spawn()
            .map_err(|error| io::Error::new(error.kind(), format!("cannot run {}: {error}", program.display())))?;
        let stderr = child.stderr.take();
        let process = Arc::new(Process { child: Mutex::new(child), complaint: Mutex::default() });
        let (tell, exited) = oneshot::channel();
        let watched = process.clone();
        let watching = std::thread::Builder::new().name("longshore-ssh".to_owned()).spawn(move || {
            watched.watch(stderr);
            let _ = tell.send(()); // the receiver is gone if the connection was dropped
        });
        if let Err(error) = watching {
            let mut child = lock(&process.child);
            let _ = child.kill(); // it may have exited already
            let _ = child.wait();
            return Err(error);
        }
        let end = process.clone().end(exited);
        Ok(Self { socket, process, end: Some(Box::pin(end)) })
    }

    /// Waits until it is known why the output has ended.
    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(end) = &mut self.end else { return Poll::Ready(Ok(())) };
        let failure = ready!(end.as_mut().poll(cx));
        self.end = None;
        Poll::Ready(failure.map_or(Ok(()), |failure| Err(io::Error::new(io::ErrorKind::NotConnected, failure))))
    }
}

impl Process {
    /// Reads stderr until it is closed, and reaps `ssh`.
    fn watch(&self, stderr: Option<ChildStderr>) {
        let mut buffer = [0; 1024];
        let Some(mut stderr) = stderr else { return };
        while let Ok(length @ 1..) = stderr.read(&mut buffer) {
            let mut complaint = lock(&self.complaint);
            complaint.extend_from_slice(buffer.get(..length).unwrap_or_default());
            let surplus = complaint.len().saturating_sub(COMPLAINT);
            complaint.drain(..surplus);
        }
        let _ = lock(&self.child).wait(); // its status is asked for again
    }

    /// Waits until `ssh` has exited and nothing more of its stderr is to come.
    async fn end(self: Arc<Self>, mut watched: oneshot::Receiver<()>) -> Option<SshFailure> {
        for _ in 0..LOOKS {
            let exited = self.status().is_some();
            if timeout(LOOK, &mut watched).await.is_ok() || exited {
                break;
            }
        }
        let status = self.status().filter(|status| !status.success())?;
        let complaint =
            String::from_utf8_lossy(&lock(&self.complaint)).split_whitespace().collect::<Vec<_>>().join(" ");
        let complaint = if complaint.is_empty() { complaint } else { format!(": {complaint}") };
        Some(SshFailure { status: status.to_string(), complaint })
    }

    /// The exit status. `None` while `ssh` runs, or while its thread waits for it.
    fn status(&self) -> Option<ExitStatus> {
        self.child.try_lock().ok()?.try_wait().ok()?
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the arguments that the docker CLI passes to `ssh`, with the call's own limit. `--` ends the options. The remote
/// shell gets one quoted command.
fn arguments(host: &SshHost, connect: Option<Duration>) -> Vec<String> {
    let mut arguments = Vec::new();
    if let Some(user) = &host.user {
        arguments.extend(["-l".to_owned(), user.clone()]);
    }
    if let Some(port) = host.port {
        arguments.extend(["-p".to_owned(), port.to_string()]);
    }
    let command = match &host.socket {
        Some(socket) => format!("docker --host={} system dial-stdio", quoted(&format!("unix://{socket}"))),
        None => "docker system dial-stdio".to_owned(),
    };
    let seconds = connect.unwrap_or(Duration::MAX).as_millis().div_ceil(1000).clamp(1, LONGEST_CONNECT);
    arguments.extend(["-o".to_owned(), format!("ConnectTimeout={seconds}"), "-T".to_owned(), "--".to_owned()]);
    arguments.extend([host.host.clone(), command]);
    arguments
}

/// Quotes a word for a POSIX shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

impl Stream for SshSocket {
    fn has_input(&self) -> bool {
        socket2::SockRef::from(&self.socket).peek(&mut [MaybeUninit::uninit()]).is_ok()
    }
}

impl AsyncRead for SshSocket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match ready!(Pin::new(&mut self.socket).poll_read(cx, buffer)) {
            Ok(()) if buffer.filled().len() > before || buffer.remaining() == 0 => Poll::Ready(Ok(())),
            // The socket is reset if `ssh` exited without reading all its input.
            Err(error) if error.kind() != io::ErrorKind::ConnectionReset => Poll::Ready(Err(error)),
            _ => self.poll_end(cx),
        }
    }
}

impl AsyncWrite for SshSocket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}

impl Drop for SshSocket {
    /// Kills `ssh`. Its thread reaps it once its stderr is closed.
    fn drop(&mut self) {
        // If its thread holds the lock, `ssh` is already exiting.
        if let Ok(mut child) = self.process.child.try_lock() {
            let _ = child.kill();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SshSocket, arguments};
    use crate::endpoint::Host;
    use std::path::Path;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    const LIMIT: Option<Duration> = Some(Duration::from_secs(10));

    fn host(text: &str) -> crate::endpoint::SshHost {
        match Host::parse(text).expect("a host") {
            Host::Ssh(host) => host,
            other => panic!("{other} is no ssh host"),
        }
    }

    #[test]
    fn tells_ssh_what_the_docker_cli_tells_it() {
        for (text, expected) in [
            ("ssh://engine", vec!["-o", "ConnectTimeout=10", "-T", "--", "engine", "docker system dial-stdio"]),
            (
                "ssh://me@[::1]:2222/run/it's/docker.sock",
                vec![
                    "-l",
                    "me",
                    "-p",
                    "2222",
                    "-o",
                    "ConnectTimeout=10",
                    "-T",
                    "--",
                    "::1",
                    r"docker --host='unix:///run/it'\''s/docker.sock' system dial-stdio",
                ],
            ),
        ] {
            assert_eq!(arguments(&host(text), LIMIT), expected);
        }
    }

    #[test]
    fn ssh_connects_within_the_limit_of_the_call() {
        let second = Duration::from_secs(1);
        for (limit, expected) in [
            (Some(Duration::from_millis(100)), "ConnectTimeout=1"),
            (Some(second * 2), "ConnectTimeout=2"),
            (Some(second * 45 + Duration::from_millis(1)), "ConnectTimeout=46"),
            (Some(Duration::MAX), "ConnectTimeout=600"),
            (None, "ConnectTimeout=600"),
        ] {
            assert!(arguments(&host("ssh://engine"), limit).iter().any(|argument| argument == expected), "{expected}");
        }
    }

    #[tokio::test]
    async fn ssh_does_not_prompt_on_the_terminal() {
        let (_folder, program) = program("echo $SSH_ASKPASS_REQUIRE");
        let mut socket = SshSocket::open(&program, &host("ssh://engine"), LIMIT).expect("a process");
        let mut text = String::new();
        socket.read_to_string(&mut text).await.expect("read");
        assert_eq!(text, "force\n");
    }

    fn program(script: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("ssh");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).expect("a program");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("to be run");
        (folder, program)
    }

    #[tokio::test]
    async fn bytes_go_both_ways_and_the_input_can_end_alone() {
        let (_folder, program) = program("cat; echo end");
        let mut socket = SshSocket::open(&program, &host("ssh://engine"), LIMIT).expect("a process");
        socket.write_all(b"hello\n").await.expect("written");
        socket.shutdown().await.expect("half-closed");
        let mut text = String::new();
        socket.read_to_string(&mut text).await.expect("read");
        assert_eq!(text, "hello\nend\n");
    }

    #[tokio::test]
    async fn a_failure_has_the_words_of_ssh() {
        let (_folder, program) = program("echo 'me@engine: Permission denied (publickey).' >&2; exit 255");
        let mut socket = SshSocket::open(&program, &host("ssh://engine"), LIMIT).expect("a process");
        let error = socket.read_u8().await.expect_err("a failure").to_string();
        assert_eq!(error, "ssh ended with exit status: 255: me@engine: Permission denied (publickey).");
        let error = SshSocket::open(Path::new("/no/such/ssh"), &host("ssh://engine"), LIMIT).err().expect("no program");
        assert!(error.to_string().starts_with("cannot run /no/such/ssh: "), "{error}");
    }

    #[tokio::test]
    async fn a_failure_is_told_also_if_the_request_was_not_read() {
        let (_folder, program) = program("dd bs=1 count=1 >/dev/null 2>&1; exit 3");
        let mut socket = SshSocket::open(&program, &host("ssh://engine"), LIMIT).expect("a process");
        socket.write_all(b"GET / HTTP/1.1\r\n\r\n").await.expect("written");
        let error = socket.read_u8().await.expect_err("a failure").to_string();
        assert_eq!(error, "ssh ended with exit status: 3");
    }

    #[tokio::test]
    async fn a_failure_is_told_also_if_a_process_in_the_background_keeps_stderr() {
        let (_folder, program) = program("sleep 1000 <&- >&- & echo $! >&2; echo 'docker: not found' >&2; exit 127");
        let mut socket = SshSocket::open(&program, &host("ssh://engine"), LIMIT).expect("a process");
        let told = tokio::time::timeout(std::time::Duration::from_secs(5), socket.read_u8());
        let error = told.await.expect("told at once").expect_err("a failure").to_string();
        let words = error.strip_prefix("ssh ended with exit status: 127: ").expect("what ssh said");
        let (master, words) = words.split_once(' ').expect("two words");
        std::process::Command::new("kill").arg(master).status().expect("killed");
        assert_eq!(words, "docker: not found");
    }

    #[tokio::test]
    async fn the_process_ends_with_its_socket() {
        let (folder, program) = program("trap '' PIPE; echo $$; exec sleep 1000");
        let mut socket = SshSocket::open(&program, &host("ssh://engine"), LIMIT).expect("a process");
        let mut id = String::new();
        while !id.ends_with('\n') {
            id.push(char::from(socket.read_u8().await.expect("its id")));
        }
        let process = std::path::PathBuf::from(format!("/proc/{}", id.trim()));
        assert!(process.exists());
        drop(socket);
        let gone = async {
            while process.exists() {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(10), gone).await.expect("killed and reaped");
        drop(folder);
    }
}
