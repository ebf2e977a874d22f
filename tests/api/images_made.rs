//! What images were made by and are attested of, making them of containers, pruning them: against the scripted engine.

use crate::support::{Engine, Response, fixture, on};
use longshore::Timestamp;
use longshore::container::{ContainerConfig, Env, Healthcheck};
use longshore::image::{AttestationStatement, ImageHistoryItem};
use serde_json::json;
use std::time::Duration;

const ARM: &str = "%7B%22architecture%22%3A%22arm64%22%2C%22os%22%3A%22linux%22%7D";

fn recorded(name: &str) -> Response {
    Response::text(200, &fixture(&format!("docker-20.10.24/{name}")))
}

#[tokio::test]
async fn history_tells_the_steps() {
    let odd = json!([
        null,
        {"Id": "<missing>", "Created": 0, "CreatedBy": "", "Tags": null, "Size": 0, "Comment": ""},
        {"Id": "sha256:ab", "Created": -62_135_596_800_i64, "CreatedBy": null, "Tags": [null, "a:1"], "Size": null},
    ]);
    let engine = Engine::unix([
        on("GET /v1.41/images/web:1/history").respond(recorded("image_history.json")),
        on(format!("GET /v1.48/images/web/history?platform={ARM}")).respond(Response::json(200, &odd)),
        on("GET /v1.41/images/nope/history").respond(Response::error(404, "No such image: nope:latest")),
    ]);
    let steps = engine.docker(41).image("web:1").history().await.expect("steps");
    let [committed, imported] = steps.as_slice() else { panic!("{steps:?}") };
    assert_eq!((&*committed.comment, &*committed.created_by, committed.size), ("by hand", "/bin/serve", 0));
    assert!(committed.id.starts_with("sha256:") && committed.tags[0].ends_with("/longshore-record/web:1"));
    assert!(imported.size > 1_000_000 && imported.created < committed.created);
    assert!(imported.created.map(Timestamp::as_second) > Some(1_700_000_000));
    let again = serde_json::to_value(&steps).expect("JSON");
    assert_eq!(
        again,
        serde_json::from_str::<serde_json::Value>(&fixture("docker-20.10.24/image_history.json")).expect("JSON")
    );

    let steps = engine.docker(48).image("web").history().platform("linux/arm64").await.expect("steps");
    assert_eq!(steps[0], ImageHistoryItem::clone(&serde_json::from_value(json!({"Id": "<missing>"})).expect("a step")));
    assert_eq!((steps[1].created, &steps[1].tags), (None, &vec!["a:1".to_owned()]));
    assert!(engine.docker(41).image("nope").history().await.expect_err("nothing").is_not_found());
    let error = engine.docker(47).image("web").history().platform("linux/arm64").await.expect_err("too old");
    assert!(
        error.is_version()
            && error.message().starts_with("platform requires API 1.48 or later, and this engine speaks API 1.47"),
        "{error}"
    );
}

#[tokio::test]
async fn attestations_are_listed() {
    let provenance = "https://slsa.dev/provenance/v0.2";
    let all = json!([{
        "Descriptor": {"mediaType": "application/vnd.in-toto+json", "digest": "sha256:ab", "size": 7, "urls": [],
            "annotations": {"in-toto.io/predicate-type": provenance}, "data": null, "platform": null, "artifactType": null},
        "PredicateType": provenance,
        "Statement": {"_type": "https://in-toto.io/Statement/v0.1", "predicate": {"builder": {"id": ""}}},
    }]);
    let engine = Engine::unix([
        on("GET /v1.55/images/web:1/attestations").respond(Response::text(200, "[]")),
        on(format!(
            "GET /v1.55/images/web:1/attestations?type=https%3A%2F%2Fslsa.dev%2Fprovenance%2Fv0.2&type=https%3A%2F%2Fspdx.dev%2FDocument\
             &statement=true&platform={ARM}"
        ))
        .respond(Response::json(200, &all)),
        on("GET /v1.55/images/web:1/attestations").respond(Response::error(501, "not implemented")),
        on("GET /v1.55/images/nope/attestations").respond(Response::error(404, "No such image: nope")),
    ]);
    let image = engine.docker(55).image("web:1");
    assert!(image.attestations().await.expect("a list").is_empty());
    let call = image.attestations().predicate_type(provenance).predicate_type("https://spdx.dev/Document");
    let statements: Vec<AttestationStatement> = call.statement(true).platform("linux/arm64").await.expect("a list");
    assert_eq!((&*statements[0].predicate_type, statements[0].descriptor.size), (provenance, 7));
    assert_eq!(serde_json::to_value(&statements).expect("JSON"), all);
    assert_eq!(image.attestations().await.expect_err("not in this store").status(), Some(501));
    assert!(engine.docker(55).image("nope").attestations().await.expect_err("nothing").is_not_found());
    let error = engine.docker(54).image("web").attestations().await.expect_err("too old");
    assert!(
        error.is_version()
            && error
                .message()
                .starts_with("listing attestations requires API 1.55 or later, and this engine speaks API 1.54"),
        "{error}"
    );
}

