//! Building, on a real engine.

#![cfg(feature = "tar")]

use crate::support::builds::context;
use crate::support::real::{Real, until, variable};
use longshore::image::Build;
use longshore::system::BuilderVersion;
use longshore::{Credentials, ErrorKind};
use std::fs;
use std::time::Duration;

/// What a build shows, and its error if it fails.
async fn output(call: Build) -> (String, Option<longshore::Error>) {
    let mut steps = call.stream().await.expect("a stream");
    let mut output = String::new();
    while let Some(step) = steps.next().await {
        match step {
            Ok(step) => output += step.stream.as_deref().unwrap_or_default(),
            Err(error) => return (output, Some(error)),
        }
    }
    (output, None)
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn shows_its_output_or_only_the_id() {
    let real = Real::with_image().await;
    let folder = context("RUN echo out; echo err >&2", &[]);
    let (call, name) = real.build(folder.path());
    let (shown, error) = output(call).await;
    assert!(
        error.is_none() && shown.contains("Step 1/2 : FROM ") && shown.contains("out\n") && shown.contains("err\n")
    );
    assert!(shown.ends_with(&format!("Successfully tagged {name}\n")), "{shown}");

    let (call, name) = real.build(folder.path());
    let (shown, _) = output(call.quiet(true)).await;
    assert_eq!(shown.trim(), real.docker.image(&name).inspect().await.expect("an image").id);
    let (call, _) = real.build(folder.path());
    assert!(call.quiet(true).await.expect("built").id.starts_with("sha256:"));
}

/// With the feature `buildkit` and without: then the folder is an archive, and there is no session.
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_folder_is_built_by_buildkit_as_well() {
    let real = Real::with_image().await;
    if real.is_podman().await {
        let folder = context("RUN true", &[]);
        let call = real.docker.images().build(folder.path()).builder(BuilderVersion::BuildKit);
        let error = call.await.expect_err("it has none");
        assert!(error.is_version() && error.message().contains("does not support BuildKit"), "{error}");
        return;
    }
    let folder = context(
        "COPY . /context/\nRUN ls -A /context >/listed",
        &[(".dockerignore", "secret"), ("secret", ""), ("a", "")],
    );
    let name = format!("{}:1", real.name());
    let call = || real.docker.images().build(folder.path()).tag(name.as_str()).builder(BuilderVersion::BuildKit);
    let built = call().label("x", "y").await.expect("built");
    assert_eq!(built.id, real.docker.image(&name).inspect().await.expect("an image").id);
    assert_eq!(real.print(&name, "cat /listed").await, ".dockerignore\nDockerfile\na\n");
    let error = call().target("none").await.expect_err("no such stage");
    assert!(error.message().contains("target stage"), "{error}");
}

// behaviour 54
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_failing_instruction_is_an_error() {
    let real = Real::with_image().await;
    let folder = context("RUN echo going down; exit 137", &[]);
    for quiet in [false, true] {
        let (call, name) = real.build(folder.path());
        let error = call.quiet(quiet).await.expect_err("it fails");
        assert_eq!((error.kind(), error.status()), (ErrorKind::Stream, None), "{error}");
        assert!(error.message().ends_with("returned a non-zero code: 137"), "{error}");
        assert!(real.docker.image(name).inspect().await.expect_err("there is none").is_not_found());
    }
    let (shown, error) = output(real.build(folder.path()).0).await;
    assert!(error.is_some() && shown.contains("going down\n"), "{shown}");
}

// behaviour 54
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn rm_and_force_rm_decide_which_containers_stay() {
    let real = Real::with_image().await;
    for (line, rm, force_rm, expected) in [
        ("true", None, false, 0),
        ("true", Some(false), false, 1),
        ("false", None, false, 1),
        ("false", None, true, 0),
        ("true", Some(false), true, 0),
    ] {
        let mark = real.name();
        let folder = context(&format!("LABEL test={mark}\nRUN {line}"), &[]);
        let mut call = real.docker.images().build(folder.path()).no_cache(true).force_rm(force_rm);
        if let Some(rm) = rm {
            call = call.rm(rm);
        }
        let result = call.await;
        assert_eq!(result.is_ok(), line == "true");
        let left = real.docker.containers().list().all(true).label(format!("test={mark}")).await.expect("containers");
        // The container that the label was set in has it not yet.
        let left: Vec<_> = left.into_iter().filter(|container| container.command.contains(line)).collect();
        assert_eq!(left.len(), expected, "{line} {rm:?} {force_rm}");
        let all = real.docker.containers().list().all(true).await.expect("containers");
        for container in left.into_iter().chain(all.into_iter().filter(|container| container.command.contains(&mark))) {
            real.docker.container(container.id).remove().await.expect("removed");
        }
    }
}

// behaviour 54
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_cannot_be_built_is_an_error() {
    let real = Real::with_image().await;
    let folder = context("NONSENSE", &[]);
    let error = real.build(folder.path()).0.await.expect_err("no instruction");
    assert!(error.is_invalid() && error.message().contains("unknown instruction: NONSENSE"), "{error}");

    fs::write(folder.path().join("Dockerfile"), "").expect("written");
    let error = real.build(folder.path()).0.await.expect_err("nothing in it");
    assert!(error.status() >= Some(400) && error.message().contains("cannot be empty"), "{error}");

    fs::write(folder.path().join("Dockerfile"), "FROM scratch\nCOPY absent /\n").expect("written");
    let error = real.build(folder.path()).0.await.expect_err("there is no such file");
    assert!(error.kind() == ErrorKind::Stream && error.message().contains("absent"), "{error}");

    let (call, _) = real.build(folder.path());
    let error = call.platform("nonsense/arm").await.expect_err("no such platform");
    assert!(error.status() >= Some(400) || error.kind() == ErrorKind::Stream, "{error}");

    for (archive, words) in [(b"no archive".repeat(1000), "tar"), (vec![0; 1024], "Cannot locate specified Dockerfile")]
    {
        let error = real.build(archive).0.dockerfile("absent").await.expect_err("it has none");
        assert!(error.status() == Some(500) && error.message().contains(words), "{error}");
    }
    let error = real.build(folder.path()).0.squash(true).await.expect_err("no experiments");
    assert!(error.is_invalid() && error.message().contains("experimental"), "{error}");
    let error = real.build(folder.path()).0.security_opt("a").await.expect_err("this is Linux");
    assert!(error.is_invalid(), "{error}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn arguments_labels_and_targets() {
    let real = Real::with_image().await;
    let folder = context(
        "ARG VERSION=0\nARG UNSET=default\nRUN echo $VERSION $UNSET >/args\n\
         FROM scratch AS target\nCOPY --from=0 / /\nLABEL from=target\nFROM scratch\nLABEL from=last",
        &[],
    );
    let (call, name) = real.build(folder.path());
    let call = call.target("target").build_arg("VERSION", "1 & 2").build_arg_unset("UNSET").label("app", "é web");
    let call =
        call.shm_size(8 << 20).memory(256 << 20).memory_swap(-1).cpu_shares(512).cpu_period(100_000).cpu_quota(90_000);
    let built = call.cpuset_cpus("0").cpuset_mems("0").pull(false).await.expect("built");
    let inspected = real.docker.image(&name).inspect().await.expect("an image");
    assert_eq!(inspected.id, built.id);
    let labels = inspected.config.expect("a configuration").labels;
    assert_eq!((labels["from"].as_str(), labels["app"].as_str()), ("target", "é web"));
    assert_eq!(real.print(&name, "/bin/cat /args").await, "1 & 2 default\n");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_instructions_run_with() {
    let real = Real::with_image().await;
    let folder = context(
        "RUN cat /etc/hosts; echo files $(ulimit -n); echo shm $(df -k /dev/shm | tail -n 1); ls /sys/class/net",
        &[],
    );
    let call = real
        .build(folder.path())
        .0
        .extra_host("db.example", "10.9.8.7")
        .ulimit(longshore::container::Ulimit { name: "nofile".to_owned(), soft: 321, hard: 321 })
        .shm_size("8m");
    let (shown, error) = output(call.network("none")).await;
    assert!(error.is_none(), "{error:?}");
    for words in ["10.9.8.7\tdb.example", "files 321", "8192", "lo"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(!shown.contains("eth0"), "{shown}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn the_cache_is_used_unless_it_is_not() {
    let real = Real::with_image().await;
    let folder = context(&format!("RUN echo {}; head -c 16 /dev/urandom | od >/random", real.name()), &[]);
    let name = real.name();
    let call = real.docker.images().build(folder.path()).tag(name.as_str()).cache_from(name.as_str());
    let first = call.no_cache(true).await.expect("built");
    let cached = async || real.docker.images().build(folder.path()).tag(name.as_str()).cache_from(name.as_str()).await;
    let mut second = cached().await;
    // The builder of 20.10 stumbles over images that another build beside it has just removed.
    for _ in 0..3 {
        if second.as_ref().is_err_and(|error| error.message().contains("unable to find image")) {
            second = cached().await;
        }
    }
    assert_eq!(second.expect("built"), first, "from the cache");
    let call = real.docker.images().build(folder.path()).tag(name.as_str());
    assert_ne!(call.no_cache(true).await.expect("built"), first);
    real.docker.image(&first.id).remove().await.expect("removed");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn pulls_what_it_is_built_upon_with_credentials() {
    let real = Real::with_image().await;
    let folder = context("LABEL a=b", &[]);
    let (call, _) = real.build(folder.path());
    // The throwaway registry wants none, and takes any.
    let credentials = Credentials::password("u", "p?a?s?s?");
    let (shown, error) = output(call.pull(true).credentials(variable("LONGSHORE_TEST_REGISTRY"), &credentials)).await;
    assert!(error.is_none(), "{error:?} {shown}");
    assert!(shown.contains("Step 2/2"), "{shown}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_dropped_build_ends_in_the_engine_too() {
    let real = Real::with_image().await;
    let mark = real.name();
    let folder = context(&format!("RUN echo {mark}; sleep 300"), &[]);
    let mut steps = real.build(folder.path()).0.stream().await.expect("a stream");
    while !steps
        .next()
        .await
        .expect("a step")
        .expect("a step")
        .stream
        .unwrap_or_default()
        .contains(&format!("{mark}\n"))
    {}
    drop(steps);
    until("its container is gone", async || {
        let all = real.docker.containers().list().all(true).await.expect("containers");
        !all.iter().any(|container| container.command.contains(&mark))
    })
    .await;
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn prunes_the_cache_of_builds() {
    let real = Real::engine();
    let images = real.docker.images();
    let pruned = images.prune_build_cache().all(true).reserved_space("1t").unused_for(Duration::from_secs(3600)).await;
    assert!(pruned.expect("pruned").caches_deleted.is_empty());
    images
        .prune_build_cache()
        .id("absent")
        .kind("regular")
        .in_use(false)
        .shared(false)
        .private(true)
        .await
        .expect("pruned");
    let version = real.docker.api_version().await.expect("a version");
    let result = images.prune_build_cache().max_used_space("1t").min_free_space(1).await;
    if version < longshore::Version::new(1, 48) {
        assert!(result.expect_err("it has not").is_version());
    } else {
        result.expect("pruned");
    }
}
