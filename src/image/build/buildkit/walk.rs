//! Selects the files of a folder to send: those that the engine includes, without those that it excludes.

use crate::image::build::ignore::{Decision, Ignore, letters};
use std::collections::{BTreeSet, HashSet};
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// The number of symlinks that are followed from one path. A link to something below itself has no end.
const MOST_LINKS: usize = 255;

/// The files of a folder that the engine wants.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// The included paths, with all of their content. `None` includes everything.
    include: Option<Ignore>,
    exclude: Ignore,
}

impl Wanted {
    /// Creates the selection from the engine's include and exclude patterns, and from the copied paths, whose symlinks
    /// are followed.
    pub(super) fn new(root: &Path, include: &[String], exclude: &[String], follow: &[String]) -> Result<Self, String> {
        let mut found = Follow { root, found: include.iter().cloned().collect(), followed: HashSet::new() };
        for path in follow {
            found.follow(path, 0);
        }
        let mut include = found.found;
        if follow.iter().any(|path| within_root(path).is_empty()) {
            include.clear(); // the folder itself is copied: all is included
        }
        Ok(Self {
            include: if include.is_empty() { None } else { Some(Ignore::of(&include)?) },
            exclude: Ignore::of(exclude)?,
        })
    }

    fn decide(&self, path: &[char], parent: &Decisions) -> Decisions {
        let include = self.include.as_ref().map(|include| include.decide(path, &parent.include)).unwrap_or_default();
        Decisions { include, exclude: self.exclude.decide(path, &parent.exclude) }
    }

    fn is_sent(&self, decisions: &Decisions) -> bool {
        (self.include.is_none() || decisions.include.ignored) && !decisions.exclude.ignored
    }

    /// Whether something in a folder may be sent even if the folder itself is not.
    fn may_be_within(&self, folder: &[char], decisions: &Decisions) -> bool {
        let is_included = decisions.include.ignored
            || self.include.as_ref().is_none_or(|include| include.may_match_within(folder, false));
        is_included && (!decisions.exclude.ignored || self.exclude.may_except_within(folder))
    }
}

/// The decisions on a path, which those on its content start from.
#[derive(Clone, Debug, Default)]
struct Decisions {
    include: Decision,
    exclude: Decision,
}

/// A file or folder to send.
pub(super) struct Entry<'a> {
    /// The path in the folder, with `/` as separator.
    pub(super) path: String,
    pub(super) file: &'a Path,
    pub(super) metadata: &'a Metadata,
}

/// Walks a folder and reports each file to send, a folder before its content. The order is by the names along the path,
/// as the engine requires. The levels are a list and not calls, because a tree may be deeper than a thread's stack.
pub(super) fn walk(root: &Path, wanted: &Wanted, tell: &mut dyn FnMut(&Entry<'_>) -> io::Result<()>) -> io::Result<()> {
    let mut walk = Walk { wanted, levels: Vec::new(), tell };
    let names = names(root).map_err(|error| unreadable(root, &error))?;
    walk.levels.push(Level {
        names,
        file: root.to_owned(),
        path: String::new(),
        decisions: Decisions::default(),
        pending: None,
    });
    while let Some(level) = walk.levels.last_mut() {
        match level.names.next() {
            Some(name) => walk.entry(&name)?,
            None => drop(walk.levels.pop()),
        }
    }
    Ok(())
}

/// A folder on the path that is being walked.
struct Level {
    names: std::vec::IntoIter<OsString>,
    file: PathBuf,
    /// The path in the root folder.
    path: String,
    decisions: Decisions,
    /// The metadata of a folder that was not reported yet. It is only if something in it is sent.
    pending: Option<Metadata>,
}

struct Walk<'a> {
    wanted: &'a Wanted,
    levels: Vec<Level>,
    tell: &'a mut dyn FnMut(&Entry<'_>) -> io::Result<()>,
}

