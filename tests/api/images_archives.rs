//! Saving, loading and importing images: against the scripted engine.

use crate::support::{Engine, Exchange, Response, fixture, on};
use longshore::image::{LoadResult, Platform};
use longshore::stream::ByteStream;
use longshore::{ErrorKind, Upload};
use tokio::io::AsyncReadExt;

const LOAD: &str = "POST /v1.41/images/load?quiet=false";
const ARM: &str = "%7B%22architecture%22%3A%22arm64%22%2C%22os%22%3A%22linux%22%7D";
const AMD: &str = "%7B%22architecture%22%3A%22amd64%22%2C%22os%22%3A%22linux%22%7D";

fn recorded(name: &str) -> Response {
    Response::text(200, &fixture(&format!("docker-20.10.24/{name}")))
}

fn tar() -> Response {
    Response::chunked(200, "application/x-tar")
}

fn loading() -> Exchange {
    on(LOAD).with_header("content-type", "application/x-tar").with_body("tar")
}

async fn collect(mut archive: ByteStream) -> longshore::Result<Vec<u8>> {
    let mut all = Vec::new();
    while let Some(piece) = archive.next().await {
        all.extend_from_slice(&piece?);
    }
    Ok(all)
}

#[tokio::test]
async fn save_gives_the_bytes_as_they_come() {
    let one = "GET /v1.41/images/registry.example.com:5000/team/web:1.0/get";
    let engine = Engine::unix([
        on(one).respond(tar().chunk("first").chunk([0; 1024]).end()),
        on("GET /v1.41/images/get?names=web%3A1.0&names=docker.io%2Flibrary%2Fdb&names=ec3f0931a6e6")
            .respond(tar().chunk([0; 4096]).end()),
        on("GET /v1.41/images/nope/get").respond(Response::error(404, "No such image: nope")),
    ]);
    let docker = engine.docker(41);
    let mut archive = docker.image("registry.example.com:5000/team/web:1.0").save().await.expect("an archive");
    assert_eq!(archive.next().await.expect("a piece").expect("bytes"), "first");
    assert_eq!(collect(archive).await.expect("the rest"), [0; 1024]);

    let mut archive =
        docker.images().save(["web:1.0", "docker.io/library/db", "ec3f0931a6e6"]).await.expect("an archive");
    let mut all = Vec::new();
    archive.read_to_end(&mut all).await.expect("bytes");
    assert_eq!(all, [0; 4096]);
    assert!(docker.image("nope").save().await.expect_err("nothing").is_not_found());
}

#[tokio::test]
async fn save_asks_for_platforms() {
    let engine = Engine::unix([
        on(format!("GET /v1.48/images/web/get?platform={ARM}")).respond(tar().end()),
        on(format!("GET /v1.52/images/get?names=web&platform={ARM}&platform={AMD}")).respond(tar().end()),
    ]);
    drop(engine.docker(48).image("web").save().platform("linux/arm64").await.expect("an archive"));
    let save =
        engine.docker(52).images().save(["web"]).platform("linux/arm64").platform(Platform::new("linux", "amd64"));
    drop(save.await.expect("an archive"));
}

/// An engine that fails in the middle has answered 200 already.
#[tokio::test]
async fn save_finds_the_error_behind_the_bytes() {
    let error = "{\"errorDetail\":{\"message\":\"no space left on device\"},\"error\":\"no space left on device\"}\r\n";
    let whole = || tar().chunk([7; 512]).chunk([0; 1024]);
    let engine = Engine::unix([
        on("GET /v1.41/images/web/get").respond(whole().chunk(error).end()),
        on("GET /v1.41/images/web/get").respond(tar().chunk([1; 700]).chunk(&error[..9]).chunk(&error[9..]).end()),
        on("GET /v1.41/images/web/get").respond(whole().end()),
        on("GET /v1.41/images/web/get").respond(whole().close()),
        on("GET /v1.41/images/web/get").respond(tar().chunk([7; 512]).chunk([0; 512]).end()),
    ]);
    let image = engine.docker(41).image("web");
    for _ in 0..2 {
        let error = collect(image.save().await.expect("an archive")).await.expect_err("an error");
        assert_eq!((error.kind(), error.message()), (ErrorKind::Stream, "no space left on device"));
        assert_eq!(error.call(), Some("GET /images/web/get"));
    }
    assert_eq!(collect(image.save().await.expect("an archive")).await.expect("all").len(), 1536);
    for _ in ["by the connection", "by the engine"] {
        let cut = collect(image.save().await.expect("an archive")).await.expect_err("cut off");
        assert_eq!(cut.kind(), ErrorKind::Interrupted);
    }
}

