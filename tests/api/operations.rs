//! Every operation of the API has its call: `operations.tsv` lists those of API 1.55, and the docs of each call name its own.

use std::path::{Path, PathBuf};

#[test]
fn every_operation_has_its_call() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources: String =
        files(&root.join("src")).iter().map(|file| std::fs::read_to_string(file).expect("a source file")).collect();
    let operations = std::fs::read_to_string(root.join("tests/operations.tsv")).expect("a table");
    let operations: Vec<_> = operations.lines().map(|line| line.replace('\t', " ")).collect();
    assert_eq!(operations.len(), 108);
    let missing: Vec<_> = operations.iter().filter(|operation| !sources.contains(&format!("`{operation}`"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    folders.iter().flat_map(|folder| self::files(folder)).chain(files).collect()
}