#[tokio::test]
async fn prune_tells_what_it_freed() {
    let filters = "%7B%22dangling%22%3A%7B%22false%22%3Atrue%7D%2C%22label%22%3A%7B%22app%3Dweb%22%3Atrue%2C%22tier%22%3Atrue%7D%2C\
        %22label%21%22%3A%7B%22keep%22%3Atrue%7D%2C%22until%22%3A%7B%222026-02-04T21%3A20%3A12Z%22%3Atrue%7D%7D";
    let engine = Engine::unix([
        on("POST /v1.41/images/prune").respond(recorded("image_prune.json")),
        on(format!("POST /v1.41/images/prune?filters={filters}")).respond(recorded("image_prune_nothing.json")),
        on("POST /v1.41/images/prune").respond(Response::error(409, "a prune operation is already running")),
    ]);
    let images = engine.docker(41).images();
    let pruned = images.prune().await.expect("pruned");
    assert_eq!((pruned.images_deleted.len(), pruned.space_reclaimed), (2, 11_394));
    assert!(pruned.images_deleted.iter().all(|image| image.deleted.is_some() && image.untagged.is_none()));

    let until: Timestamp = "2026-02-04T21:20:12Z".parse().expect("a time");
    let prune = images.prune().all(false).all(true).until(Timestamp::UNIX_EPOCH).until(until);
    let prune = prune.label("app=web").label("tier").without_label("keep");
    let pruned = prune.await.expect("pruned");
    assert!(pruned.images_deleted.is_empty() && pruned.space_reclaimed == 0);
    assert!(images.prune().await.expect_err("a conflict").is_conflict());
    assert!(images.prune().label("").await.expect_err("no label").is_invalid());
}

#[tokio::test]
async fn commit_gives_the_image() {
    let asked = "POST /v1.44/commit?container=web&repo=registry.example.com%2Fweb&tag=latest&comment=a%20b&author=me&pause=false\
        &changes=CMD%20%5B%22sh%22%5D&changes=ENV%20A%3Db";
    let engine = Engine::unix([
        on("POST /v1.41/commit?container=web")
            .respond(Response::text(201, &fixture("docker-20.10.24/image_commit.json"))),
        on(asked)
            .with_json(json!({"Env": ["MODE=prod"], "Cmd": ["x"], "Healthcheck": {"StartInterval": 1_000_000_000}}))
            .respond(Response::text(201, r#"{"Id":"sha256:ab"}"#)),
        on("POST /v1.41/commit?container=nope").respond(Response::error(404, "No such container: nope")),
    ]);
    let image = engine.docker(41).container("/web").commit().await.expect("an image");
    assert!(image.name().starts_with("sha256:") && image.name().len() == 71);

    let config = ContainerConfig {
        cmd: vec!["x".to_owned()],
        env: Env::from_iter(["MODE=prod"]),
        healthcheck: Some(Healthcheck { start_interval: Some(Duration::from_secs(1)), ..Healthcheck::default() }),
        ..ContainerConfig::default()
    };
    let commit = |minor| engine.docker(minor).container("web").commit();
    let full = commit(44).tag("registry.example.com/web").message("a b").author("me").pause(false);
    let full = full.change(r#"CMD ["sh"]"#).change("ENV A=b").config(&config);
    assert_eq!(full.await.expect("an image").name(), "sha256:ab");
    assert!(engine.docker(41).container("nope").commit().await.expect_err("nothing").is_not_found());

    let error = commit(43).config(config).await.expect_err("too old");
    assert!(
        error.is_version() && error.message().starts_with("Healthcheck.StartInterval requires API 1.44"),
        "{error}"
    );
    let nameless = ContainerConfig { env: Env::from_iter(["=x"]), ..ContainerConfig::default() };
    assert!(commit(41).config(nameless).await.expect_err("no name").is_invalid());
    assert!(commit(41).tag("web@sha256:00").await.expect_err("a digest").is_invalid());
    for id in ["", " ", "/"] {
        let error = engine.docker(41).container(id).commit().await.expect_err("no container"); // behaviour 9
        assert!(error.is_invalid() && error.message().contains("invalid container name or ID"), "{error}");
    }
}
