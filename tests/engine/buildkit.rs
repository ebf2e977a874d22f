//! Builds by BuildKit, on a real engine.

#![cfg(feature = "buildkit")]

use crate::support::again::{Setting, again, is_again, is_alone};
use crate::support::builds::context;
use crate::support::dockerd::Dockerd;
use crate::support::guarded::{Guarded, PASSWORD, USER};
use crate::support::real::{Real, beside_removals, image, until};
use longshore::deploy::{Run, Step};
use longshore::image::{Build, BuildCache, BuildOutput, BuildSecret, BuildSsh, BuildTrace};
use longshore::stream::BuildStatus;
use longshore::system::BuilderVersion;
use longshore::{Credentials, Docker, ErrorKind, Version};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// The engine, unless it has no BuildKit.
async fn engine(test: &str) -> Option<Real> {
    let real = Real::with_image().await;
    if real.is_podman().await {
        eprintln!("skipped {test}: Podman does not support BuildKit");
        return None;
    }
    Some(real)
}

fn build(real: &Real, folder: &Path) -> (Build, String) {
    let name = format!("{}:1", real.name());
    (real.docker.images().build(folder).tag(name.as_str()).builder(BuilderVersion::BuildKit), name)
}

/// Another name for the test's image. Builds at the same time share steps on the same image, and one without a cache all the others'.
async fn own_image(real: &Real, folder: &Path) {
    let name = format!("{}:base", real.name());
    real.docker.image(image()).tag(name.as_str()).await.expect("a tag");
    let dockerfile = fs::read_to_string(folder.join("Dockerfile")).expect("a Dockerfile").replace(&image(), &name);
    fs::write(folder.join("Dockerfile"), dockerfile).expect("written");
}

/// Builds to the end, and gives all that was told.
async fn traced(call: Build) -> (BuildTrace, Vec<BuildStatus>, longshore::Result<()>) {
    let (mut trace, mut all) = (BuildTrace::default(), Vec::new());
    let mut steps = match call.stream().await {
        Ok(steps) => steps,
        Err(error) => return (trace, all, Err(error)),
    };
    while let Some(step) = steps.next().await {
        match step {
            Ok(step) => {
                if let Some(status) = step.build_status {
                    trace.note(&status);
                    all.push(*status);
                }
            }
            Err(error) => return (trace, all, Err(error)),
        }
    }
    (trace, all, Ok(()))
}

fn names(trace: &BuildTrace) -> Vec<&str> {
    trace.steps().iter().map(|step| step.vertex.name.as_str()).collect()
}

