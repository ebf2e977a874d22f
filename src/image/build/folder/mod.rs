//! A folder as a build context, read as the docker CLI reads it.

mod archive;
#[cfg(feature = "deploy")]
mod content;
#[cfg(test)]
mod tests;

#[cfg(feature = "deploy")]
pub(crate) use content::write_content;

use super::ignore::{Decision, Ignore};
use crate::Upload;
use crate::transport::Pipe;
use archive::Selection;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The longest ignore file that is read, in bytes. Real ones are much smaller.
const LONGEST_IGNORE_FILE: u64 = 16 << 20;

/// A folder with its Dockerfile and ignore file.
pub(super) struct Folder {
    root: PathBuf,
    selection: Selection,
    /// The Dockerfile's path in the folder, with `/` as separator.
    pub(super) dockerfile: String,
}

impl Folder {
    /// Finds the Dockerfile and the ignore file of a folder. Blocks.
    pub(super) fn prepare(folder: &Path, dockerfile: Option<&str>) -> Result<Self, String> {
        let root = find_root(folder)?;
        let named = root.join(dockerfile.unwrap_or_else(|| default_dockerfile(&root)));
        let dockerfile = find_dockerfile(&root, &named)?.ok_or_else(|| {
            let (named, root) = (named.display(), root.display());
            format!("the Dockerfile {named} is outside of the build context {root}; move it into the context")
        })?;
        let selection = Selection::find(&root, &named, Some(&dockerfile))?;
        Ok(Self { root, selection, dockerfile })
    }

    /// Returns the archive as an upload, which reads nothing before it is sent.
    pub(super) fn into_upload(self) -> Upload {
        let Self { root, selection, .. } = self;
        Upload::stream(Pipe::new(move |writer| archive::write(&root, &selection, writer)))
    }
}

/// Returns the real path of a folder.
fn find_root(folder: &Path) -> Result<PathBuf, String> {
    let root = folder.canonicalize().map_err(|error| format!("the build context {}: {error}", folder.display()))?;
    if root.is_dir() { Ok(root) } else { Err(format!("the build context {} is not a folder", folder.display())) }
}

/// Like the docker CLI, falls back to a Dockerfile in lower case.
fn default_dockerfile(root: &Path) -> &'static str {
    let exists = |name| fs::symlink_metadata(root.join(name)).is_ok();
    if !exists("Dockerfile") && exists("dockerfile") { "dockerfile" } else { "Dockerfile" }
}

/// Returns the Dockerfile's path in the context, with symlinks resolved. `None` if it is outside of the context.
fn find_dockerfile(root: &Path, named: &Path) -> Result<Option<String>, String> {
    let real = named.canonicalize().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!("there is no Dockerfile {}", named.display()),
        _ => format!("the Dockerfile {}: {error}", named.display()),
    })?;
    let Ok(inside) = real.strip_prefix(root) else { return Ok(None) };
    if !real.is_file() {
        return Err(format!("the Dockerfile {} is not a file", named.display()));
    }
    let path: Option<Vec<_>> = inside.iter().map(|part| part.to_str()).collect();
    match path {
        Some(parts) => Ok(Some(parts.join("/"))),
        None => Err(format!("the path of the Dockerfile {} is not UTF-8", named.display())),
    }
}

impl Selection {
    /// Reads the Dockerfile's own ignore file, such as `Dockerfile.dockerignore`, or else that of the context.
    fn find(root: &Path, named: &Path, dockerfile: Option<&str>) -> Result<Self, String> {
        let dockerfile = dockerfile.map(|path| path.chars().collect::<Vec<_>>());
        let mut own = named.to_owned().into_os_string();
        own.push(".dockerignore");
        if let Some((file, ignore)) = read_ignore(Path::new(&own))? {
            // The engine removes the Dockerfile from the context if its `.dockerignore` matches it, so send the file
            // that was used.
            let is_ignored = dockerfile.as_ref().is_some_and(|path| ignores(&ignore, path));
            let dockerignore = is_ignored.then(|| [&file, &b"\n.dockerignore\n"[..]].concat());
            return Ok(Self { ignore, always: dockerfile.into_iter().collect(), dockerignore });
        }
        let ignore = read_ignore(&root.join(".dockerignore"))?.map(|(_, ignore)| ignore).unwrap_or_default();
        let always = dockerfile.into_iter().chain([".dockerignore".chars().collect()]).collect();
        Ok(Self { ignore, always, dockerignore: None })
    }
}

fn read_ignore(path: &Path) -> Result<Option<(Vec<u8>, Ignore)>, String> {
    let mut file = Vec::new();
    match File::open(path).and_then(|opened| opened.take(LONGEST_IGNORE_FILE + 1).read_to_end(&mut file)) {
        Ok(_) if file.len() as u64 > LONGEST_IGNORE_FILE => {
            Err(format!("{} is larger than {} MiB", path.display(), LONGEST_IGNORE_FILE >> 20))
        }
        Ok(_) => match Ignore::parse(&file) {
            Ok(ignore) => Ok(Some((file, ignore))),
            Err(why) => Err(format!("{}, {why}", path.display())),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

/// Whether the rules ignore a path, or a folder that contains it.
fn ignores(ignore: &Ignore, path: &[char]) -> bool {
    let ends = path.iter().enumerate().filter(|(_, letter)| **letter == '/').map(|(end, _)| end).chain([path.len()]);
    let folders = ends.filter_map(|end| path.get(..end));
    folders.fold(Decision::default(), |parent, path| ignore.decide(path, &parent)).ignored
}
