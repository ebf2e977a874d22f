//! Plugins: what is sent, and what is understood.

use crate::support::{Engine, Response, on};
use longshore::{Credentials, ErrorKind};
use serde_json::json;
use std::time::Duration;

const PRIVILEGES: &str = r#"[{"Name":"network","Description":"permissions to access a network","Value":["host"]},
    {"Name":"capabilities","Description":"a list","Value":null}]"#;

#[tokio::test]
async fn a_plugin_is_installed_with_what_it_wants() {
    let wanted = json!([
        {"Name": "network", "Description": "permissions to access a network", "Value": ["host"]},
        {"Name": "capabilities", "Description": "a list", "Value": []},
    ]);
    let header = "eyJ1c2VybmFtZSI6Im1lIiwicGFzc3dvcmQiOiJodW50ZXIyIn0=";
    let steps = |steps: &str| Response::body(200, "application/json", steps);
    let engine = Engine::unix([
        on("GET /v1.41/plugins/privileges?remote=example.com%2Fnone%3A1")
            .with_header("x-registry-auth", header)
            .respond(Response::text(200, PRIVILEGES)),
        on("POST /v1.41/plugins/pull?remote=example.com%2Fnone%3A1&name=none")
            .with_header("x-registry-auth", header)
            .with_json(wanted.clone())
            .respond(steps("{\"status\":\"Pulling\"}\r\n{\"status\":\"Downloading\",\"id\":\"a\"}\r\n")),
        on("POST /v1.41/plugins/pull?remote=example.com%2Fnone%3A1")
            .with_json(wanted.clone())
            .respond(steps("{\"status\":\"Pulling\"}\r\n{\"errorDetail\":{\"message\":\"incorrect privileges\"},\"error\":\"incorrect privileges\"}\r\n")),
        on("POST /v1.41/plugins/none/upgrade?remote=example.com%2Fnone%3A2").with_json(wanted).respond(steps("{}\r\n")),
        on("POST /v1.41/plugins/example.com/none:2/push").respond(steps("{\"status\":\"Pushed\"}\r\n")),
    ]);
    let docker = engine.docker(41);
    let me = Credentials::password("me", "hunter2");
    let plugins = docker.plugins();
    let privileges = plugins.privileges("example.com/none:1").credentials(&me).await.expect("privileges");
    let install = || plugins.install("example.com/none:1", &privileges);
    let plugin = install().name("none").credentials(&me).await.expect("a plugin");
    assert_eq!(plugin.name(), "none");
    let error = install().await.expect_err("others");
    assert!(error.kind() == ErrorKind::Stream && error.message().contains("incorrect privileges"), "{error}");
    plugin.upgrade("example.com/none:2", &privileges).await.expect("upgraded");
    docker.plugin("example.com/none:2").push().await.expect("pushed");
}

