//! Pruning the cache of builds.

use crate::support::{Engine, Response, fixture, on};
use longshore::Timestamp;
use longshore::image::BuildCachePruneReport;
use std::time::Duration;

#[tokio::test]
async fn prunes_the_cache() {
    let pruned = fixture("docker-20.10.24/build_prune.json");
    let engine = Engine::unix([
        on("POST /v1.41/build/prune").respond(Response::text(200, &pruned)),
        on(concat!(
            "POST /v1.47/build/prune?all=true&keep-storage=1024&filters=%7B%22description%22%3A%7B%22d%22%3Atrue%7D%2C",
            "%22id%22%3A%7B%22abc%22%3Atrue%7D%2C%22inuse%22%3A%7B%22false%22%3Atrue%7D%2C%22parent%22%3A%7B%22p%22%3Atrue%7D",
            "%2C%22private%22%3A%7B%22true%22%3Atrue%7D%2C%22shared%22%3A%7B%22false%22%3Atrue%7D%2C%22type%22%3A%7B%22",
            "regular%22%3Atrue%7D%2C%22until%22%3A%7B%22604800s%22%3Atrue%7D%7D"
        ))
        .respond(Response::text(200, r#"{"CachesDeleted":["a","b"],"SpaceReclaimed":4096}"#)),
        on(concat!(
            "POST /v1.48/build/prune?reserved-space=1&max-used-space=2048&min-free-space=3",
            "&filters=%7B%22until%22%3A%7B%222026-01-02T03%3A04%3A05Z%22%3Atrue%7D%7D"
        ))
        .respond(Response::text(200, "{}")),
    ]);
    let empty = engine.docker(41).images().prune_build_cache().await.expect("pruned");
    assert_eq!((empty.caches_deleted.len(), empty.space_reclaimed), (0, 0));
    assert_eq!(serde_json::from_str::<BuildCachePruneReport>(&pruned).expect("an answer"), empty);

    let call = engine.docker(47).images().prune_build_cache().all(true).reserved_space(1024).id("abc").parent("p");
    let call = call.kind("regular").description("d").in_use(false).shared(false).private(true);
    let some = call.unused_for(Duration::from_secs(7 * 24 * 3600)).await.expect("pruned");
    assert_eq!((some.caches_deleted, some.space_reclaimed), (vec!["a".to_owned(), "b".to_owned()], 4096));

    let time: Timestamp = "2026-01-02T03:04:05Z".parse().expect("a time");
    let call =
        engine.docker(48).images().prune_build_cache().reserved_space(1).max_used_space("2k").min_free_space("3b");
    call.until(time).await.expect("pruned");

    let all: BuildCachePruneReport =
        serde_json::from_str(r#"{"CachesDeleted":["a"],"SpaceReclaimed":1}"#).expect("an answer");
    assert_eq!(serde_json::to_string(&all).expect("JSON"), r#"{"CachesDeleted":["a"],"SpaceReclaimed":1}"#);
}

#[tokio::test]
async fn what_older_engines_lack_of_pruning_is_an_error() {
    let engine = Engine::unix([]);
    let time: Timestamp = "2026-01-02T03:04:05Z".parse().expect("a time");
    let prune = |minor| engine.docker(minor).images().prune_build_cache();
    for (call, versions) in [
        (prune(47).max_used_space(1), ["1.48", "1.47"]),
        (prune(41).min_free_space(1), ["1.48", "1.41"]),
        (prune(42).until(time), ["1.43", "1.42"]),
    ] {
        let error = call.await.expect_err("a version");
        assert!(error.is_version() && versions.iter().all(|version| error.message().contains(version)), "{error}");
    }
    let error = prune(48).max_used_space("10 tons").await.expect_err("no size");
    assert!(error.is_invalid() && error.message().contains("invalid size \"10 tons\""), "{error}");
    assert!(prune(41).id(" ").await.expect_err("no value").is_invalid());
}
