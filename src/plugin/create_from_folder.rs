//! `POST /plugins/create` with the files of a folder.

use super::{Create, Plugins};
use crate::Upload;
use crate::transport::Pipe;
use std::io;
use std::path::{Path, PathBuf};

impl Plugins {
    /// Creates a plugin from a folder with its `config.json` and its files in `rootfs`, as `docker plugin create` does.
    /// The plugin is not enabled yet.
    ///
    /// A thread writes the archive while it is sent. The files keep their owners, modes and times, and symbolic links
    /// stay links. Requires the feature `tar`.
    ///
    /// ```no_run
    /// # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
    /// let sshfs = docker.plugins().create_from_folder("team/sshfs", "plugins/sshfs").await?;
    /// sshfs.enable().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /plugins/create`
    ///
    /// # Errors
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the folder has no `config.json` or no `rootfs`: nothing is sent
    /// then. [`ErrorKind::Upload`](crate::ErrorKind::Upload) if reading a file fails. Otherwise those of
    /// [`create`](Self::create).
    pub fn create_from_folder(&self, name: impl Into<String>, folder: impl Into<PathBuf>) -> Create {
        let folder = folder.into();
        let problem = problem(&folder);
        let create = self.create(name, Upload::stream(Pipe::new(move |out| write(&folder, out))));
        problem.into_iter().fold(create, Create::refuse)
    }
}

/// Returns why the folder is no plugin.
fn problem(folder: &Path) -> Option<String> {
    let missing = if !folder.join("config.json").is_file() {
        "config.json with its configuration"
    } else if !folder.join("rootfs").is_dir() {
        "folder rootfs with its files"
    } else {
        return None;
    };
    Some(format!("cannot create a plugin from {}: it has no {missing}", folder.display()))
}

fn write(folder: &Path, out: &mut dyn io::Write) -> io::Result<()> {
    let mut archive = tar::Builder::new(out);
    archive.follow_symlinks(false);
    archive.append_dir_all("", folder).map_err(|error| {
        io::Error::new(error.kind(), format!("cannot read the plugin in {}: {error}", folder.display()))
    })?;
    archive.finish()
}
