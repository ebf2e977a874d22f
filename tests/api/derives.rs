//! Every public type derives what its kind has, so that users find it without trying: read from the source.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Types of JSON that have no sensible default, or hold what cannot be compared.
const WITHOUT_DEFAULT: &[&str] = &["Chunk", "Line", "ServiceLine", "Signal"];

/// Types that have values that no text stands for.
const WITHOUT_TEXT: &[&str] = &["BuildCache", "BuildOutput", "CredentialSpec", "Gpus", "Mount", "MountOrBind"];

struct Type {
    name: String,
    is_enum: bool,
    derives: BTreeSet<String>,
    attributes: String,
    source: String,
}

#[test]
fn types_of_json_derive_what_users_expect() {
    let mut wrong = Vec::new();
    for Type { name, is_enum, derives, source, .. } in types() {
        if !derives.contains("Serialize") && !derives.contains("Deserialize") {
            continue;
        }
        let by_hand = |name: &str, of: &str| {
            ["impl fmt::", "impl ", "impl<T> "].iter().any(|head| source.contains(&format!("{head}{of} for {name}")))
        };
        for wanted in ["Clone", "Debug", "PartialEq", "Serialize", "Deserialize", "Default"] {
            let needless = wanted == "Default" && (is_enum || WITHOUT_DEFAULT.contains(&name.as_str()));
            if !derives.contains(wanted) && !by_hand(&name, wanted) && !needless {
                wrong.push(format!("{name} is not {wanted}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn types_that_are_read_from_texts_are_taken_as_texts_and_written_as_texts() {
    let mut wrong = Vec::new();
    let files = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    for source in files.iter().map(|file| std::fs::read_to_string(file).expect("a source file")) {
        for name in source.lines().filter_map(|line| line.strip_prefix("impl FromStr for ")?.strip_suffix(" {")) {
            let is_taken = [format!("from_text!({name})"), format!("impl TryFrom<&str> for {name}")];
            if !is_taken.iter().any(|line| source.contains(line)) {
                wrong.push(format!("setters cannot take a {name} as text"));
            }
            if !source.contains(&format!("impl fmt::Display for {name} ")) && !WITHOUT_TEXT.contains(&name) {
                wrong.push(format!("{name} is not Display"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What a feature changes, it adds: no function has another signature without it.
#[test]
fn no_public_item_is_there_only_without_a_feature() {
    let mut wrong = Vec::new();
    for file in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let source = std::fs::read_to_string(&file).expect("a source file");
        let mut lines = source.lines().map(str::trim);
        while lines.any(|line| line.starts_with("#[cfg(not(") && line.contains("feature = ")) {
            let item = lines.clone().find(|line| !line.starts_with("#[") && !line.starts_with("//"));
            wrong
                .extend(item.filter(|item| item.starts_with("pub ")).map(|item| format!("{}: {item}", file.display())));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn calls_and_specs_must_be_used() {
    let mut wrong = Vec::new();
    for Type { name, attributes, source, derives, .. } in types() {
        let is_call =
            source.contains(&format!("call!({name} =>")) || source.contains(&format!("IntoFuture for {name}"));
        let is_spec = name.ends_with("Spec") && source.contains(&format!("-> {name}"));
        if (is_call || is_spec) && !attributes.contains("#[must_use") {
            wrong.push(format!("{name} may be dropped without a word"));
        }
        let has_upload = source.contains("Into<Upload>") || source.contains("Into<BuildContext>");
        if is_call && derives.contains("Clone") == has_upload {
            wrong.push(format!(
                "{name} is Clone or not, and should be the other: only one body can be sent of an upload"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn types() -> Vec<Type> {
    let mut found = Vec::new();
    for file in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let source = std::fs::read_to_string(&file).expect("a source file");
        let mut attributes = String::new();
        for line in source.lines() {
            let is_enum = line.starts_with("pub enum ");
            if line.starts_with("#[") || line.starts_with("///") {
                attributes.push_str(line);
            } else if is_enum || line.starts_with("pub struct ") {
                let name = line.split_whitespace().nth(2).expect("a name");
                let name = name.split(['(', '<', ';', '{']).next().expect("a name").to_owned();
                let derives = attributes.split("#[derive(").skip(1).flat_map(|rest| {
                    rest.split(')').next().unwrap_or_default().split(',').map(|name| name.trim().to_owned())
                });
                let derives = derives.collect();
                found.push(Type { name, is_enum, derives, attributes: attributes.clone(), source: source.clone() });
                attributes.clear();
            } else {
                attributes.clear();
            }
        }
    }
    assert!(found.len() > 150, "only {} types were found", found.len());
    found
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    folders.iter().flat_map(|folder| self::files(folder)).chain(files).collect()
}
