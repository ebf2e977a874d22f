//! What is built from: folders, archives and URLs, on a real engine.

#![cfg(feature = "tar")]

use crate::support::again::is_alone;
use crate::support::builds::context;
use crate::support::real::{Real, image};
use longshore::Upload;
use longshore::image::BuildContext;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn copies_and_runs() {
    let real = Real::with_image().await;
    let folder = context(
        "COPY greeting run.sh /\nRUN /run.sh >/out",
        &[("greeting", "hello"), ("run.sh", "#!/bin/sh\ncat /greeting; ls -ln /greeting")],
    );
    fs::set_permissions(folder.path().join("run.sh"), fs::Permissions::from_mode(0o755)).expect("a mode");
    let (call, name) = real.build(folder.path());
    let built = call.await.expect("built");
    assert_eq!(real.docker.image(&name).inspect().await.expect("an image").id, built.id, "it is the tagged one's");
    let out = real.print(&name, "cat /out").await;
    assert!(out.starts_with("hello-rw-r--r--    1 0        0 "), "{out}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn builds_from_scratch_and_from_an_archive_of_ones_own() {
    let real = Real::engine();
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("Dockerfile"), "FROM scratch\nCOPY Dockerfile /\n").expect("written");
    let archive =
        std::process::Command::new("tar").args(["-cz", "-C"]).arg(folder.path()).arg(".").output().expect("tar");
    let (call, name) = real.build(Upload::reader(std::io::Cursor::new(archive.stdout)));
    let built = call.await.expect("built");
    assert_eq!(real.docker.image(&name).inspect().await.expect("an image").id, built.id);
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn the_ignore_file_is_honoured() {
    let real = Real::with_image().await;
    let ignore = "# all but\n*\n!src/\n**/*.o\n!Dockerfile\n!keep/**/important\n";
    let files = [
        (".dockerignore", ignore),
        ("src/main.c", ""),
        ("src/main.o", ""),
        ("src/deep/er/x.o", ""),
        ("src/deep/er/x.c", ""),
        ("keep/a/important", ""),
        ("keep/a/other", ""),
        ("secret", ""),
    ];
    let folder = context("COPY . /context/", &files);
    symlink("main.c", folder.path().join("src/link")).expect("a link");
    let (call, name) = real.build(folder.path());
    call.await.expect("built");
    let listed = real.print(&name, "cd /context; find . | sort; readlink src/link").await;
    let expected = "./Dockerfile ./keep ./keep/a ./keep/a/important ./src ./src/deep ./src/deep/er ./src/deep/er/x.c ./src/link ./src/main.c main.c";
    assert_eq!(listed.split_whitespace().collect::<Vec<_>>().join(" "), format!(". {expected}"));
}

/// The engine takes the Dockerfile and the ignore file out, if they are ignored.
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn an_ignored_dockerfile_is_read_and_not_copied() {
    let real = Real::with_image().await;
    let files = [
        ("docker/web", ""),
        ("docker/web.dockerignore", "docker\nb\n.dockerignore"),
        (".dockerignore", "a"),
        ("a", ""),
        ("b", ""),
    ];
    let folder = context("COPY . /context/", &files);
    fs::copy(folder.path().join("Dockerfile"), folder.path().join("docker/web")).expect("copied");
    for (dockerfile, expected) in [
        ("docker/web", ". ./Dockerfile ./a"),
        ("Dockerfile", ". ./.dockerignore ./Dockerfile ./b ./docker ./docker/web ./docker/web.dockerignore"),
    ] {
        let (call, name) = real.build(folder.path());
        call.dockerfile(dockerfile).await.expect("built");
        let listed = real.print(&name, "cd /context; find . -not -path ./docker -o -name docker | sort").await;
        let listed: Vec<_> =
            listed.split_whitespace().filter(|path| !(dockerfile == "docker/web" && *path == "./docker")).collect();
        assert_eq!(listed.join(" "), expected, "{dockerfile}");
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_large_context_takes_little_memory() {
    const LENGTH: u64 = 200 << 20;
    if !is_alone("builds_context::a_large_context_takes_little_memory") {
        return;
    }
    let real = Real::with_image().await;
    let folder = context("COPY large /large", &[("x", "")]);
    fs::File::create(folder.path().join("large")).expect("a file").set_len(LENGTH).expect("its length");
    let before = peak();
    let (call, name) = real.build(folder.path());
    call.await.expect("built");
    let more = peak() - before;
    assert!(more < 32 << 20, "{} KiB", more >> 10);
    assert_eq!(real.print(&name, "wc -c </large").await.trim(), LENGTH.to_string());
}

/// How much memory this process has had at most, in bytes.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("the kernel's word");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn the_engine_fetches_a_dockerfile_or_an_archive() {
    let real = Real::with_image().await;
    let folder = context("COPY x /x", &[("x", "fetched")]);
    let archive = folder.path().join("context.tar");
    let packed = std::process::Command::new("tar")
        .arg("-cf")
        .arg(&archive)
        .arg("-C")
        .arg(folder.path())
        .args(["Dockerfile", "x"])
        .status();
    assert!(packed.expect("tar").success());
    let server = serve(folder.path());
    let (call, name) = real.build(BuildContext::remote(format!("{server}/context.tar")));
    call.await.expect("built");
    assert_eq!(real.print(&name, "cat /x").await, "fetched");

    fs::write(folder.path().join("Dockerfile.txt"), format!("FROM {}\nRUN echo alone >/x\n", image()))
        .expect("written");
    let (call, name) = real.build(BuildContext::remote(format!("{server}/Dockerfile.txt")));
    call.await.expect("built");
    assert_eq!(real.print(&name, "cat /x").await, "alone\n");

    let error = real.build(BuildContext::remote(format!("{server}/absent"))).0.await.expect_err("404");
    assert!(error.status() >= Some(400), "{error}");
    let error = real.build(BuildContext::remote("nonsense")).0.await.expect_err("no URL");
    assert!(error.status() >= Some(400) && error.message().contains("could not be recognized as URL"), "{error}");
}

/// Serves the files of a folder over HTTP, and tells at which URL.
fn serve(folder: &Path) -> String {
    use std::io::{BufRead, BufReader, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    let folder = folder.to_owned();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut head = BufReader::new(stream.try_clone().expect("a second handle")).lines().map_while(Result::ok);
            let line = head.next().unwrap_or_default();
            while head.next().is_some_and(|line| !line.is_empty()) {}
            let name = line.split(' ').nth(1).unwrap_or_default().trim_start_matches('/');
            let (status, body) =
                fs::read(folder.join(name)).map_or(("404 Not Found", Vec::new()), |body| ("200 OK", body));
            let kind = if Path::new(name).extension().is_some_and(|end| end == "txt") {
                "text/plain"
            } else {
                "application/x-tar"
            };
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            );
            let _ = stream.write_all(&[head.as_bytes(), &body].concat());
        }
    });
    format!("http://{address}")
}
