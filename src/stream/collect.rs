//! Collects the output of a process in memory.

use super::{OutputStream, Source};
use crate::{Error, ErrorKind, Result};

/// The largest output that is collected in memory. Larger output needs a stream.
pub(crate) const LARGEST_COLLECTED: usize = 256 << 20;

impl OutputStream {
    /// Reads the output to its end, and returns stdout, which includes a terminal's output, and stderr.
    ///
    /// More than `largest` bytes are an error: `what`, such as `the log has`, begins it.
    pub(crate) async fn collect(
        mut self,
        largest: usize,
        what: &str,
        hint: &'static str,
    ) -> Result<(Vec<u8>, Vec<u8>)> {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        while let Some(chunk) = self.next().await.transpose()? {
            if chunk.bytes.len() > largest - stdout.len() - stderr.len() {
                let message = format!("{what} more than {} MiB", largest >> 20);
                let error = Error::new(ErrorKind::TooLarge, message).with_hint(hint);
                return Err(error.in_call(|| self.label.clone()));
            }
            let source = if chunk.source == Source::Stderr { &mut stderr } else { &mut stdout };
            source.extend_from_slice(&chunk.bytes);
        }
        Ok((stdout, stderr))
    }
}