#[tokio::test]
async fn load_tells_what_it_loaded() {
    let engine = Engine::unix([
        loading().respond(recorded("image_load.json")),
        loading().respond(Response::text(200, "{\"stream\":\"Loaded image ID: sha256:ab\\nLoaded image: b:1\\n\"}\r\n{\"stream\":null}")),
        on("POST /v1.52/images/load?quiet=true&platform=%7B%22architecture%22%3A%22arm64%22%2C%22os%22%3A%22linux%22%7D&platform=%7B%22architecture%22%3A%22amd64%22%2C%22os%22%3A%22linux%22%7D")
            .with_body("tar")
            .respond(Response::text(200, "")),
    ]);
    let images = engine.docker(41).images();
    let loaded = images.load(&b"tar"[..]).await.expect("loaded");
    assert_eq!(loaded.images.len(), 2);
    assert!(
        loaded.images[0].ends_with("/longshore-record/web:1") && loaded.images[1].ends_with("/longshore-record/web:2")
    );
    let loaded = images.load(Upload::reader(&b"tar"[..]).length(3)).await.expect("loaded");
    assert_eq!(loaded.images, ["sha256:ab", "b:1"]);
    let loaded = engine
        .docker(52)
        .images()
        .load(Upload::reader(&b"tar"[..]))
        .quiet(true)
        .platform("linux/arm64")
        .platform("linux/amd64");
    assert_eq!(loaded.await.expect("loaded"), LoadResult::default());
    let lengths =
        engine.received().iter().map(|request| request.header("content-length").is_some()).collect::<Vec<_>>();
    assert_eq!(lengths, [true, true, false], "announced where it is known");
}

#[tokio::test]
async fn load_fails_if_an_image_cannot_be_unpacked() {
    let lines = "{\"stream\":\"Loaded image: web:1\\n\"}\n{\"stream\":\"Error unpacking image web:1: no space left on device\\n\"}\n\
        {\"stream\":\"Loaded image: web:2\\n\"}\n";
    let engine = Engine::unix([loading().respond(Response::text(200, lines))]);
    let error = engine.docker(41).images().load(&b"tar"[..]).await.expect_err("not usable");
    assert_eq!(error.kind(), ErrorKind::Stream);
    assert_eq!(error.to_string(), "POST /images/load: Error unpacking image web:1: no space left on device");
}

#[tokio::test]
async fn load_shows_each_step() {
    let engine = Engine::unix([loading().respond(recorded("image_load.json"))]);
    let mut steps = engine.docker(41).images().load(&b"tar"[..]).stream().await.expect("a stream");
    let (mut loaded, mut layers) = (LoadResult::default(), 0);
    while let Some(step) = steps.next().await {
        let step = step.expect("a step");
        layers +=
            i32::from(step.status.as_deref() == Some("Loading layer") && step.progress_detail.total == Some(20480));
        loaded.note(&step);
    }
    assert_eq!((layers, loaded.images.len()), (2, 2));
}

#[tokio::test]
async fn load_fails_with_status_200() {
    let engine = Engine::unix([loading().respond(recorded("image_load_error.json"))]);
    let error = engine.docker(41).images().load(&b"tar"[..]).await.expect_err("an error");
    assert_eq!((error.kind(), error.status()), (ErrorKind::Stream, None));
    assert!(error.to_string().starts_with("POST /images/load: open /var/lib/docker/tmp/"), "{error}");
}

