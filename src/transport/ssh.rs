//! Engines behind SSH: the system's `ssh` runs `docker system dial-stdio` on the host and serves as the socket.

use super::stream::Stream;
use crate::endpoint::SshHost;
use std::io::{self, Read};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::pin::Pin;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::UnixStream;
use tokio::sync::oneshot;
use tokio::time::Sleep;

/// How many bytes to keep of the end of `ssh`'s stderr.
const COMPLAINT: usize = 4 << 10;
/// How long `ssh` may take to exit after closing its output. After that, the remote side is assumed to have closed it.
const GRACE: Duration = Duration::from_secs(10);

/// The most seconds that `ssh` may take to connect, even without a limit.
const LONGEST_CONNECT: u128 = 600;

/// An `ssh` process, which is killed on drop.
pub(super) struct SshSocket {
    socket: UnixStream,
    child: Arc<Mutex<Child>>,
    /// The error of `ssh`, sent once it has exited.
    failure: Option<oneshot::Receiver<Option<SshFailure>>>,
    grace: Option<Pin<Box<Sleep>>>,
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
        let child = Arc::new(Mutex::new(child));
        let (tell, failure) = oneshot::channel();
        let watched = child.clone();
        let watching = std::thread::Builder::new().name("longshore-ssh".to_owned()).spawn(move || {
            // The receiver is gone if the connection was dropped.
            let _ = tell.send(watch(stderr, &watched));
        });
        if let Err(error) = watching {
            let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = child.kill(); // it may have exited already
            let _ = child.wait();
            return Err(error);
        }
        Ok(Self { socket, child, failure: Some(failure), grace: None })
    }

    /// Waits until it is known why the output has ended.
    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(failure) = &mut self.failure else { return Poll::Ready(Ok(())) };
        let grace = self.grace.get_or_insert_with(|| Box::pin(tokio::time::sleep(GRACE)));
        let failure = match Pin::new(failure).poll(cx) {
            Poll::Ready(failure) => failure.ok().flatten(),
            Poll::Pending => {
                ready!(grace.as_mut().poll(cx));
                None
            }
        };
        self.failure = None;
        Poll::Ready(failure.map_or(Ok(()), |failure| Err(io::Error::new(io::ErrorKind::NotConnected, failure))))
    }
}

/// Reads the stderr of `ssh` until it exits, and reaps it.
fn watch(stderr: Option<ChildStderr>, child: &Mutex<Child>) -> Option<SshFailure> {
    let mut complaint = Vec::new();
    let mut buffer = [0; 1024];
    let mut stderr = stderr?;
    while let Ok(length @ 1..) = stderr.read(&mut buffer) {
        complaint.extend_from_slice(buffer.get(..length).unwrap_or_default());
        complaint.drain(..complaint.len().saturating_sub(COMPLAINT));
    }
    let status = child.lock().unwrap_or_else(PoisonError::into_inner).wait().ok()?;
    if status.success() {
        return None;
    }
    let complaint = String::from_utf8_lossy(&complaint).split_whitespace().collect::<Vec<_>>().join(" ");
    let complaint = if complaint.is_empty() { complaint } else { format!(": {complaint}") };
    Some(SshFailure { status: status.to_string(), complaint })
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
    /// Kills `ssh`. Its thread reaps it.
    fn drop(&mut self) {
        // If its thread holds the lock, `ssh` is already exiting.
        if let Ok(mut child) = self.child.try_lock() {
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
        let (_folder, program) = program("sleep 0.1; exit 3");
        let mut socket = SshSocket::open(&program, &host("ssh://engine"), LIMIT).expect("a process");
        socket.write_all(b"GET / HTTP/1.1\r\n\r\n").await.expect("written");
        let error = socket.read_u8().await.expect_err("a failure").to_string();
        assert_eq!(error, "ssh ended with exit status: 3");
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
