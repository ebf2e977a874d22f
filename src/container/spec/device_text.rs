//! Parses the docker CLI's texts for devices, GPUs and ulimits.

use super::text::ParseOptionError;
use super::{DeviceMapping, DeviceRequest, Ulimit};
use crate::wire::csv;
use crate::wire::from_text;
use std::fmt;
use std::str::FromStr;

/// A device for a container: one of the host, or one of the Container Device Interface (CDI).
///
/// ```
/// use longshore::container::{Device, DeviceMapping};
///
/// assert_eq!("/dev/sda:/dev/xvda:r".parse(), Ok(Device::Host(DeviceMapping::new("/dev/sda", "/dev/xvda").permissions("r"))));
/// assert_eq!("vendor.com/gpu=0".parse(), Ok(Device::Cdi("vendor.com/gpu=0".to_owned())));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Device {
    /// A device of the host.
    Host(DeviceMapping),
    /// A CDI device, by its name.
    Cdi(String),
}

impl From<DeviceMapping> for Device {
    fn from(mapping: DeviceMapping) -> Self {
        Self::Host(mapping)
    }
}

impl fmt::Display for DeviceMapping {
    /// Writes `/dev/sda:/dev/xvda:r`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.path_on_host, self.path_in_container)?;
        if self.cgroup_permissions.is_empty() { Ok(()) } else { write!(f, ":{}", self.cgroup_permissions) }
    }
}

impl fmt::Display for Device {
    /// Writes `/dev/sda:/dev/xvda:r` or `vendor.com/gpu=0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(mapping) => fmt::Display::fmt(mapping, f),
            Self::Cdi(name) => f.write_str(name),
        }
    }
}

impl FromStr for Device {
    type Err = ParseOptionError;

    /// Parses the value that the docker CLI takes for `--device`.
    fn from_str(text: &str) -> Result<Self, ParseOptionError> {
        if is_cdi(text) {
            return Ok(Self::Cdi(text.to_owned()));
        }
        mapping(text).map(Self::Host).ok_or_else(|| {
            let form = "path[:path in the container][:permissions], such as /dev/fuse or /dev/sda:/dev/xvda:r, or a CDI \
                        device such as vendor.com/gpu=0";
            ParseOptionError::new("device", text, form)
        })
    }
}

from_text!(Device);

/// Returns whether a text is `vendor/class=name`.
fn is_cdi(text: &str) -> bool {
    let parts = text.split_once('=').and_then(|(kind, name)| Some((kind.split_once('/')?, name)));
    let is_word = |word: &str, marks: &[char]| {
        word.starts_with(|first: char| first.is_ascii_alphanumeric())
            && word.chars().all(|letter| letter.is_ascii_alphanumeric() || marks.contains(&letter))
    };
    parts.is_some_and(|((vendor, class), name)| {
        [vendor, class].iter().all(|word| is_word(word, &['-', '_', '.'])) && is_word(name, &['-', '_', '.', ':'])
    })
}

fn mapping(text: &str) -> Option<DeviceMapping> {
    let parts: Vec<&str> = text.split(':').collect();
    let (host, container, permissions) = match *parts {
        [host] => (host, host, "rwm"),
        [host, permissions] if are_permissions(permissions) => (host, host, permissions),
        [host, container] => (host, container, "rwm"),
        [host, container, permissions] if are_permissions(permissions) => (host, container, permissions),
        _ => return None,
    };
    let are_paths = host.starts_with('/') && container.starts_with('/');
    are_paths.then(|| DeviceMapping::new(host, container).permissions(permissions))
}

fn are_permissions(text: &str) -> bool {
    let is_once = |letter| text.matches(letter).count() == 1;
    !text.is_empty() && text.chars().all(|letter| "rwm".contains(letter) && is_once(letter))
}

/// A request for GPUs: a number of them, or a text such as `all` or `device=0,2`.
///
/// ```
/// use longshore::container::{DeviceRequest, Gpus};
///
/// assert_eq!("all".parse(), Ok(Gpus(DeviceRequest::gpus(-1))));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gpus(pub DeviceRequest);

impl From<DeviceRequest> for Gpus {
    fn from(request: DeviceRequest) -> Self {
        Self(request)
    }
}

impl From<i64> for Gpus {
    /// Requests this many GPUs; -1 for all.
    fn from(count: i64) -> Self {
        Self(DeviceRequest::gpus(count))
    }
}

impl FromStr for Gpus {
    type Err = ParseOptionError;

    /// Parses the value that the docker CLI takes for `--gpus`. The quotes around a list of devices may be left out.
    fn from_str(text: &str) -> Result<Self, ParseOptionError> {
        gpus(text).map(Self).ok_or_else(|| {
            let form =
                "all, a number, or fields such as device=0,2 or driver=nvidia,count=2,\"capabilities=compute,utility\"";
            ParseOptionError::new("GPUs", text, form)
        })
    }
}

from_text!(Gpus);

fn gpus(text: &str) -> Option<DeviceRequest> {
    let list = |value: &str| value.split(',').map(str::to_owned).collect::<Vec<_>>();
    let mut request = DeviceRequest::gpus(0);
    let mut count = None;
    let mut in_devices = false;
    for field in csv::fields(text).ok()? {
        in_devices = field.starts_with("device=") || (in_devices && !field.contains('='));
        match field.split_once('=') {
            None if in_devices => request.device_ids.push(field),
            None => count = Some(number(&field)?),
            Some(("count", value)) => count = Some(number(value)?),
            Some(("driver", value)) => value.clone_into(&mut request.driver),
            Some(("device", value)) => request.device_ids = list(value),
            Some(("capabilities", value)) => {
                request.capabilities = vec![list(value).into_iter().chain(["gpu".to_owned()]).collect()];
            }
            Some(("options", value)) => {
                for option in csv::fields(value).ok()? {
                    let (name, value) = option.split_once('=').unwrap_or((&option, ""));
                    request.options.insert(name, value.to_owned());
                }
            }
            Some(_) => return None,
        }
    }
    request.count = count.unwrap_or(i64::from(request.device_ids.is_empty()));
    Some(request)
}

