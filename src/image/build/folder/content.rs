//! The content that a build uses, by which a deployment recognizes whether an image has to be built again.

use super::archive::{Selection, mode, write_with};
use super::{default_dockerfile, find_dockerfile, find_root};
use std::fs::{self, Metadata};
use std::io::Write;
use std::path::Path;
use tar::Header;

/// Writes all that a build uses of a folder, without what differs between two checkouts of the same content. Blocks.
///
/// The Dockerfile can be outside of the folder, as for BuildKit.
pub(crate) fn write_content(folder: &Path, dockerfile: Option<&str>, out: &mut impl Write) -> Result<(), String> {
    let root = find_root(folder)?;
    let named = root.join(dockerfile.unwrap_or_else(|| default_dockerfile(&root)));
    let inside = find_dockerfile(&root, &named)?;
    let selection = Selection::find(&root, &named, inside.as_deref())?;
    if inside.is_none() {
        let read = fs::read(&named).and_then(|dockerfile| out.write_all(&dockerfile));
        read.map_err(|error| format!("the Dockerfile {}: {error}", named.display()))?;
    }
    write_with(header, &root, &selection, out).map_err(|error| error.to_string())
}

/// Creates a header without a time, and with nothing of the mode but whether a file is executable.
fn header(metadata: &Metadata) -> Header {
    let mut header = Header::new_gnu();
    header.set_mode(if mode(metadata) & 0o111 == 0 { 0o644 } else { 0o755 });
    header.set_mtime(0);
    header.set_size(0);
    header
}
