//! Files of containers on a real engine.

use crate::support::produce::{End, pieces};
use crate::support::real::{Real, shell};
use crate::support::tar::{Entry, Tar, entries, header};
use longshore::container::{Container, Mount};
use longshore::{Error, Upload};
use std::time::Duration;
use tokio::io::AsyncReadExt;

/// A container in which a line has run.
async fn after(real: &Real, line: &str) -> Container {
    let container = real.run(line).await;
    assert_eq!(container.wait().await.expect("an exit").code, 0, "{line}");
    container
}

async fn files(container: &Container, path: &str) -> Vec<Entry> {
    let mut tar = Vec::new();
    let mut archive = container.get_archive(path).await.expect(path);
    archive.read_to_end(&mut tar).await.expect("all of it");
    entries(&tar)
}

fn is_read_only(error: &Error) -> bool {
    is_wrong(error) && error.message().contains("marked read-only")
}

/// Docker 20.10 blames itself.
fn is_wrong(error: &Error) -> bool {
    error.is_invalid() || error.status() == Some(500)
}

// behaviour 46
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_stat_tells_files_from_directories_and_links() {
    let real = Real::with_image().await;
    let commands =
        "mkdir -p /data/dir && cd /data && echo hello >file && chmod 4750 file && ln -s file link && mkfifo pipe";
    let container = after(&real, commands).await;
    let at = async |path: &str| container.stat_path(path).await;
    let file = at("/data/file").await.expect("a file");
    assert_eq!((&*file.name, file.size, file.permissions()), ("file", 6, 0o4750));
    assert!(file.is_file() && !file.is_dir() && file.link_target.is_none() && file.mtime.is_some());
    let link = at("/data/link").await.expect("a link");
    assert_eq!((link.is_symlink(), link.link_target.as_deref()), (true, Some("/data/file")));
    assert!(at("/data/pipe").await.expect("a pipe").is_pipe());
    for path in ["/data/dir", "/data/dir/", "/data/dir/.", "data/dir", "/"] {
        assert!(at(path).await.expect(path).is_dir(), "{path}");
    }
    let error = at("/data/nothing").await.expect_err("nothing there");
    assert!(error.is_not_found() && error.to_string().contains("the container or the path does not exist"), "{error}");
    let error = at("/data/file/").await.expect_err("no directory");
    assert!(is_wrong(&error), "{error}");
    let error = real.docker.container(real.name()).stat_path("/").await.expect_err("no container");
    assert!(error.is_not_found(), "{error}");
}

// behaviour 46
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn archives_go_in_and_come_out_again() {
    let real = Real::with_image().await;
    let container = real.create(shell("true")).await; // it need not run
    let tar = Tar::default().directory("a").file("a/one", b"first").file("two", b"second").link("three", "two").end();
    container.put_archive("/srv", tar.clone()).await.expect_err("no such directory");
    container.put_archive("/", Tar::default().directory("srv").end()).await.expect("a directory");
    container.put_archive("/srv", tar.clone()).await.expect("unpacked");
    let reader = Upload::reader(std::io::Cursor::new(tar.clone())).length(tar.len() as u64);
    container.put_archive("/srv/", reader).await.expect("unpacked again");
    let names = |entries: &[Entry]| {
        let mut names: Vec<_> = entries.iter().map(|entry| entry.name.clone()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&files(&container, "/srv").await), ["srv/", "srv/a/", "srv/a/one", "srv/three", "srv/two"]);
    assert_eq!(names(&files(&container, "/srv/.").await), ["./", "./a/", "./a/one", "./three", "./two"]);
    let one = files(&container, "/srv/a/one").await;
    assert_eq!(one, [Entry { name: "one".to_owned(), owner: 0, contents: b"first".to_vec() }]);
    container.put_archive("/srv", Vec::new()).await.expect("nothing to unpack");

    let error = container.put_archive("/nowhere", tar.clone()).await.expect_err("no such directory");
    assert!(error.is_not_found(), "{error}");
    let error = container.put_archive("/srv/two", tar.clone()).await.expect_err("no directory");
    assert!(is_wrong(&error) && error.message().contains("not a directory"), "{error}");
    let error = container.get_archive("/srv/nothing").await.expect_err("nothing there");
    assert!(error.is_not_found() && error.message().contains("Could not find the file"), "{error}");
    let error = container.get_archive("/srv/two/").await.expect_err("no directory");
    assert!(is_wrong(&error) && error.message().contains("not a directory"), "{error}");
    let error = container.put_archive("/srv", tar[..700].to_vec()).await.expect_err("cut off");
    assert_eq!(error.status(), Some(500), "{error}");
    let gone = real.docker.container(real.name());
    assert!(gone.put_archive("/", tar).await.expect_err("no container").is_not_found());
    assert!(gone.export().await.expect_err("no container").is_not_found());
}

