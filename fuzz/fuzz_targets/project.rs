//! The documents of projects, and what an environment changes of them.

#![no_main]

use longshore::deploy::Project;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(project) = serde_json::from_slice::<Project>(data) else { return };
    let text = serde_json::to_string(&project).expect("JSON");
    assert_eq!(serde_json::from_str::<Project>(&text).expect("a project"), project, "{text}");
    for environment in project.environments.keys().map(ToString::to_string).chain(["prod".to_owned()]) {
        match project.in_environment(&environment) {
            Ok(merged) => assert_eq!(merged, merged.in_environment(&environment).expect("what was checked")),
            Err(failure) => assert!(!failure.to_string().is_empty()),
        }
    }
});