/// Whether a process of this machine has this in its command line.
fn runs(words: &str) -> bool {
    let processes = fs::read_dir("/proc").expect("processes").filter_map(Result::ok);
    processes
        .filter_map(|process| fs::read(process.path().join("cmdline")).ok())
        .any(|line| String::from_utf8_lossy(&line).replace('\0', " ").contains(words))
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_folder_is_built_and_its_steps_are_told() {
    let Some(real) = engine("a_folder_is_built_and_its_steps_are_told").await else { return };
    let files = [
        (".dockerignore", "secret\n*.log\n!keep.log\n"),
        ("secret", "no"),
        ("x.log", ""),
        ("keep.log", ""),
        ("src/ü x", "text"),
    ];
    let folder = context("COPY . /context/\nRUN echo one; echo two >&2; sleep 0.1\nRUN find /context | sort", &files);
    symlink("src", folder.path().join("link")).expect("a link");
    fs::hard_link(folder.path().join("src/ü x"), folder.path().join("z")).expect("a hard link");
    fs::set_permissions(folder.path().join("keep.log"), fs::Permissions::from_mode(0o750)).expect("a mode");
    own_image(&real, folder.path()).await;
    let (call, name) = build(&real, folder.path());
    let (trace, _, outcome) = traced(call.no_cache(true)).await;
    outcome.expect("built");
    assert!(names(&trace).iter().any(|name| name.contains("RUN echo one")), "{:?}", names(&trace));
    let run = trace.steps().iter().find(|step| step.vertex.name.contains("echo one")).expect("a step");
    let mut lines: Vec<_> = run.last_lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["one", "two"]);
    assert!(run.vertex.completed.is_some() && !run.vertex.cached && !run.vertex.inputs.is_empty());
    assert!(run.duration(longshore::Timestamp::now()) >= Duration::from_millis(100));
    let listed = real.print(&name, "cd /context; find . | sort; readlink link; stat -c '%a %u' keep.log; cat z").await;
    let listed: Vec<_> = listed.lines().collect();
    assert_eq!(
        listed,
        [
            ".",
            "./.dockerignore",
            "./Dockerfile",
            "./keep.log",
            "./link",
            "./src",
            "./src/ü x",
            "./z",
            "src",
            "750 0",
            "text"
        ]
    );

    // The same again is all there.
    build(&real, folder.path()).0.await.expect("built");
    let (call, _) = build(&real, folder.path());
    let (trace, ..) = traced(call).await;
    let cached = trace.steps().iter().filter(|step| step.vertex.cached).count();
    assert!(cached >= 3, "{:?}", names(&trace));
    let id = build(&real, folder.path()).0.await.expect("built").id;
    assert!(id.starts_with("sha256:") && id.len() == 71, "{id}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_changed_file_is_sent_alone() {
    let Some(real) = engine("a_changed_file_is_sent_alone").await else { return };
    let folder = context("COPY . /context/", &[("a", "small"), ("excluded", "")]);
    fs::write(folder.path().join("large"), vec![b'x'; 3 << 20]).expect("written");
    fs::write(folder.path().join(".dockerignore"), "excluded").expect("written");
    let sent = async || {
        let (call, _) = build(&real, folder.path());
        let (_, all, outcome) = traced(call).await;
        outcome.expect("built");
        let of_context = |status: &&longshore::stream::VertexStatus| status.id.starts_with("transferring context");
        all.iter().flat_map(|status| &status.statuses).filter(of_context).map(|status| status.current).max()
    };
    assert!(sent().await.expect("told") > 3 << 20);
    fs::write(folder.path().join("a"), "changed").expect("written");
    let changed = sent().await.expect("told");
    assert!(changed < 100 << 10, "{changed}");
    let nothing = sent().await.unwrap_or_default();
    assert!(nothing < 100 << 10, "{nothing}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_linked_dockerfile_has_its_own_ignore_file() {
    let Some(real) = engine("a_linked_dockerfile_has_its_own_ignore_file").await else { return };
    let folder = context("COPY . /context/", &[("a", ""), ("b", ""), (".dockerignore", "a")]);
    fs::create_dir(folder.path().join("docker")).expect("made");
    fs::rename(folder.path().join("Dockerfile"), folder.path().join("docker/web")).expect("moved");
    symlink("docker/web", folder.path().join("Dockerfile")).expect("a link");
    fs::write(folder.path().join("Dockerfile.dockerignore"), "b\n*ocker*").expect("written");
    let (call, name) = build(&real, folder.path());
    call.await.expect("built");
    assert_eq!(real.print(&name, "ls -A /context").await, "a\n");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn two_files_behind_one_link_are_sent() {
    let Some(real) = engine("two_files_behind_one_link_are_sent").await else { return };
    let folder = context("COPY link/a link/b /", &[("real/a", ""), ("real/b", ""), ("real/c", "")]);
    symlink("real", folder.path().join("link")).expect("a link");
    let (call, _) = build(&real, folder.path());
    call.await.expect("both are sent");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn very_many_files_are_sent_and_exported() {
    const COUNT: usize = 8000;
    let Some(real) = engine("very_many_files_are_sent_and_exported").await else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let dockerfile = format!(
        "FROM {}\nCOPY . /context/\nRUN ls /context/files | wc -l\nFROM scratch\nCOPY --from=0 /context/files /\n",
        image()
    );
    fs::write(folder.path().join("Dockerfile"), dockerfile).expect("written");
    fs::create_dir(folder.path().join("files")).expect("made");
    (0..COUNT).for_each(|number| {
        fs::write(folder.path().join(format!("files/{number}")), number.to_string()).expect("written");
    });
    let out = tempfile::tempdir().expect("a folder");
    let (call, _) = build(&real, folder.path());
    let (trace, _, outcome) = traced(call.no_cache(true).output(BuildOutput::folder(out.path()))).await;
    outcome.expect("exported");
    assert!(trace.steps().iter().any(|step| step.last_lines().eq([COUNT.to_string().as_str()])));
    assert_eq!(fs::read_dir(out.path()).expect("a folder").count(), COUNT);
    assert_eq!(fs::read_to_string(out.path().join("7999")).expect("a file"), "7999");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_secret_is_read_by_whom_it_is_for_and_nowhere_else() {
    let Some(real) = engine("a_secret_is_read_by_whom_it_is_for_and_nowhere_else").await else { return };
    let line = "RUN --mount=type=secret,id=token test \"$(cat /run/secrets/token)\" = hunter2-of-the-build && echo it is known\n\
                RUN --mount=type=secret,id=none test ! -e /run/secrets/none";
    let folder = context(line, &[("token", "hunter2-of-the-build")]);
    fs::write(folder.path().join(".dockerignore"), "token").expect("written");
    for secret in
        [BuildSecret::value("token", "hunter2-of-the-build"), BuildSecret::file("token", folder.path().join("token"))]
    {
        let (call, name) = build(&real, folder.path());
        let call = call.no_cache(true).secret(secret);
        assert!(!format!("{call:?}").contains("hunter2"), "{call:?}");
        let (trace, all, outcome) = traced(call).await;
        outcome.expect("built");
        assert!(!format!("{trace:?}{all:?}").replace("= hunter2-of-the-build", "").contains("hunter2-of-the-build"));
        let mut archive = real.docker.image(&name).save().await.expect("an archive");
        let mut bytes = Vec::new();
        while let Some(piece) = archive.next().await {
            bytes.extend_from_slice(&piece.expect("a piece"));
        }
        let found = bytes.windows(20).filter(|window| *window == b"hunter2-of-the-build").count();
        let in_history = bytes.windows(22).filter(|window| *window == b"= hunter2-of-the-build").count();
        assert_eq!(found, in_history, "the Dockerfile says it, and nothing else");
    }

    let folder = context("RUN --mount=type=secret,id=token,required=true cat /run/secrets/token; exit 3", &[]);
    let (call, _) = build(&real, folder.path());
    let error = call.no_cache(true).secret(BuildSecret::value("token", "hunter2")).await.expect_err("it fails");
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("exit code: 3") && !shown.contains("hunter2"), "{shown}");
    let error = build(&real, folder.path()).0.await.expect_err("it is required");
    assert!(error.message().contains("secret token"), "{error}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_failing_step_is_named_with_its_last_lines() {
    let Some(real) = engine("a_failing_step_is_named_with_its_last_lines").await else { return };
    let folder = context("RUN for i in $(seq 20); do echo line $i; done; exit 9", &[]);
    let (call, name) = build(&real, folder.path());
    let error = call.no_cache(true).await.expect_err("it fails");
    assert_eq!((error.kind(), error.status()), (ErrorKind::Stream, None), "{error}");
    let words = error.message();
    assert!(
        words.contains("RUN for i in") && words.contains("exit code: 9") && words.ends_with("| line 20"),
        "{words}"
    );
    assert!(words.contains("| line 11") && !words.contains("| line 10"), "{words}");
    assert!(real.docker.image(name).inspect().await.expect_err("there is none").is_not_found());

    let folder = context("COPY nix /x", &[]);
    let error = build(&real, folder.path()).0.await.expect_err("it fails");
    assert!(error.message().contains("nix") && error.message().contains("not found"), "{error}");
    let folder = context("NOPE", &[]);
    let error = build(&real, folder.path()).0.await.expect_err("it fails");
    assert!(error.message().contains("unknown instruction: NOPE"), "{error}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_ends_early_leaves_nothing_running() {
    let Some(real) = engine("what_ends_early_leaves_nothing_running").await else { return };
    let seconds = format!("sleep 98{}", std::process::id());
    let folder = context(&format!("RUN {seconds}"), &[]);
    let begun = async |call: Build| {
        let mut steps = call.no_cache(true).stream().await.expect("a stream");
        while !runs(&seconds) {
            // Nothing is told while it runs, so that a step may be long in coming.
            let _ = tokio::time::timeout(Duration::from_millis(50), steps.next()).await;
        }
        steps
    };
    let id = real.name();
    let mut steps = begun(build(&real, folder.path()).0.id(&id)).await;
    real.docker.images().cancel_build(&id).await.expect("cancelled");
    let error = loop {
        match steps.next().await.expect("no end without an error") {
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert!(error.message().contains("canceled"), "{error}");
    until("the cancelled step is gone", || async { !runs(&seconds) }).await;
    real.docker.images().cancel_build("nobody").await.expect("nothing to cancel");

    drop(begun(build(&real, folder.path()).0).await);
    until("the dropped step is gone", || async { !runs(&seconds) }).await;
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_private_base_image_is_pulled_with_what_is_known_of_its_registry() {
    const TEST: &str = "buildkit::a_private_base_image_is_pulled_with_what_is_known_of_its_registry";
    if is_again().is_none() {
        let guarded = Guarded::start();
        let auth =
            r#"{"auths":{"#.to_owned() + &format!(r#""{}":{{"auth":"dTpwP2E/cz9zPw=="}}"#, guarded.address) + "}}";
        return again(TEST, &Setting::new(&auth), &[("LONGSHORE_TEST_GUARDED", &guarded.address)]);
    }
    let Some(real) = engine(TEST).await else { return };
    let address = std::env::var("LONGSHORE_TEST_GUARDED").expect("a registry");
    let name = format!("{address}/{}:1", real.name());
    let ours = Credentials::password(USER, PASSWORD).server(&address);
    real.docker.image(image()).tag(name.as_str()).await.expect("a tag");
    real.docker.image(&name).push().credentials(&ours).await.expect("pushed");
    real.docker.image(&name).remove().await.expect("removed");
    let folder = context("RUN true", &[]);
    fs::write(folder.path().join("Dockerfile"), format!("FROM {name}\nRUN true\n")).expect("written");
    let (call, _) = build(&real, folder.path());
    call.no_cache(true).pull(true).await.expect("built with those of config.json");
    let (call, _) = build(&real, folder.path());
    let wrong = Credentials::password(USER, "wrong");
    let error = call.no_cache(true).pull(true).credentials(&address, wrong).await.expect_err("wrong ones");
    assert!(error.message().contains("401 Unauthorized") || error.message().contains("authorization"), "{error}");
}

/// A real agent with a key of its own.
struct RealAgent {
    process: std::process::Child,
    folder: TempDir,
}

impl RealAgent {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let key = folder.path().join("key");
        let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key).status();
        assert!(made.expect("ssh-keygen").success());
        let socket = folder.path().join("agent");
        let process = Command::new("ssh-agent").arg("-D").arg("-a").arg(&socket).stdout(Stdio::null()).spawn();
        let agent = Self { process: process.expect("ssh-agent"), folder };
        while !Command::new("ssh-add")
            .arg("-q")
            .arg(&key)
            .env("SSH_AUTH_SOCK", &socket)
            .stderr(Stdio::null())
            .status()
            .expect("ssh-add")
            .success()
        {
            std::thread::sleep(Duration::from_millis(10));
        }
        agent
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for RealAgent {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Copies a program of this machine's, and the libraries that it needs, to where they are in a root.
fn install(program: &str, root: &Path) {
    let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).output().expect("a shell").stdout;
    let program = String::from_utf8(found).expect("a path").trim().to_owned();
    let needed = Command::new("ldd").arg(&program).output().expect("ldd").stdout;
    let needed = String::from_utf8(needed).expect("paths");
    let libraries = needed.split_whitespace().filter(|word| word.starts_with('/')).map(str::to_owned);
    for file in libraries.chain([program]) {
        let to = root.join(file.trim_start_matches('/'));
        fs::create_dir_all(to.parent().expect("a folder")).expect("made");
        fs::copy(&file, to).expect("copied");
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_step_asks_the_callers_ssh_agent() {
    let Some(real) = engine("a_step_asks_the_callers_ssh_agent").await else { return };
    let agent = RealAgent::start();
    let folder = context("COPY root /\nRUN --mount=type=ssh,required=true ssh-add -l", &[]);
    install("ssh-add", &folder.path().join("root"));
    let key = fs::read_to_string(agent.path("key.pub")).expect("a key");
    let fingerprint =
        Command::new("ssh-keygen").arg("-lf").arg(agent.path("key.pub")).output().expect("ssh-keygen").stdout;
    let fingerprint = String::from_utf8_lossy(&fingerprint).split(' ').nth(1).expect("a fingerprint").to_owned();
    assert!(key.starts_with("ssh-ed25519") && fingerprint.starts_with("SHA256:"));
    for ssh in [BuildSsh::socket(agent.path("agent")), BuildSsh::key(agent.path("key"))] {
        let (call, _) = build(&real, folder.path());
        let (trace, _, outcome) = traced(call.no_cache(true).ssh(ssh)).await;
        outcome.expect("built");
        let said = trace.steps().iter().any(|step| step.all_text().contains(&fingerprint));
        assert!(said, "{trace:?}");
    }
    let error = build(&real, folder.path()).0.no_cache(true).await.expect_err("there is none");
    assert!(error.kind() == ErrorKind::Stream, "{error}");
    let (call, _) = build(&real, folder.path());
    let error = call.ssh(BuildSsh::socket("/nowhere")).await.expect_err("no agent");
    assert!(error.is_invalid() && error.message().contains("/nowhere"), "{error}");
    let (call, _) = build(&real, folder.path());
    let error = call.ssh(BuildSsh::key("/nowhere")).await.expect_err("no key");
    assert!(error.is_invalid() && error.message().contains("ssh-add refused the SSH key /nowhere"), "{error}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn results_are_exported_to_folders_and_archives() {
    let Some(real) = engine("results_are_exported_to_folders_and_archives").await else { return };
    let stage = "RUN mkdir -p /out/a/b && echo text >/out/a/b/file && chmod 640 /out/a/b/file && ln -s b /out/a/link && ln /out/a/b/file /out/hard && dd if=/dev/zero of=/out/large bs=1M count=5 && chmod 500 /out/a/b && touch -d '2020-01-01 00:00:00' /out/hard\n\
                 FROM scratch\nCOPY --from=0 /out /";
    let folder = context(stage, &[]);
    let out = tempfile::tempdir().expect("a folder");
    let target = out.path().join("result");
    fs::create_dir(&target).expect("made");
    fs::write(target.join("stays"), "").expect("written");
    symlink("/nowhere", target.join("large")).expect("a link");
    let (call, _) = build(&real, folder.path());
    let result = call.output(BuildOutput::folder(&target)).await.expect("exported");
    assert_eq!(result.id, "");
    assert_eq!(fs::read_to_string(target.join("a/b/file")).expect("a file"), "text\n");
    assert_eq!(fs::read_link(target.join("a/link")).expect("a link").to_str(), Some("b"));
    assert_eq!(fs::metadata(target.join("large")).expect("a file").len(), 5 << 20);
    assert_eq!(fs::metadata(target.join("a/b")).expect("a folder").mode() & 0o777, 0o500);
    let (file, hard) =
        (fs::metadata(target.join("a/b/file")).expect("a file"), fs::metadata(target.join("hard")).expect("a file"));
    assert_eq!(hard.mtime(), 1_577_836_800);
    assert!(file.ino() == hard.ino() || file.len() == hard.len());
    assert!(target.join("stays").exists());

    let archive = out.path().join("result.tar");
    let (call, _) = build(&real, folder.path());
    call.output(BuildOutput::tar(&archive)).await.expect("exported");
    let listed = Command::new("tar").arg("-tf").arg(&archive).output().expect("tar");
    assert!(String::from_utf8_lossy(&listed.stdout).contains("a/b/file"), "{listed:?}");
    let there = fs::read_dir(out.path()).expect("a folder").count();
    assert_eq!(there, 2, "no part is left");

    let (call, name) = build(&real, folder.path());
    let built = call.output("type=image,compression=gzip").await.expect("no containerd image store is needed");
    assert_eq!(real.docker.image(&name).inspect().await.expect("an image").id, built.id);

    let (call, _) = build(&real, folder.path());
    let error = call.output(BuildOutput::tar("/nowhere/result.tar")).await.expect_err("no folder");
    assert!(error.message().contains("cannot export to /nowhere/result.tar"), "{error}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_cache_mount_stays() {
    let Some(real) = engine("a_cache_mount_stays").await else { return };
    let id = real.name();
    let folder = context(
        &format!(
            "ARG RUN\nRUN --mount=type=cache,id={id},target=/cache : {id}; echo x >>/cache/runs; wc -l </cache/runs"
        ),
        &[],
    );
    for run in ["1", "2"] {
        let (call, _) = build(&real, folder.path());
        let (trace, _, outcome) = traced(call.build_arg("RUN", run)).await;
        outcome.expect("built");
        assert!(trace.steps().iter().any(|step| step.last_lines().eq([run])), "{run}: {trace:?}");
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn instructions_of_today_are_built() {
    let Some(real) = engine("instructions_of_today_are_built").await else { return };
    if real.api_version().await < Version::new(1, 45) {
        eprintln!("skipped instructions_of_today_are_built: 20.10's BuildKit has them by another frontend alone");
        return;
    }
    let lines = "RUN <<EOF\necho here\necho there\nEOF\nCOPY --link --chmod=600 a /a\nCOPY <<text /b\nwritten here\ntext\nRUN --network=none ! wget -T 1 -q http://127.0.0.1:1\n\
                 FROM scratch AS left\nCOPY a /left\nFROM scratch AS right\nCOPY a /right\nFROM 0\n";
    let lines = lines.replace(
        "FROM 0\n",
        &format!("FROM {}\nCOPY --from=left / /\nCOPY --from=right / /\nCOPY --from=0 /a /b /\n", image()),
    );
    let folder = context(&lines, &[("a", "x")]);
    let (call, name) = build(&real, folder.path());
    call.no_cache(true).await.expect("built");
    assert_eq!(real.print(&name, "cat /left /right /b; stat -c %a /a").await, "xxwritten here\n600\n");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_large_context_is_sent_in_little_memory() {
    const LENGTH: u64 = 2 << 30;
    if !is_alone("buildkit::a_large_context_is_sent_in_little_memory") {
        return;
    }
    let peak = || {
        let status = fs::read_to_string("/proc/self/status").expect("the kernel's word");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line").trim().to_owned();
        line.trim_end_matches(" kB").parse::<u64>().expect("a number") << 10
    };
    let Some(real) = engine("a_large_context_is_sent_in_little_memory").await else { return };
    let folder = context("RUN --mount=type=bind,target=/context wc -c </context/large", &[]);
    fs::File::create(folder.path().join("large")).expect("a file").set_len(LENGTH).expect("its length");
    let (call, _) = build(&real, folder.path());
    let (trace, _, outcome) = traced(call.no_cache(true)).await;
    outcome.expect("built");
    assert!(trace.steps().iter().any(|step| step.last_lines().eq([LENGTH.to_string().as_str()])), "{trace:?}");
    assert!(peak() < 64 << 20, "{} MiB", peak() >> 20);
    let kept = real.docker.disk_usage().verbose(true).await.map(|usage| usage.build_cache.items).unwrap_or_default();
    for record in kept.iter().filter(|record| record.size >= 2 << 30) {
        real.docker.images().prune_build_cache().all(true).id(&record.id).await.expect("the folder's copy removed");
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_cannot_be_sent_is_named() {
    let Some(real) = engine("what_cannot_be_sent_is_named").await else { return };
    let folder = context("COPY . /context/", &[("a", "")]);
    let socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket")).expect("a socket");
    build(&real, folder.path()).0.await.expect("a socket is left out");
    drop(socket);
    let name = std::ffi::OsString::from_vec(b"bad\xff".to_vec());
    fs::write(folder.path().join(name), "").expect("written");
    let error = build(&real, folder.path()).0.await.expect_err("no UTF-8");
    assert!(error.message().contains("its name is not UTF-8"), "{error}");

    let folder = context("COPY ../outside /", &[]);
    let error = build(&real, folder.path()).0.await.expect_err("outside");
    assert!(error.message().contains("outside") && error.message().contains("not found"), "{error}");
    let empty = tempfile::tempdir().expect("a folder");
    let error = build(&real, empty.path()).0.await.expect_err("no Dockerfile");
    assert!(error.is_invalid() && error.message().starts_with("there is no Dockerfile"), "{error}");
    let call = build(&real, folder.path()).0.secret(BuildSecret::file("x", "/nowhere"));
    let error = call.await.expect_err("no secret");
    assert!(error.is_invalid() && error.message().contains("cannot read the secret \"x\" from /nowhere"), "{error}");
}

use std::os::unix::ffi::OsStringExt;

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn an_engine_that_is_killed_ends_the_build() {
    let real = Real::with_image().await;
    let Some(engine) = Dockerd::start("an_engine_that_is_killed_ends_the_build", &real.docker, &image(), None).await
    else {
        return;
    };
    let docker: &Docker = &engine.docker;
    let seconds = format!("sleep 97{}", std::process::id());
    let folder = context(&format!("RUN {seconds}"), &[]);
    let mut steps =
        docker.images().build(folder.path()).builder(BuilderVersion::BuildKit).stream().await.expect("a stream");
    while !runs(&seconds) {
        let _ = tokio::time::timeout(Duration::from_millis(50), steps.next()).await;
    }
    engine.kill();
    let error = loop {
        match steps.next().await.expect("no end without an error") {
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
    assert!(steps.next().await.is_none());
    engine.until_up().await;
}

/// Whether the engine stores images as containerd does, and so those of several platforms.
async fn solves(real: &Real, test: &str) -> bool {
    let has = real.has_containerd_store().await;
    if !has {
        eprintln!("skipped a part of {test}: the engine has not the containerd image store");
    }
    has
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn contexts_have_names_and_results_go_to_several_places() {
    let Some(real) = engine("contexts_have_names_and_results_go_to_several_places").await else { return };
    let (folder, docs) =
        (context("COPY --from=docs page /page\nRUN cat /page", &[]), tempfile::tempdir().expect("a folder"));
    if real.api_version().await < Version::new(1, 42) {
        let error = build(&real, folder.path()).0.named_context("docs", docs.path()).await.expect_err("20.10");
        assert!(error.is_version() && error.message().contains("does not support named contexts"), "{error}");
        return;
    }
    fs::write(docs.path().join("page"), "of another folder").expect("written");
    fs::write(docs.path().join("more"), "not asked for").expect("written");
    let (call, name) = build(&real, folder.path());
    let (trace, _, outcome) =
        traced(call.no_cache(true).named_context("docs", docs.path()).label("a", "b").target("").build_arg("X", "y"))
            .await;
    outcome.expect("built");
    assert!(trace.steps().iter().any(|step| step.all_text() == "of another folder"), "{:?}", names(&trace));
    assert_eq!(real.print(&name, "cat /page").await, "of another folder");
    let labels = real.docker.image(&name).inspect().await.expect("an image").config.expect("its settings").labels;
    assert_eq!(labels.get("a").map(String::as_str), Some("b"));

    // An archive as the context, and nothing kept.
    let archive =
        Command::new("tar").arg("-C").arg(folder.path()).args(["-cf", "-", "."]).output().expect("tar").stdout;
    let call = real.docker.images().build(archive).named_context("docs", docs.path()).output(BuildOutput::nothing());
    assert_eq!(call.await.expect("built").id, "");

    let call = build(&real, folder.path()).0.named_context("docs", Path::new("/nowhere"));
    let error = call.await.expect_err("no folder");
    assert!(error.is_invalid() && error.message().contains("/nowhere"), "{error}");
    let folder = context("COPY --from=docs page /page\nRUN echo so far; exit 7", &[]);
    let error = build(&real, folder.path()).0.named_context("docs", docs.path()).await.expect_err("it fails");
    assert!(error.message().contains("exit code: 7") && error.message().ends_with("| so far"), "{error}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn one_image_is_built_for_several_platforms() {
    const TEST: &str = "one_image_is_built_for_several_platforms";
    let Some(real) = engine(TEST).await else { return };
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("Dockerfile"), "FROM scratch\nARG TARGETARCH\nCOPY $TARGETARCH /arch\n")
        .expect("written");
    fs::write(folder.path().join("amd64"), "amd64").expect("written");
    fs::write(folder.path().join("arm64"), "arm64").expect("written");
    let (call, name) = build(&real, folder.path());
    let call = call.platform("linux/amd64").platform("linux/arm64");
    if !solves(&real, TEST).await {
        let error = call.await.expect_err("one platform alone");
        assert!(error.message().contains("platform") || error.message().contains("multiple references"), "{error}");
        return;
    }
    let out = tempfile::tempdir().expect("a folder");
    let archive = out.path().join("image.tar");
    let call = call
        .output(BuildOutput::image())
        .output(BuildOutput::oci(&archive))
        .output(BuildOutput::folder(out.path().join("files")));
    let built = call.attestation("provenance", "mode=min").await.expect("built");
    let inspected = real.docker.image(&name).inspect().await.expect("an image");
    assert_eq!(inspected.id, built.id);
    let list = || async { real.docker.images().list().manifests(true).await };
    let listed = beside_removals(list).await.expect("images");
    let image = listed.into_iter().find(|image| image.id == built.id).expect("the image");
    let platforms: Vec<_> = image
        .manifests
        .iter()
        .filter_map(|manifest| Some(manifest.image_data.as_ref()?.platform.architecture.clone()))
        .collect();
    assert_eq!(platforms, ["amd64", "arm64"]);
    // Without a pull it goes on as far as it can: this image has no command.
    let failure = Run::new(name.as_str()).platform("linux/arm64").start(&real.docker).await.expect_err("no command");
    assert_eq!(failure.step(), Step::Create, "{failure}");
    let index = Command::new("tar").arg("-xOf").arg(&archive).arg("index.json").output().expect("tar");
    assert!(String::from_utf8_lossy(&index.stdout).contains("manifests"), "{index:?}");
    assert_eq!(fs::read_to_string(out.path().join("files/linux_arm64/arch")).expect("a file"), "arm64");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn results_are_kept_for_another_engine() {
    const TEST: &str = "results_are_kept_for_another_engine";
    let Some(real) = engine(TEST).await else { return };
    let registry = crate::support::real::variable("LONGSHORE_TEST_REGISTRY");
    let unique = real.name();
    let folder = context(&format!("RUN echo {unique} >/it"), &[]);
    own_image(&real, folder.path()).await;
    let (call, _) = build(&real, folder.path());
    let place = format!("{registry}/{}:cache", real.name());
    let here = tempfile::tempdir().expect("a folder");
    let own = || BuildCache::folder(here.path().join("cache"));
    // Nothing is to be taken from the folder yet.
    let call = call.cache_to(BuildCache::registry(&place).all_steps()).cache_from(own()).cache_to(own().all_steps());
    if !solves(&real, TEST).await {
        let error = call.await.expect_err("no such exporter");
        assert!(error.message().contains("cache export") || error.message().contains("exporter"), "{error}");
        return;
    }
    call.await.expect("built");
    for cache in [BuildCache::registry(&place), own()] {
        // Engines remove what was pruned some time later, and build anew what is taken from a cache at that time.
        let mut is_cached = false;
        for _ in 0..5 {
            while !pruned(&real, &unique).await {}
            let (call, _) = build(&real, folder.path());
            let (trace, _, outcome) = traced(call.cache_from(cache.clone())).await;
            outcome.expect("built");
            let run = trace.steps().iter().find(|step| step.vertex.name.contains("RUN echo")).expect("a step");
            is_cached |= run.vertex.cached;
        }
        assert!(is_cached, "{cache:?}");
    }
}

/// Removes what the engine has of a step itself, and nothing that other tests have; tells whether there was nothing any more.
async fn pruned(real: &Real, words: &str) -> bool {
    // Containerd's store answers 404 if something is removed while it counts.
    let usage = match real.docker.disk_usage().verbose(true).await {
        Err(error) if error.is_not_found() => return false,
        usage => usage.expect("the engine's disk"),
    };
    let kept = usage.build_cache.items;
    let kept: Vec<_> = kept.iter().filter(|record| record.description.contains(words)).collect();
    for record in &kept {
        real.docker.images().prune_build_cache().all(true).id(&record.id).await.expect("pruned");
    }
    kept.is_empty()
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn podman_is_no_buildkit() {
    let real = Real::with_image().await;
    if !real.is_podman().await {
        return;
    }
    let folder = context("RUN true", &[]);
    let error = build(&real, folder.path()).0.await.expect_err("it has none");
    assert!(error.is_version() && error.message().contains("does not support BuildKit"), "{error}");
}
