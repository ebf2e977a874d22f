//! Passes bytes from a thread that writes to a task that reads.

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// The size of the pieces that are sent.
const PIECE: usize = 64 << 10;
/// The most pieces in the queue.
const WAITING: usize = 4;

type Work = Box<dyn FnOnce(&mut PipeWriter) -> io::Result<()> + Send>;

/// The output of some work on a thread of its own, which starts when the first piece is polled.
///
/// Dropping the pipe makes the work's next write fail.
pub(crate) struct Pipe {
    work: Option<(Work, Sender<io::Result<Bytes>>)>,
    receiver: Receiver<io::Result<Bytes>>,
}

impl Pipe {
    pub(crate) fn new(work: impl FnOnce(&mut PipeWriter) -> io::Result<()> + Send + 'static) -> Self {
        let (sender, receiver) = channel(WAITING);
        Self { work: Some((Box::new(work), sender)), receiver }
    }
}

fn run(work: Work, sender: Sender<io::Result<Bytes>>) {
    let mut writer = PipeWriter { buffer: BytesMut::new(), sender };
    let end = match work(&mut writer).and_then(|()| writer.flush()) {
        Ok(()) => Ok(Bytes::new()), // an empty piece is the end, as opposed to a thread that panicked
        Err(error) => Err(error),
    };
    let _ = writer.sender.blocking_send(end);
}

impl Stream for Pipe {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if let Some((work, sender)) = self.work.take() {
            tokio::task::spawn_blocking(move || run(work, sender));
        }
        Poll::Ready(match ready!(self.receiver.poll_recv(cx)) {
            Some(Ok(piece)) if piece.is_empty() => None,
            Some(piece) => Some(piece),
            None => Some(Err(io::Error::other("the thread that reads the files ended early"))),
        })
    }
}

/// Sends what is written, and waits while the queue is full.
pub(crate) struct PipeWriter {
    buffer: BytesMut,
    sender: Sender<io::Result<Bytes>>,
}

impl Write for PipeWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let piece = self.buffer.split().freeze();
        self.sender.blocking_send(Ok(piece)).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

#[cfg(test)]
mod tests {
    use super::{Pipe, PipeWriter};
    use std::future::poll_fn;
    use std::io::{self, Write};
    use std::pin::Pin;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    async fn next(pipe: &mut Pipe) -> Option<io::Result<bytes::Bytes>> {
        poll_fn(|cx| futures_core::Stream::poll_next(Pin::new(&mut *pipe), cx)).await
    }

    async fn collect(work: impl FnOnce(&mut PipeWriter) -> io::Result<()> + Send + 'static) -> io::Result<Vec<u8>> {
        let mut pipe = Pipe::new(work);
        let mut all = Vec::new();
        while let Some(piece) = next(&mut pipe).await {
            all.extend_from_slice(&piece?);
        }
        Ok(all)
    }

    #[tokio::test]
    async fn hands_everything_on() {
        let data: Vec<u8> = (0..1_000_000_u32).map(|i| u8::try_from(i % 251).expect("small")).collect();
        let sent = data.clone();
        let received = collect(move |writer| sent.chunks(777).try_for_each(|chunk| writer.write_all(chunk))).await;
        assert!(received.expect("all of it") == data);
        assert_eq!(collect(|_| Ok(())).await.expect("nothing"), b"");
    }

    #[tokio::test]
    async fn an_error_and_a_panic_are_no_end() {
        let failed = collect(|writer| {
            writer.write_all(b"begun")?;
            Err(io::Error::other("oops"))
        });
        assert_eq!(failed.await.expect_err("an error").to_string(), "oops");
        let ended = collect(|_| std::panic::resume_unwind(Box::new("a panic that prints nothing")));
        assert!(ended.await.expect_err("an error").to_string().contains("ended early"));
    }

    #[tokio::test]
    async fn no_more_is_written_than_wanted_and_nothing_once_it_is_dropped() {
        let (tell, told) = channel();
        let mut pipe = Pipe::new(move |writer| {
            let mut written = 0;
            let end = loop {
                match writer.write_all(&vec![0; 1 << 16]) {
                    Ok(()) => written += 1,
                    Err(error) => break error,
                }
            };
            let _ = tell.send((written, end.kind()));
            Err(end)
        });
        assert!(next(&mut pipe).await.expect("a piece").is_ok());
        assert!(told.recv_timeout(Duration::from_millis(100)).is_err(), "it waits");
        drop(pipe);
        let (written, error) = told.recv_timeout(Duration::from_secs(10)).expect("it ends");
        assert_eq!(error, io::ErrorKind::BrokenPipe);
        assert!(written <= 6, "{written} pieces");
    }
}
