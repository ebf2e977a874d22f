//! Parses mounts in the form of `docker run --mount`: `type=bind,source=/src,target=/dst`.

use super::mount_text::{is_absolute, resolved};
use super::mounts::octal;
use super::{BindOptions, Mount, MountType, Propagation, VolumeDriver};
use crate::wire::csv;

const FORM: &str = "use type=bind|volume|tmpfs|image,source=…,target=/…[,readonly]";

pub(super) fn from_fields(text: &str) -> Result<Mount, String> {
    let mut mount = Mount { kind: MountType::Volume, ..Mount::default() };
    for field in csv::fields(text.trim())? {
        mount = set(mount, &field)?;
    }
    if mount.kind == MountType::Bind {
        mount.source = resolved(&mount.source)?;
    }
    check(&mount).map(|()| mount)
}

/// Sets the field that `name=value` names, or the flag `name`.
fn set(mut mount: Mount, field: &str) -> Result<Mount, String> {
    let (name, value) = field.split_once('=').map_or((field, None), |(name, value)| (name, Some(value)));
    let name = name.to_ascii_lowercase();
    let flag = || match value {
        None | Some("true" | "1") => Ok(true),
        Some("false" | "0") => Ok(false),
        Some(_) => Err(format!("{name} must be true, false, 1 or 0")),
    };
    match name.as_str() {
        "readonly" | "ro" => mount.read_only = flag()?,
        "volume-nocopy" => mount = mount.no_copy(flag()?),
        "bind-create-src" => mount = mount.create_source(flag()?),
        "bind-nonrecursive" => bind(&mut mount).non_recursive = flag()?,
        name => return set_value(mount, name, value.unwrap_or_default()),
    }
    Ok(mount)
}

fn set_value(mut mount: Mount, name: &str, value: &str) -> Result<Mount, String> {
    let lower = value.to_ascii_lowercase();
    let one_of = |words: &str| format!("{name} must be {words}, not {value:?}");
    match name {
        "type" | "source" | "src" | "target" | "dst" | "destination" | "consistency" | "bind-propagation"
        | "bind-recursive" | "volume-subpath" | "volume-driver" | "volume-label" | "volume-opt" | "image-subpath"
        | "tmpfs-size" | "tmpfs-mode"
            if value.is_empty() || value.trim() != value =>
        {
            return Err(format!("{name} needs a value, without spaces around it"));
        }
        "type" => mount.kind = MountType::from(lower),
        "source" | "src" => value.clone_into(&mut mount.source),
        "target" | "dst" | "destination" => value.clone_into(&mut mount.target),
        "consistency" => match lower.as_str() {
            "default" | "consistent" | "cached" | "delegated" => mount.consistency = lower,
            _ => return Err(one_of("default, consistent, cached or delegated")),
        },
        "bind-propagation" => match Propagation::from(lower) {
            Propagation::Unknown(_) => return Err(one_of("private, rprivate, shared, rshared, slave or rslave")),
            propagation => mount = mount.propagation(propagation),
        },
        "bind-recursive" => match value {
            "enabled" => {}
            "disabled" => bind(&mut mount).non_recursive = true,
            "writable" => bind(&mut mount).read_only_non_recursive = true,
            "readonly" => bind(&mut mount).read_only_force_recursive = true,
            _ => return Err(one_of("enabled, disabled, writable or readonly")),
        },
        "volume-subpath" => value.clone_into(&mut mount.volume_options.get_or_insert_default().subpath),
        "volume-driver" => value.clone_into(&mut driver(&mut mount).name),
        "volume-label" => {
            let (key, value) = value.split_once('=').unwrap_or((value, ""));
            mount.volume_options.get_or_insert_default().labels.insert(key, value.to_owned());
        }
        "volume-opt" => {
            let (key, value) = value.split_once('=').unwrap_or((value, ""));
            driver(&mut mount).options.insert(key, value.to_owned());
        }
        "image-subpath" => value.clone_into(&mut mount.image_options.get_or_insert_default().subpath),
        "tmpfs-size" => mount = mount.size(value),
        "tmpfs-mode" => mount = mount.mode(octal(value)?),
        // It may be the rest of a driver's option, which may be a secret.
        _ if mount.volume_options.is_some_and(|options| options.driver_config.is_some()) => {
            return Err("unknown field behind volume-opt: enclose a value that has commas in quotes, such as \
                        \"volume-opt=o=ro,soft\""
                .to_owned());
        }
        other => return Err(format!("unknown field {other:?}: {FORM}")),
    }
    Ok(mount)
}