fn number(text: &str) -> Option<i64> {
    if text == "all" { Some(-1) } else { text.parse().ok().filter(|count| *count >= -1) }
}

impl fmt::Display for Ulimit {
    /// Writes `nofile=1024:2048`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}:{}", self.name, self.soft, self.hard)
    }
}

impl FromStr for Ulimit {
    type Err = ParseOptionError;

    /// Parses the value that the docker CLI takes for `--ulimit`.
    fn from_str(text: &str) -> Result<Self, ParseOptionError> {
        ulimit(text).ok_or_else(|| {
            let form =
                "name=soft[:hard] with a soft limit up to the hard one, such as nofile=1024:2048, and -1 for no limit";
            ParseOptionError::new("ulimit", text, form)
        })
    }
}

from_text!(Ulimit);

fn ulimit(text: &str) -> Option<Ulimit> {
    let (name, limits) = text.split_once('=').filter(|(name, _)| !name.is_empty())?;
    let (soft, hard) = limits.split_once(':').unwrap_or((limits, limits));
    let (soft, hard) = (soft.parse::<i64>().ok()?, hard.parse::<i64>().ok()?);
    let is_in_order = hard == -1 || (soft != -1 && soft <= hard);
    is_in_order.then(|| Ulimit::new(name, soft, hard))
}

#[cfg(test)]
mod tests {
    use super::{Device, DeviceMapping, DeviceRequest, Gpus, Ulimit};

    #[test]
    fn devices_are_read_as_docker_reads_them() {
        let host = |host, container, permissions| {
            Ok(Device::Host(DeviceMapping::new(host, container).permissions(permissions)))
        };
        assert_eq!("/dev/fuse".parse(), host("/dev/fuse", "/dev/fuse", "rwm"));
        assert_eq!("/dev/fuse:rw".parse(), host("/dev/fuse", "/dev/fuse", "rw"));
        assert_eq!("/dev/a:/dev/b".parse(), host("/dev/a", "/dev/b", "rwm"));
        assert_eq!("/dev/a:/dev/b:m".parse(), host("/dev/a", "/dev/b", "m"));
        for name in ["vendor.com/gpu=all", "nvidia.com/gpu=0:1"] {
            assert_eq!(name.parse(), Ok(Device::Cdi(name.to_owned())));
        }
        for text in ["/dev/a:/dev/b:r", "vendor.com/gpu=all"] {
            assert_eq!(text.parse::<Device>().expect(text).to_string(), text);
        }
        for text in ["", "fuse", "/dev/a:b", "/dev/a:/dev/b:x", "/dev/a:/dev/b:rr", "/a:/b:r:w", "gpu=0", "/gpu=0:x"] {
            let error = text.parse::<Device>().expect_err(text).to_string();
            assert!(error.contains("such as /dev/fuse or /dev/sda:/dev/xvda:r"), "{error}");
        }
    }

    #[test]
    fn gpus_are_read_as_docker_reads_them() {
        for (text, json) in [
            ("all", r#"{"Count":-1,"Capabilities":[["gpu"]]}"#),
            ("2", r#"{"Count":2,"Capabilities":[["gpu"]]}"#),
            ("device=0,2", r#"{"DeviceIDs":["0","2"],"Capabilities":[["gpu"]]}"#),
            (r#""device=0,2",driver=nvidia"#, r#"{"Driver":"nvidia","DeviceIDs":["0","2"],"Capabilities":[["gpu"]]}"#),
            ("driver=nvidia", r#"{"Driver":"nvidia","Count":1,"Capabilities":[["gpu"]]}"#),
            (
                r#"count=all,"capabilities=compute,utility","options=a=1,b""#,
                r#"{"Count":-1,"Capabilities":[["compute","utility","gpu"]],"Options":{"a":"1","b":""}}"#,
            ),
        ] {
            let gpus = text.parse::<Gpus>().expect(text);
            assert_eq!(serde_json::to_string(&gpus.0).expect("json"), json, "{text}");
        }
        assert_eq!(Gpus::from(2).0, DeviceRequest::gpus(2));
        for text in ["", "some", "-2", "color=red", "\"all"] {
            let error = text.parse::<Gpus>().expect_err(text).to_string();
            assert!(error.contains("use all, a number, or fields such as device=0,2"), "{error}");
        }
    }

    #[test]
    fn ulimits_are_read_as_docker_reads_them() {
        assert_eq!("nofile=1024:2048".parse(), Ok(Ulimit::new("nofile", 1024, 2048)));
        assert_eq!("nproc=64".parse(), Ok(Ulimit::new("nproc", 64, 64)));
        assert_eq!("core=0:-1".parse(), Ok(Ulimit::new("core", 0, -1)));
        assert_eq!(Ulimit::new("core", 0, -1).to_string(), "core=0:-1");
        for text in
            ["", "nofile", "=1", "nofile=", "nofile=1:", "nofile=2:1", "nofile=-1:1", "nofile=1:2:3", "nofile=x"]
        {
            let error = text.parse::<Ulimit>().expect_err(text).to_string();
            assert!(error.contains("such as nofile=1024:2048"), "{error}");
        }
    }
}