/// As `examples/backup.rs` saves and restores a volume.
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_directory_is_restored_with_its_owner_and_permissions_from_its_parent() {
    let real = Real::with_image().await;
    let with_volume = |line: &str| shell(line).user("0").volume(real.name(), "/v");
    let first = real.create(with_volume("chown 1234 /v && chmod 700 /v")).await;
    first.start().await.expect("started");
    assert!(first.wait().await.expect("its end").success());
    for (path, into, owner, mode) in [("/v", "/", 1234, 0o700), ("/v/.", "/v", 0, 0o755)] {
        let mut tar = Vec::new();
        first.get_archive(path).await.expect(path).read_to_end(&mut tar).await.expect("all of it");
        let second = real.create(with_volume("true")).await;
        second.put_archive(into, tar).await.expect("unpacked");
        assert_eq!(files(&second, "/v").await[0].owner, owner, "{path}");
        let stat = second.get_archive("/v").await.expect("a directory").stat().clone();
        assert_eq!(stat.permissions() & 0o777, mode, "{path}");
    }
}

// behaviour 47
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn files_belong_to_whom_the_archive_says_or_to_the_containers_user() {
    let real = Real::with_image().await;
    let container = real.create(shell("true").user("root")).await;
    let passwd = Tar::default().directory("etc").file("etc/passwd", b"root:x:0:0::/:/bin/sh\n").end();
    container.put_archive("/", passwd).await.expect("unpacked");
    let owned = || Tar::default().owned_file("owned", 1234, b"x").end();
    container.put_archive("/", owned()).await.expect("unpacked");
    assert_eq!(files(&container, "/owned").await[0].owner, 1234);
    container.put_archive("/", owned()).copy_uid_gid(true).await.expect("unpacked");
    assert_eq!(files(&container, "/owned").await[0].owner, 0);

    container.put_archive("/", Tar::default().directory("thing").end()).await.expect("a directory");
    let file = || Tar::default().file("thing", b"x").end();
    let error = container.put_archive("/", file()).no_overwrite_dir_non_dir(true).await.expect_err("a directory");
    assert!(error.message().contains("cannot overwrite directory"), "{error}");
    assert!(container.stat_path("/thing").await.expect("a directory").is_dir());
    container.put_archive("/", file()).no_overwrite_dir_non_dir(false).await.expect("replaced");
    assert!(container.stat_path("/thing").await.expect("a file").is_file());
}

// behaviour 47
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_may_only_be_read_is_refused_also_in_the_middle_of_an_upload() {
    let real = Real::with_image().await;
    let volume = Mount::volume(real.name(), "/data");
    let spec = shell("ln -s / /data/out").read_only(true).mount(volume);
    let container = real.create(spec).await;
    container.start().await.expect("started");
    container.wait().await.expect("an exit");
    let small = || Tar::default().file("x", b"x").end();
    container.put_archive("/data", small()).await.expect("the volume may be written");
    for path in ["/", "/data/out"] {
        let error = container.put_archive(path, small()).await.expect_err("read-only");
        assert!(is_read_only(&error), "{path}: {error}");
        let endless = Upload::stream(pieces(u64::MAX, 64 << 10));
        let call = container.put_archive(path, endless).into_future();
        let refused = tokio::time::timeout(Duration::from_secs(30), call).await.expect("it ends");
        let error = refused.expect_err("read-only");
        assert!(is_read_only(&error), "{path}: {error}");
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn large_files_stream_both_ways() {
    const PIECE: u64 = 64 << 10;
    const LENGTH: u64 = 512 * PIECE;
    let real = Real::with_image().await;
    let container = real.create(shell("true")).await;
    let head = std::io::Cursor::new(header("large", b'0', 0, LENGTH, ""));
    let contents = tokio::io::AsyncReadExt::take(tokio::io::repeat(7), LENGTH);
    let end = std::io::Cursor::new(vec![0; 1024]);
    let tar = AsyncReadExt::chain(AsyncReadExt::chain(head, contents), end);
    container.put_archive("/", Upload::reader(tar)).await.expect("unpacked");
    let mut archive = container.get_archive("/large").await.expect("an archive");
    assert_eq!(u64::try_from(archive.stat().size).expect("a size"), LENGTH);
    let length = tokio::io::copy(&mut archive, &mut tokio::io::sink()).await.expect("all of it");
    assert!(length > LENGTH);
    let mut export = container.export().await.expect("an export");
    let mut length = 0;
    while let Some(piece) = export.next().await {
        length += piece.expect("a piece").len() as u64;
    }
    assert!(length > LENGTH && length % 512 == 0, "{length}");
    drop(container.export().await.expect("an export")); // the engine gives up, and unlocks the container
    container.remove().await.expect("removed");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn an_upload_that_fails_fails_the_call() {
    let real = Real::with_image().await;
    let container = real.create(shell("true")).await;
    let failing = pieces(3, 512).then(End::Error(std::io::Error::other("the disk is on fire")));
    let error = container.put_archive("/", Upload::stream(failing)).await.expect_err("it failed");
    assert!(error.message() == "the upload failed: the disk is on fire" || error.status() == Some(500), "{error}");
    container.put_archive("/", Tar::default().file("x", b"x").end()).await.expect("the next one does not");
}