fn bind(mount: &mut Mount) -> &mut BindOptions {
    mount.bind_options.get_or_insert_default()
}

fn driver(mount: &mut Mount) -> &mut VolumeDriver {
    mount.volume_options.get_or_insert_default().driver_config.get_or_insert_default()
}

/// Checks what the docker CLI checks, and that there is a target, and a source if the type needs one.
fn check(mount: &Mount) -> Result<(), String> {
    let kind = &mount.kind;
    let strangers = [
        (mount.bind_options.is_some() && *kind != MountType::Bind, "bind"),
        (mount.volume_options.is_some() && *kind != MountType::Volume, "volume"),
        (mount.image_options.is_some() && *kind != MountType::Image, "image"),
        (mount.tmpfs_options.is_some() && *kind != MountType::Tmpfs, "tmpfs"),
    ];
    let stranger = strangers.into_iter().find(|(is_one, _)| *is_one);
    let needs_source = !matches!(kind, MountType::Volume | MountType::Tmpfs);
    let bind = mount.bind_options.clone().unwrap_or_default();
    if let Some(why) = mount.invalid.first() {
        return Err(why.clone());
    }
    let wrong = match (kind, stranger) {
        (MountType::Unknown(kind), _) => format!("unknown mount type {kind:?}: {FORM}"),
        (_, Some((_, what))) => format!("a mount of type {kind} has no {what}-* fields: use type={what}"),
        _ if !is_absolute(&mount.target) => format!("the target must be an absolute path: {FORM}"),
        _ if needs_source && mount.source.is_empty() => format!("this type of mount needs a source: {FORM}"),
        _ if bind.read_only_non_recursive && !mount.read_only => "bind-recursive=writable needs readonly".to_owned(),
        _ if bind.read_only_force_recursive && !(mount.read_only && bind.propagation == Propagation::RPrivate) => {
            "bind-recursive=readonly needs readonly and bind-propagation=rprivate".to_owned()
        }
        _ => return Ok(()),
    };
    Err(wrong)
}

#[cfg(test)]
mod tests {
    use super::super::{BindOptions, MIB, Mount, Propagation, VolumeDriver, VolumeOptions};

