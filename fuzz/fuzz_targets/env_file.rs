//! Files of environment variables.

#![no_main]

use longshore::container::ContainerSpec;
use std::sync::LazyLock;

static FILE: LazyLock<tempfile::NamedTempFile> = LazyLock::new(|| tempfile::NamedTempFile::new().expect("a file"));

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    std::fs::write(FILE.path(), data).expect("a file");
    let spec = ContainerSpec::new("web").env_file(FILE.path());
    let again: ContainerSpec = serde_json::from_slice(&serde_json::to_vec(&spec).expect("JSON")).expect("a spec");
    assert_eq!(again.config.env, spec.config.env);
});
