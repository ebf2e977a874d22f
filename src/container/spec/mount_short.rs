//! Parses mounts in the form of `docker run --volume`: `source:/target[:options]`.

use super::mount_text::{is_absolute, resolved};
use super::{Mount, MountOrBind, Propagation};

const FORM: &str = "use source:/target[:ro], where the source is a volume's name or an absolute path, such as data:/data or /srv:/srv:ro";

/// The parts of `source:/target[:options]`, checked.
pub(super) struct Short<'a> {
    source: String,
    target: &'a str,
    options: Vec<&'a str>,
}

impl<'a> Short<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, String> {
        let parts = split(text);
        let (source, target, options) = match *parts {
            [target] => ("", target, ""),
            [source, target] => (source, target, ""),
            [source, target, options] => (source, target, options),
            _ => return Err(FORM.to_owned()),
        };
        if !is_absolute(target) || (source.is_empty() && parts.len() > 1) {
            return Err(FORM.to_owned());
        }
        let source = resolved(source)?;
        if !is_absolute(&source) && source.contains(['/', '\\', '~']) {
            return Err(format!("a path of the host must be absolute, or begin with a dot: {FORM}"));
        }
        let short = Self { source, target, options: options.split(',').filter(|option| !option.is_empty()).collect() };
        match short.options.iter().find(|option| !short.knows(option)) {
            Some(option) => Err(format!(
                "unknown option {option:?}: use ro, rw, z, Z, consistent, cached, delegated, for a volume nocopy, and for a path \
                 private, rprivate, shared, rshared, slave or rslave"
            )),
            None => Ok(short),
        }
    }

    fn is_path(&self) -> bool {
        is_absolute(&self.source)
    }

    fn knows(&self, option: &str) -> bool {
        match option {
            "ro" | "rw" | "z" | "Z" | "default" | "consistent" | "cached" | "delegated" => true,
            "nocopy" => !self.is_path(),
            other => self.is_path() && !matches!(Propagation::from(other), Propagation::Unknown(_)),
        }
    }

    fn labels(&self) -> bool {
        self.options.iter().any(|option| matches!(*option, "z" | "Z"))
    }

    /// Returns a path of the host as a bind text, as the docker CLI sends it, and also a volume with a label. A path alone is
    /// an anonymous volume.
    pub(super) fn into_mount_or_bind(self) -> Result<MountOrBind, String> {
        if self.source.is_empty() {
            return Ok(MountOrBind::AnonymousVolume(self.target.to_owned()));
        }
        if !self.is_path() && !self.labels() {
            return self.into_mount().map(MountOrBind::Mount);
        }
        let options = if self.options.is_empty() { String::new() } else { format!(":{}", self.options.join(",")) };
        Ok(MountOrBind::Bind(format!("{}:{}{options}", self.source, self.target)))
    }

    pub(super) fn into_mount(self) -> Result<Mount, String> {
        if self.labels() {
            return Err("only containers have the SELinux options z and Z, not services: use ContainerSpec::mount or \
                        HostConfig::binds"
                .to_owned());
        }
        // Like the docker CLI, create a missing source directory of a bind mount.
        let mount = if self.is_path() {
            Mount::bind(self.source, self.target).create_source(true)
        } else {
            Mount::volume(self.source, self.target)
        };
        Ok(self.options.into_iter().fold(mount, |mount, option| match option {
            "ro" => mount.read_only(true),
            "rw" => mount.read_only(false),
            "nocopy" => mount.no_copy(true),
            "default" | "consistent" | "cached" | "delegated" => Mount { consistency: option.to_owned(), ..mount },
            propagation => mount.propagation(propagation.into()),
        }))
    }
}