    #[test]
    fn fields_are_read_as_docker_reads_them() {
        let bind = |options| Mount { bind_options: Some(options), ..Mount::bind("/a", "/b").read_only(true) };
        let recursion = BindOptions::default();
        for (text, mount) in [
            ("type=bind,source=/a,target=/b,readonly", Mount::bind("/a", "/b").read_only(true)),
            ("Type=Bind,SRC=/a,dst=/b,ro=1,readonly=false", Mount::bind("/a", "/b")),
            ("type=bind,src=/a,dst=/b,bind-create-src", Mount::bind("/a", "/b").create_source(true)),
            (
                "type=bind,src=/a,dst=/b,bind-propagation=rslave",
                Mount::bind("/a", "/b").propagation(Propagation::RSlave),
            ),
            ("type=bind,src=/a,dst=/b,ro,bind-recursive=enabled", Mount::bind("/a", "/b").read_only(true)),
            (
                "type=bind,src=/a,dst=/b,ro,bind-recursive=disabled",
                bind(BindOptions { non_recursive: true, ..recursion.clone() }),
            ),
            (
                "type=bind,src=/a,dst=/b,ro,bind-nonrecursive=true",
                bind(BindOptions { non_recursive: true, ..recursion.clone() }),
            ),
            (
                "type=bind,src=/a,dst=/b,ro,bind-recursive=writable",
                bind(BindOptions { read_only_non_recursive: true, ..recursion.clone() }),
            ),
            (
                "type=bind,src=/a,dst=/b,ro,bind-recursive=readonly,bind-propagation=rprivate",
                bind(BindOptions {
                    read_only_force_recursive: true,
                    propagation: Propagation::RPrivate,
                    ..recursion.clone()
                }),
            ),
            (
                "type=bind,src=/a,dst=/b,consistency=cached",
                Mount { consistency: "cached".to_owned(), ..Mount::bind("/a", "/b") },
            ),
            ("type=volume,src=data,dst=/b,volume-subpath=x", Mount::volume("data", "/b").subpath("x")),
            ("target=/b,source=data,volume-nocopy", Mount::volume("data", "/b").no_copy(true)),
            ("type=tmpfs,target=/t,tmpfs-size=64m,tmpfs-mode=1700", Mount::tmpfs("/t").size(64 * MIB).mode(0o1700)),
            ("type=image,source=nginx,destination=/n,image-subpath=etc", Mount::image("nginx", "/n").subpath("etc")),
            (
                r"type=npipe,src=\\.\pipe\a,dst=\\.\pipe\b",
                Mount { kind: "npipe".into(), ..Mount::bind(r"\\.\pipe\a", r"\\.\pipe\b") },
            ),
        ] {
            assert_eq!(text.parse::<Mount>().as_ref(), Ok(&mount), "{text}");
        }
        let text = r#"src=nas,dst=/n,volume-driver=local,volume-opt=type=nfs,"volume-opt=o=addr=10.0.0.9,rw",volume-label=a=b,volume-label=c"#;
        let options = [("type", "nfs"), ("o", "addr=10.0.0.9,rw")].map(|(key, value)| (key, value.to_owned()));
        let options = VolumeOptions {
            labels: [("a", "b".to_owned()), ("c", String::new())].into_iter().collect(),
            driver_config: Some(VolumeDriver { name: "local".to_owned(), options: options.into_iter().collect() }),
            ..VolumeOptions::default()
        };
        assert_eq!(text.parse(), Ok(Mount { volume_options: Some(options), ..Mount::volume("nas", "/n") }));
        let here = std::env::current_dir().expect("a directory");
        let mount = "type=bind,src=.,dst=/b".parse::<Mount>().expect("a mount");
        assert_eq!(mount.source, here.display().to_string());
    }

    #[test]
    fn what_is_no_mount_is_an_error() {
        for (text, why) in [
            ("type=disk,target=/b", "unknown mount type"),
            ("type=bind,target=/b", "needs a source"),
            ("type=bind,source=/a", "absolute path"),
            ("type=bind,source=,target=/b", "source needs a value"),
            ("type=bind,source= /a,target=/b", "without spaces"),
            ("type=bind,source=/a,target", "target needs a value"),
            ("type=tmpfs,target=/t,tmpfs-size=x", "invalid size"),
            ("type=tmpfs,target=/t,tmpfs-mode=8", "is not octal"),
            ("type=tmpfs,target=/t,tmpfs-mode=0", "invalid tmpfs mode 0"),
            ("type=tmpfs,target=/t,color=red", "unknown field \"color\""),
            ("type=tmpfs,target=/t,volume-nocopy", "a mount of type tmpfs has no volume-* fields"),
            ("type=bind,source=/a,target=/b,readonly=maybe", "must be true, false, 1 or 0"),
            ("target=/b,volume-nocopy=no", "must be true, false, 1 or 0"),
            ("type=bind,source=/a,target=/b,bind-propagation=up", "must be private, rprivate"),
            ("type=bind,source=/a,target=/b,consistency=fast", "must be default, consistent"),
            ("type=bind,source=/a,target=/b,bind-recursive=true", "must be enabled, disabled"),
            ("type=bind,source=/a,target=/b,bind-recursive=writable", "needs readonly"),
            ("type=bind,source=/a,target=/b,ro,bind-recursive=readonly", "bind-propagation=rprivate"),
            ("target=/b,volume-opt=o=a,b", "enclose a value that has commas in quotes"),
            ("target=/b,\"source=a", "a quote is not closed"),
        ] {
            let error = text.parse::<Mount>().expect_err(text).to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