#[tokio::test]
async fn import_gives_the_image() {
    let asked = "POST /v1.42/images/create?fromSrc=-&repo=docker.io%2Flibrary%2Fweb&tag=1.0&message=by%20hand\
        &changes=CMD%20%5B%22%2Fbin%2Fserve%22%5D&changes=EXPOSE%2080&platform=linux%2Farm64%2Fv8";
    let url = "POST /v1.41/images/create?fromSrc=https%3A%2F%2Fexample.com%2Fa.tar%3Fb%3D1";
    let engine = Engine::unix([
        on(asked)
            .with_header("content-type", "application/x-tar")
            .with_body("tar")
            .respond(recorded("image_import.json")),
        on(url).respond(Response::text(
            200,
            "{\"status\":\"Downloading from https://example.com\"}\r\n{\"status\":\"sha256:ab\"}\r\n",
        )),
        on(url).respond(Response::error(404, "not found")),
        on(url).respond(Response::text(
            200,
            "{\"status\":\"Importing\"}\r\n{\"errorDetail\":{\"message\":\"unexpected EOF\"}}",
        )),
        on(url).respond(Response::text(200, "{}")),
    ]);
    let import = engine.docker(42).images().import(&b"tar"[..]).tag("web:1.0").message("by hand");
    let image =
        import.change(r#"CMD ["/bin/serve"]"#).change("EXPOSE 80").platform("linux/arm64/v8").await.expect("an image");
    assert!(image.name().starts_with("sha256:") && image.name().len() == 71);

    let import = || engine.docker(41).images().import_url("https://example.com/a.tar?b=1");
    assert_eq!(import().await.expect("an image").name(), "sha256:ab");
    assert!(import().await.expect_err("nothing").is_not_found());
    assert_eq!(import().await.expect_err("broken").kind(), ErrorKind::Stream);
    let error = import().await.expect_err("no id");
    assert_eq!((error.kind(), error.call()), (ErrorKind::Decode, Some("POST /images/create")));
}

#[tokio::test]
async fn the_password_of_an_import_s_url_is_not_shown() {
    let url = "https://me:hunter2@example.com/a.tar";
    let asked = || on("POST /v1.41/images/create?fromSrc=https%3A%2F%2Fme%3Ahunter2%40example.com%2Fa.tar");
    let steps = format!("{{\"status\":\"Downloading from {url}\"}}\r\n{{\"error\":\"Get {url}: EOF\"}}\r\n");
    let engine = Engine::unix([
        asked().respond(Response::error(500, &format!("Get {url}: EOF"))),
        asked().respond(Response::text(200, &steps)),
    ]);
    let import = || engine.docker(41).images().import_url(url);
    let error = import().await.expect_err("at once");
    assert_eq!(error.message(), "Get https://…@example.com/a.tar: EOF");
    let mut progress = import().stream().await.expect("a stream");
    let step = progress.next().await.expect("a step").expect("a step");
    assert_eq!(step.status.as_deref(), Some("Downloading from https://…@example.com/a.tar"));
    let error = progress.next().await.expect("an end").expect_err("later");
    assert_eq!(error.message(), "Get https://…@example.com/a.tar: EOF");
}

#[tokio::test]
async fn what_is_wrong_is_not_sent() {
    let engine = Engine::unix([]);
    let images = |minor| engine.docker(minor).images();
    let by_digest = format!("web@sha256:{}", "ab".repeat(32));
    for (result, words) in [
        (images(41).save([""; 0]).await.map(drop), "there is no image to save"),
        (images(41).save(["web", "We b"]).await.map(drop), "invalid image reference \"We b\": use "),
        (images(41).import_url("-").await.map(drop), "invalid URL to import from: use "),
        (images(41).import_url("https://").await.map(drop), "invalid URL to import from: use "),
        (images(41).import(vec![1]).tag(by_digest).await.map(drop), "has a digest"),
        (images(52).load(vec![1]).platform("linux").await.map(drop), "must have an architecture"),
    ] {
        let error = result.expect_err(words);
        assert!(error.is_invalid() && error.to_string().contains(words), "{error}");
    }
    for (result, words) in [
        (
            images(41).import(vec![1]).platform("linux").await.map(drop),
            "platform requires API 1.42 or later, and this engine speaks API 1.41",
        ),
        (
            images(47).save(["web"]).platform("linux/arm64").await.map(drop),
            "platform requires API 1.48 or later, and this engine speaks API 1.47",
        ),
        (
            images(47).load(vec![1]).platform("linux/arm64").await.map(drop),
            "platform requires API 1.48 or later, and this engine speaks API 1.47",
        ),
        (
            images(51).save(["web"]).platform("linux/arm64").platform("linux/amd64").await.map(drop),
            "more than one platform requires API 1.52 or later, and this engine speaks API 1.51",
        ),
    ] {
        let error = result.expect_err(words);
        assert!(error.is_version() && error.message().starts_with(words), "{error}");
    }
    assert_eq!(engine.connections(), 0);
}