/// Splits at colons, but not behind the drive letter of a Windows path.
fn split(text: &str) -> Vec<&str> {
    let mut parts = vec![];
    let mut rest = Some(text);
    while let Some(text) = rest {
        let behind_drive = if begins_with_drive(text) { 2 } else { 0 };
        let colon = text.get(behind_drive..).and_then(|text| text.find(':')).map(|at| at + behind_drive);
        let (part, left) = colon.and_then(|at| text.split_at_checked(at)).unwrap_or((text, ""));
        parts.push(part);
        rest = left.strip_prefix(':');
    }
    parts
}

/// Returns whether a text begins with a Windows path, and not with a volume whose name is a letter, as in `d:/data`.
fn begins_with_drive(text: &str) -> bool {
    match text.as_bytes() {
        [drive, b':', b'\\', ..] => drive.is_ascii_alphabetic(),
        [drive, b':', b'/', ..] => {
            let target = text.splitn(3, ':').nth(2).unwrap_or_default();
            drive.is_ascii_alphabetic() && is_absolute(target)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Mount, MountOrBind, Propagation};

    #[test]
    fn volumes_are_read_as_docker_reads_them() {
        for (text, mount) in [
            ("data:/data", Mount::volume("data", "/data")),
            ("data:/data:ro", Mount::volume("data", "/data").read_only(true)),
            ("data:/data:ro,nocopy", Mount::volume("data", "/data").read_only(true).no_copy(true)),
            ("d:/data", Mount::volume("d", "/data")),
            ("data:/data:cached", Mount { consistency: "cached".to_owned(), ..Mount::volume("data", "/data") }),
        ] {
            assert_eq!(text.parse::<Mount>().as_ref(), Ok(&mount), "{text}");
            assert_eq!(text.parse(), Ok(MountOrBind::Mount(mount)), "{text}");
        }
        assert_eq!("/data".parse(), Ok(Mount::volume("", "/data")));
        assert_eq!("/data".parse(), Ok(MountOrBind::AnonymousVolume("/data".to_owned())));
        let here = std::env::current_dir().expect("a directory");
        let (here, above) = (here.display(), here.parent().expect("a parent").display());
        for (text, bind) in [
            ("/srv:/srv", "/srv:/srv"),
            ("/srv:/srv:ro,z,rslave,delegated", "/srv:/srv:ro,z,rslave,delegated"),
            ("data:/data:Z", "data:/data:Z"),
            ("./data:/data:rw", &format!("{here}/data:/data:rw")),
            ("../data/.:/data", &format!("{above}/data:/data")),
            (".:/data", &format!("{here}:/data")),
            (r"C:\src:D:\dst:ro", r"C:\src:D:\dst:ro"),
            ("c:/src:/dst", "c:/src:/dst"),
            (r"\\.\pipe\docker_engine:\\.\pipe\docker_engine", r"\\.\pipe\docker_engine:\\.\pipe\docker_engine"),
        ] {
            assert_eq!(text.parse(), Ok(MountOrBind::Bind(bind.to_owned())), "{text}");
        }
        let bind = Mount::bind("/srv", "/srv").create_source(true);
        assert_eq!("/srv:/srv:rw,rslave".parse(), Ok(bind.propagation(Propagation::RSlave)));
    }

    #[test]
    fn what_is_no_mount_is_an_error() {
        for (text, why) in [
            ("", "source:/target"),
            ("data", "source:/target"),
            ("data:", "source:/target"),
            (":/data", "source:/target"),
            ("data/x:/data", "must be absolute"),
            ("~/data:/data", "must be absolute"),
            ("data:/data:x", "use ro, rw"),
            ("data:/data:rslave", "use ro, rw"),
            ("/srv:/srv:nocopy", "use ro, rw"),
            ("a:/b:ro:c", "source:/target"),
        ] {
            let error = text.parse::<MountOrBind>().expect_err(text).to_string();
            assert!(error.contains(why), "{error}");
        }
        let error = "/srv:/srv:z".parse::<Mount>().expect_err("a label").to_string();
        assert!(error.contains("use ContainerSpec::mount or HostConfig::binds"), "{error}");
    }
}