#[tokio::test]
async fn a_plugin_is_set_enabled_disabled_and_removed() {
    let found = r#"{"Id":"5724","Name":"none:latest","Enabled":true,"Settings":{"Mounts":null,"Env":["TOKEN=hunter2"],"Args":[],"Devices":null},
        "PluginReference":"example.com/none:1","Config":{"Description":"d","Interface":{"Types":["docker.volumedriver/1.0"],"Socket":"s"},
        "Env":[{"Name":"TOKEN","Description":"","Settable":["value"],"Value":""}],"Args":{"Name":"","Value":null}}}"#;
    let engine = Engine::unix([
        on("GET /v1.41/plugins?filters=%7B%22capability%22%3A%7B%22volumedriver%22%3Atrue%7D%2C%22enabled%22%3A%7B%22true%22%3Atrue%7D%7D")
            .respond(Response::text(200, &format!("[{found}]"))),
        on("GET /v1.41/plugins/none/json").respond(Response::text(200, found)),
        on("POST /v1.41/plugins/none/set").with_json(json!(["TOKEN=hunter2"])).respond(Response::status(204)),
        on("POST /v1.41/plugins/none/enable?timeout=0").respond(Response::status(200)),
        on("POST /v1.41/plugins/none/enable?timeout=1").respond(Response::status(200)),
        on("POST /v1.41/plugins/none/enable?timeout=5").respond(Response::error(500, "dial unix: no such file")),
        on("POST /v1.41/plugins/none/disable?force=true").respond(Response::error(409, "plugin none:latest is disabled")),
        on("DELETE /v1.41/plugins/none?force=true").respond(Response::text(200, found)),
        on("POST /v1.41/plugins/create?name=none").with_body("tar").respond(Response::status(204)),
    ]);
    let docker = engine.docker(41);
    let list = docker.plugins().list().capability("volumedriver").enabled(true).await.expect("plugins");
    let plugin = docker.plugin("none");
    assert_eq!(list, [plugin.inspect().await.expect("there")]);
    assert!(!format!("{list:?}").contains("hunter2"), "{list:?}");
    plugin.set(["TOKEN=hunter2"]).await.expect("set");
    plugin.enable().await.expect("enabled");
    plugin.enable().timeout("500ms").await.expect("0 would be no timeout");
    assert_eq!(plugin.enable().timeout(Duration::from_secs(5)).await.expect_err("no").status(), Some(500));
    assert!(plugin.disable().force(true).await.expect_err("it is").is_conflict());
    plugin.remove().force(true).await.expect("removed");
    docker.plugins().create("none", &b"tar"[..]).await.expect("a plugin");
}

#[cfg(all(feature = "tar", unix))]
#[tokio::test]
async fn a_plugin_is_created_from_a_folder() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let engine = Engine::unix([on("POST /v1.41/plugins/create?name=team%2Fnone")
        .with_any_body()
        .respond(Response::status(204))]);
    let plugins = engine.docker(41).plugins();
    for missing in ["config.json with its configuration", "folder rootfs with its files"] {
        let error = plugins.create_from_folder("team/none", folder.path()).await.expect_err("it is missing");
        assert!(error.is_invalid() && error.to_string().contains(missing), "{error}");
        std::fs::write(path("config.json"), "{}").expect("written");
    }
    std::fs::create_dir_all(path("rootfs/bin")).expect("a folder");
    std::fs::write(path("rootfs/bin/run"), "#!").expect("written");
    std::fs::set_permissions(path("rootfs/bin/run"), std::fs::Permissions::from_mode(0o4755)).expect("a program");
    symlink("run", path("rootfs/bin/start")).expect("a link");
    // Root alone may give files away.
    let _ = std::os::unix::fs::chown(path("rootfs/bin/run"), Some(1234), Some(4321));
    std::fs::set_permissions(path("rootfs/bin/run"), std::fs::Permissions::from_mode(0o4755)).expect("a program");
    let owner = std::fs::metadata(path("rootfs/bin/run")).expect("a file");
    plugins.create_from_folder("team/none", folder.path()).await.expect("created");

    let received = engine.received();
    let mut archive = tar::Archive::new(received[0].body.as_slice());
    let entries = archive.entries().expect("entries").map(|entry| {
        let entry = entry.expect("an entry");
        let header = entry.header();
        let link = header.link_name().expect("a name").map(|link| link.display().to_string());
        let owner = (header.uid().expect("a user"), header.gid().expect("a group"));
        (entry.path().expect("a path").display().to_string(), header.mode().expect("a mode") & 0o7777, owner, link)
    });
    let mut entries: Vec<_> = entries.collect();
    entries.sort();
    let names: Vec<_> = entries.iter().map(|(name, ..)| name.trim_end_matches('/')).collect();
    assert_eq!(names, ["config.json", "rootfs", "rootfs/bin", "rootfs/bin/run", "rootfs/bin/start"]);
    let owner = (u64::from(owner.uid()), u64::from(owner.gid()));
    assert_eq!(entries[3], ("rootfs/bin/run".to_owned(), 0o4755, owner, None));
    assert_eq!(entries[4].3.as_deref(), Some("run"));
}