impl Walk<'_> {
    fn entry(&mut self, name: &OsString) -> io::Result<()> {
        let Some(level) = self.levels.last() else { return Ok(()) };
        let file = level.file.join(name);
        let path = join(&level.path, &name.to_string_lossy());
        let characters: Vec<char> = letters(path.as_bytes()).collect();
        let decisions = self.wanted.decide(&characters, &level.decisions);
        let is_sent = self.wanted.is_sent(&decisions);
        let metadata = match fs::symlink_metadata(&file) {
            Ok(metadata) => metadata,
            Err(error) if !is_sent || error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(unreadable(&file, &error)),
        };
        if is_sent && name.to_str().is_none() {
            return Err(invalid(&file, "its name is not UTF-8, and BuildKit takes no other"));
        }
        if is_sent {
            self.tell(&path, &file, &metadata)?;
        }
        if !metadata.is_dir() || !(is_sent || self.wanted.may_be_within(&characters, &decisions)) {
            return Ok(());
        }
        let names = match names(&file) {
            Ok(names) => names,
            Err(error) if !is_sent && error.kind() == io::ErrorKind::PermissionDenied => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(unreadable(&file, &error)),
        };
        self.levels.push(Level { names, file, path, decisions, pending: (!is_sent).then_some(metadata) });
        Ok(())
    }

    /// Reports pending parent folders first.
    fn tell(&mut self, path: &str, file: &Path, metadata: &Metadata) -> io::Result<()> {
        for level in &mut self.levels {
            if let Some(metadata) = level.pending.take() {
                (self.tell)(&Entry { path: level.path.clone(), file: &level.file, metadata: &metadata })?;
            }
        }
        (self.tell)(&Entry { path: path.to_owned(), file, metadata })
    }
}

/// Returns the names in a folder, sorted.
fn names(folder: &Path) -> io::Result<std::vec::IntoIter<OsString>> {
    let mut names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()?;
    names.sort_unstable();
    Ok(names.into_iter())
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot read {} of the build context: {error}", path.display()))
}

pub(super) fn invalid(path: &Path, why: &str) -> io::Error {
    let why = format!("cannot send {} of the build context: {why}; exclude it in .dockerignore", path.display());
    io::Error::new(io::ErrorKind::InvalidInput, why)
}

/// The copied paths, and the targets of their symlinks.
struct Follow<'a> {
    root: &'a Path,
    found: BTreeSet<String>,
    /// The links that were followed, each with the rest of the path behind it.
    followed: HashSet<(String, String)>,
}

impl Follow<'_> {
    /// Adds a path. `links` is the number of links that led to it.
    fn follow(&mut self, path: &str, links: usize) {
        let path = within_root(path);
        if path.is_empty() || links > MOST_LINKS {
            return;
        }
        let mut names = path.split('/');
        let mut current = String::new();
        while let Some(name) = names.next() {
            current = join(&current, name);
            let rest = names.clone().collect::<Vec<_>>().join("/");
            let targets = self.targets(&current, name);
            if targets.is_empty() && !rest.is_empty() {
                continue;
            }
            self.found.insert(current.clone());
            if self.followed.insert((current, rest.clone())) {
                for target in targets {
                    self.follow(&join(&target, &rest), links + 1);
                }
            }
            return;
        }
    }

    /// Returns the targets of the symlinks that the path matches.
    fn targets(&self, path: &str, name: &str) -> Vec<String> {
        let folder = path.strip_suffix(name).unwrap_or_default().trim_end_matches('/');
        if !name.contains(['*', '?', '[']) {
            return self.target(folder, name).into_iter().collect();
        }
        let Ok(pattern) = Ignore::of([name]) else { return Vec::new() };
        let Ok(entries) = fs::read_dir(self.root.join(folder)) else { return Vec::new() };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let matches = |name: &String| pattern.decide(&name.chars().collect::<Vec<_>>(), &Decision::default()).ignored;
        names.filter(matches).filter_map(|name| self.target(folder, &name)).collect()
    }

    fn target(&self, folder: &str, name: &str) -> Option<String> {
        let target = fs::read_link(self.root.join(folder).join(name)).ok()?;
        let target = target.to_str()?;
        Some(within_root(&if target.starts_with('/') { target.to_owned() } else { join(folder, target) }))
    }
}

/// Returns whether the engine, for which the folder is the root, finds this file behind the path.
pub(super) fn leads_to(root: &Path, path: &str, file: &Path) -> bool {
    let mut follow = Follow { root, found: BTreeSet::new(), followed: HashSet::new() };
    follow.follow(path, 0);
    file.strip_prefix(root).ok().and_then(Path::to_str).is_some_and(|file| follow.found.contains(file))
}

fn join(folder: &str, rest: &str) -> String {
    match (folder, rest) {
        ("", path) | (path, "") => path.to_owned(),
        (folder, rest) => format!("{folder}/{rest}"),
    }
}

/// Returns the path without `.`, `..` and empty names. A `..` never leaves the folder.
fn within_root(path: &str) -> String {
    let mut names = Vec::new();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." => drop(names.pop()),
            name => names.push(name),
        }
    }
    names.join("/")
}

