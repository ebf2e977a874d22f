//! Runs a program, with limits on its time and its output.

use crate::wire::SecretBytes;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// The most output accepted. A list of credentials is shorter.
const LARGEST: u64 = 4 << 20;
/// How long to wait for stderr after the program has exited.
const GRACE: Duration = Duration::from_millis(500);

/// The result of a program.
pub(super) struct Output {
    pub(super) status: ExitStatus,
    pub(super) stdout: SecretBytes,
    pub(super) stderr: SecretBytes,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("it cannot be run: {0}")]
    Run(#[from] io::Error),
    #[error("it did not exit within {0:?} and was killed")]
    Timeout(Duration),
    #[error("it exited, but a process that it started kept its output open for {0:?}")]
    Held(Duration),
    #[error("it printed more than 4 MiB")]
    TooLarge,
}

/// Runs a program with one argument and this input, unless no time is left for it.
pub(super) fn run(program: &Path, argument: &str, input: SecretBytes, limit: Duration) -> Result<Output, Failure> {
    if limit.is_zero() {
        return Err(Failure::Timeout(limit));
    }
    let end = Instant::now() + limit;
    let mut child = Command::new(program)
        .arg(argument)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let ended = attend(&mut child, input, end);
    let has_exited = matches!(child.try_wait(), Ok(Some(_)));
    if ended.is_err() {
        // The program may have exited by itself meanwhile.
        let _ = child.kill();
        let _ = child.wait();
    }
    match ended {
        Err(Failure::Timeout(_)) if has_exited => Err(Failure::Held(limit)),
        Err(Failure::Timeout(_)) => Err(Failure::Timeout(limit)),
        other => other,
    }
}

fn attend(child: &mut Child, input: SecretBytes, end: Instant) -> Result<Output, Failure> {
    let (stdout, stderr) = (read(child.stdout.take())?, read(child.stderr.take())?);
    let stdin = child.stdin.take();
    std::thread::Builder::new().name("longshore-helper".to_owned()).spawn(move || {
        // The program need not read its input.
        let _ = stdin.map(|mut stdin| stdin.write_all(&input.0));
    })?;
    let stdout = stdout.recv_timeout(end.saturating_duration_since(Instant::now()));
    let stdout = stdout.map_err(|_| Failure::Timeout(Duration::ZERO))??;
    if stdout.0.len() as u64 > LARGEST {
        return Err(Failure::TooLarge);
    }
    let status = wait(child, end)?;
    let stderr = stderr.recv_timeout(GRACE).ok().and_then(Result::ok).unwrap_or(SecretBytes(Vec::new()));
    Ok(Output { status, stdout, stderr })
}

/// Reads on a thread of its own, because reading a pipe has no timeout.
fn read(pipe: Option<impl Read + Send + 'static>) -> io::Result<Receiver<io::Result<SecretBytes>>> {
    let (tell, read) = channel();
    std::thread::Builder::new().name("longshore-helper".to_owned()).spawn(move || {
        let mut bytes = SecretBytes(Vec::new());
        let result = pipe.map_or(Ok(0), |pipe| pipe.take(LARGEST + 1).read_to_end(&mut bytes.0));
        // Nobody receives it after the timeout.
        let _ = tell.send(result.map(|_| bytes));
    })?;
    Ok(read)
}

fn wait(child: &mut Child, end: Instant) -> Result<ExitStatus, Failure> {
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if Instant::now() >= end {
            return Err(Failure::Timeout(Duration::ZERO));
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}
