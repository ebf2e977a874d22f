//! `.dockerignore`, through the build of a folder.

#![no_main]

use longshore::image::BuildContext;
use longshore_fuzz::{checked, engine, response, run};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    for file in ["Dockerfile", "a/b/c.txt", "a/b.txt", "a-b/x", "long/er/path/to/a/file", "ä/ö.log", "[x]"] {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).expect("a folder");
        fs::write(path, file).expect("a file");
    }
    folder
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fs::write(FOLDER.path().join(".dockerignore"), data).expect("a file");
    let docker = engine(response("200 OK", b"{\"stream\":\"Successfully built aa\\n\"}"), 64 << 10);
    run(async { checked(docker.images().build(BuildContext::folder(FOLDER.path())).await) });
});