#[cfg(test)]
mod tests {
    use super::{Wanted, walk};
    use std::fs;
    use std::io::ErrorKind;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    fn sent(root: &Path, exclude: &[&str], follow: &[&str]) -> Vec<String> {
        let owned = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let wanted = Wanted::new(root, &[], &owned(exclude), &owned(follow)).expect("patterns");
        let mut paths = Vec::new();
        walk(root, &wanted, &mut |entry| {
            paths.push(entry.path.clone());
            Ok(())
        })
        .expect("readable");
        paths
    }

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            fs::write(path, "").expect("written");
        }
        folder
    }

    #[test]
    fn what_is_copied_is_sent_and_nothing_else() {
        let folder = folder(&["a/x", "a/y/z", "a-b", "b/c", "keep/d", "log.log"]);
        let root = folder.path();
        assert_eq!(sent(root, &[], &[]), ["a", "a/x", "a/y", "a/y/z", "a-b", "b", "b/c", "keep", "keep/d", "log.log"]);
        assert_eq!(sent(root, &["a", "*.log"], &[]), ["a-b", "b", "b/c", "keep", "keep/d"]);
        assert_eq!(sent(root, &["a", "!a/y/z"], &["a"]), ["a", "a/y", "a/y/z"]);
        assert_eq!(sent(root, &[], &["a/y"]), ["a", "a/y", "a/y/z"]);
        assert_eq!(sent(root, &[], &["b", "none", "../keep/"]), ["b", "b/c", "keep", "keep/d"]);
        assert_eq!(sent(root, &[], &["*b*"]), ["a-b", "b", "b/c"]);
        assert_eq!(sent(root, &[], &["a/*/z"]), ["a", "a/y", "a/y/z"]);
        assert_eq!(sent(root, &[], &["none"]), [""; 0]);
    }

    #[test]
    fn links_are_sent_with_what_they_lead_to() {
        let folder = folder(&["real/file", "real/other", "x/target", "outside"]);
        let root = folder.path();
        for (target, link) in
            [("real", "link"), ("../x/target", "real/up"), ("/outside", "abs"), ("loop", "loop"), ("../../..", "out")]
        {
            symlink(target, root.join(link)).expect("a link");
        }
        assert_eq!(sent(root, &[], &["link/file"]), ["link", "real", "real/file"]);
        assert_eq!(sent(root, &[], &["link/up"]), ["link", "real", "real/up", "x", "x/target"]);
        assert_eq!(sent(root, &[], &["abs"]), ["abs", "outside"]);
        assert_eq!(sent(root, &[], &["loop"]), ["loop"]);
        assert_eq!(sent(root, &[], &["a*"]), ["abs", "outside"]);
        assert_eq!(sent(root, &[], &["link/file", "link/other"]), ["link", "real", "real/file", "real/other"]);
        symlink("deeper/x", root.join("deeper")).expect("a link");
        assert_eq!(sent(root, &[], &["deeper/y"]), ["deeper"]);
    }

    #[test]
    fn a_tree_may_be_deeper_than_the_stack() {
        let deep = "d/".repeat(500);
        let folder = folder(&[&format!("{deep}file")]);
        let root = folder.path().to_owned();
        let walking = std::thread::Builder::new().stack_size(256 << 10);
        let paths =
            walking.spawn(move || sent(&root, &["*", "!**/file"], &[])).expect("a thread").join().expect("paths");
        assert_eq!((paths.len(), paths.last()), (501, Some(&format!("{deep}file"))));
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        let folder = folder(&["a/b"]);
        let wanted = Wanted::new(folder.path(), &[], &[], &["a/b".to_owned()]).expect("patterns");
        let walked = walk(folder.path(), &wanted, &mut |entry| match entry.path.as_str() {
            "a/b" => Err(ErrorKind::PermissionDenied.into()),
            _ => Ok(()),
        });
        assert_eq!(walked.expect_err("a file that is not read").kind(), ErrorKind::PermissionDenied);
    }

    #[test]
    fn a_folder_that_vanishes_is_left_out() {
        let folder = folder(&["a/b", "c"]);
        let mut paths = Vec::new();
        walk(folder.path(), &Wanted::default(), &mut |entry| {
            if entry.path == "a" {
                fs::remove_dir_all(entry.file).expect("removed");
            }
            paths.push(entry.path.clone());
            Ok(())
        })
        .expect("the others are sent");
        assert_eq!(paths, ["a", "c"]);
        let error = walk(&folder.path().join("a"), &Wanted::default(), &mut |_| Ok(())).expect_err("no folder");
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }
}
