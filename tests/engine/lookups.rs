//! What people look up, and copy, on a real engine.

use crate::support::real::{Real, image, shell};
use longshore::container::{ContainerSpec, Healthcheck};
use longshore::deploy::{Cause, Ready};
use std::time::Duration;

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_people_type_is_what_the_engine_has() {
    let real = Real::with_image().await;
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), "# for the test\nMODE=prod\n").expect("written");
    let volume = real.name();
    let spec = ContainerSpec::new(image())
        .ports("127.0.0.1::80")
        .shm_size("32m")
        .mount(format!("{volume}:/data:ro"))
        .mount("type=tmpfs,target=/scratch,tmpfs-size=1m")
        .envs([("A", "1"), ("B", "2")])
        .env_file(file.path())
        .labels([("one", "1")]);
    let web = real.create(spec).await;
    web.start().await.expect("started");
    let inspected = web.inspect().await.expect("there");
    assert_eq!(inspected.host_config.shm_size, 32 << 20);
    assert_eq!(inspected.config.env.get("MODE"), Some("prod"));
    assert_eq!(inspected.config.labels.get("one").map(String::as_str), Some("1"));
    assert!(inspected.mounts.iter().any(|mount| mount.destination == "/data" && !mount.rw));
    let port = web.mapped_port(80).await.expect("published");
    assert!(
        port > 0 && std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
            || std::env::var_os("LONGSHORE_TEST_SUITE").is_some()
    );
    let error = web.mapped_port(81).await.expect_err("it is not");
    assert!(error.is_invalid() && error.message().ends_with("does not publish 81/tcp: published: 80/tcp"), "{error}");
    web.stop().timeout(Duration::ZERO).await.expect("stopped");
    let error = web.mapped_port(80).await.expect_err("it does not run");
    assert!(error.message().ends_with("it is not running"), "{error}");
    for (spec, why) in [
        (ContainerSpec::new(image()).ports("80:x"), "such as 8080:80"),
        (ContainerSpec::new(image()).memory("512q"), "such as 512m or 1.5g"),
        (ContainerSpec::new(image()).cpus("none"), "such as 1.5"),
        (ContainerSpec::new(image()).mount("data"), "source:/target"),
        (ContainerSpec::new(image()).env_file("/nowhere"), "the env file /nowhere"),
    ] {
        let error = real.docker.containers().create(spec).await.expect_err(why);
        assert!(error.is_invalid() && error.message().contains(why), "{error}");
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn an_image_exists_or_not() {
    let real = Real::with_image().await;
    assert!(real.docker.images().exists(image()).await.expect("asked"));
    assert!(!real.docker.images().exists("longshore-nobody/none:1").await.expect("asked"));
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_container_of_somebody_elses_is_waited_for() {
    let real = Real::with_image().await;
    let wait =
        async |container: &str, ready: Ready| ready.wait_for(&real.docker, container, Duration::from_secs(20)).await;
    let web = real.run("sleep 0.3; echo it listens; sleep 600").await;
    wait(web.id(), Ready::log_line("it listens")).await.expect("ready");
    let short = Ready::log_line("never").wait_for(&real.docker, web.id(), Duration::from_millis(300)).await;
    assert!(matches!(short, Err(Cause::NotReady { .. })), "{short:?}");
    let ends = real.run("exit 3").await;
    let ended = wait(ends.id(), Ready::log_line("never")).await;
    assert!(matches!(&ended, Err(Cause::Exited(exit)) if exit.code == 3), "{ended:?}");
    let none = wait("longshore-nobody", Ready::started()).await;
    assert!(matches!(&none, Err(Cause::Call(error)) if error.is_not_found()), "{none:?}");
}

#[cfg(feature = "tar")]
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn files_are_read_and_copied_both_ways() {
    use longshore::ErrorKind;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    let real = Real::with_image().await;
    let web = real.create(shell("cat /srv/site/a/file; sleep 600").health(Healthcheck::none())).await;
    let here = tempfile::tempdir().expect("a folder");
    let path = |name: &str| here.path().join(name);
    fs::create_dir_all(path("site/a")).expect("made");
    fs::write(path("site/a/file"), "of here").expect("written");
    fs::set_permissions(path("site/a/file"), fs::Permissions::from_mode(0o640)).expect("a mode");
    symlink("file", path("site/a/link")).expect("a link");
    fs::write(path("large"), vec![b'x'; 3 << 20]).expect("written");

    fs::create_dir(path("empty")).expect("made");
    web.copy_to(path("empty"), "/srv").await.expect("an empty directory");
    web.copy_to(path("site"), "/srv").await.expect("into a directory that is there");
    web.copy_to(path("site/a/file"), "/srv/renamed").await.expect("as a file of another name");
    web.copy_to(path("large"), "/srv").await.expect("a large file");
    web.copy_to(path("site"), "/srv/other").await.expect("as a directory of another name");
    assert_eq!(web.read_file("/srv/site/a/file").await.expect("a file"), "of here");
    assert_eq!(web.read_file("/srv/site/a/link").await.expect("a link's file"), "of here");
    web.copy_to(path("site/."), "/srv/empty").await.expect("the contents of a directory");
    web.copy_to(path("site/."), "/srv/new").await.expect("as a directory of another name");
    for copy in ["/srv/empty/a/file", "/srv/new/a/file"] {
        assert_eq!(web.read_file(copy).await.expect("a file"), "of here");
    }
    fs::write(path("a"), "").expect("written");
    let error = web.copy_to(path("a"), "/srv/site").await.expect_err("a directory is there");
    assert!(error.status().is_some() && web.stat_path("/srv/site/a").await.expect("there").is_dir(), "{error}");
    // A link to a directory stays one, and what it leads to is copied into.
    symlink("/srv/site", path("to-site")).expect("a link");
    web.copy_to(path("to-site"), "/srv").await.expect("a link");
    web.copy_to(path("site/a/file"), "/srv/to-site").await.expect("through the link");
    assert_eq!(web.read_file("/srv/site/file").await.expect("a file"), "of here");
    assert!(web.stat_path("/srv/to-site").await.expect("there").is_symlink());
    assert_eq!(web.read_file("/srv/renamed").await.expect("a file"), "of here");
    assert_eq!(web.read_file("/srv/other/a/file").await.expect("a file"), "of here");
    assert_eq!(web.read_file("/srv/large").await.expect("a file").len(), 3 << 20);
    let error = web.read_file("/srv").await.expect_err("a directory");
    assert!(error.is_invalid() && error.message().contains("it is not a regular file"), "{error}");
    assert!(web.read_file("/nowhere").await.expect_err("nothing").is_not_found());

    web.copy_from("/srv/site", path("copied")).await.expect("as another name");
    assert_eq!(fs::read_to_string(path("copied/a/file")).expect("a file"), "of here");
    assert_eq!(fs::metadata(path("copied/a/file")).expect("a file").permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_link(path("copied/a/link")).expect("a link").to_str(), Some("file"));
    fs::write(path("copied/stays"), "").expect("written");
    fs::create_dir(path("into")).expect("made");
    web.copy_from("/srv/site", path("into")).await.expect("into a directory that is there");
    assert!(path("into/site/a/file").exists());
    web.copy_from("/srv/site/.", path("copied")).await.expect("over what is there");
    assert!(path("copied/stays").exists());
    symlink("into", path("to-into")).expect("a link");
    web.copy_from("/srv/site/a/.", path("to-into")).await.expect("through the link");
    assert_eq!(fs::read_to_string(path("into/file")).expect("a file"), "of here");
    web.copy_from("/srv/renamed", path("file")).await.expect("a file");
    assert_eq!(fs::read_to_string(path("file")).expect("a file"), "of here");
    assert!(web.copy_from("/nowhere", path("none")).await.expect_err("nothing").is_not_found());
    let error = web.copy_to(path("none"), "/srv").await.expect_err("nothing here");
    assert!(error.kind() == ErrorKind::LocalFile && error.message().contains("No such file"), "{error}");
    let error = web.copy_to(path("file"), "/srv/no/").await.expect_err("no directory");
    assert!(error.is_invalid() && web.stat_path("/srv/no").await.expect_err("nothing").is_not_found(), "{error}");
    // Podman makes the directories.
    let is_refused = real.is_podman().await
        || web.copy_to(path("file"), "/nowhere/at/all").await.expect_err("no directory").is_not_found();
    assert!(is_refused);
    let error = web.copy_from("/srv/renamed", "/nowhere/file").await.expect_err("no folder here");
    assert_eq!(error.kind(), ErrorKind::LocalFile, "{error}");
    let left: Vec<_> =
        fs::read_dir(here.path()).expect("a folder").map(|entry| entry.expect("one").file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".longshore")), "{left:?}");
}
