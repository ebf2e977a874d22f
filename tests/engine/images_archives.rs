//! Saving, loading, importing, committing and pruning images, on a real engine.

use crate::support::real::{Real, beside_removals, image, shell};
use crate::support::{registry, tar};
use bytes::Bytes;
use longshore::container::{ContainerConfig, ContainerSpec, Env};
use longshore::image::Image;
use longshore::stream::ByteStream;
use longshore::{ErrorKind, Upload};
use std::io::{BufRead, Write};

/// An image of the test's own. Its name is also its label `test`.
async fn made(real: &Real) -> Image {
    let name = real.name();
    let import = real.docker.images().import(tar::file("about", name.as_bytes())).tag(name.as_str());
    import.change(format!("LABEL test={name}")).await.expect("an image");
    real.docker.image(name)
}

async fn collect(mut archive: ByteStream) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(piece) = archive.next().await {
        all.extend_from_slice(&piece.expect("a piece"));
    }
    all
}

/// behaviour 53
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn several_images_that_are_saved_can_be_loaded() {
    let real = Real::engine();
    let (one, other) = (made(&real).await, made(&real).await);
    let ids = [one.inspect().await.expect("an image").id, other.inspect().await.expect("an image").id];
    let archive = collect(
        beside_removals(|| async { real.docker.images().save([one.name(), other.name()]).await })
            .await
            .expect("an archive"),
    )
    .await;
    assert_eq!(archive.len() % 512, 0);
    one.remove().await.expect("removed");
    other.remove().await.expect("removed");

    let mut loaded = real.docker.images().load(archive.clone()).await.expect("loaded").images;
    loaded.sort();
    assert_eq!(loaded, [format!("{}:latest", one.name()), format!("{}:latest", other.name())]);
    assert_eq!([one.inspect().await.expect("an image").id, other.inspect().await.expect("an image").id], ids);

    let again = real.docker.images().load(archive).quiet(true).await.expect("loaded").images;
    assert_eq!(again.len(), 2);
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn an_image_without_a_name_is_loaded_by_its_id() {
    let real = Real::engine();
    let named = made(&real).await;
    let id = named.inspect().await.expect("an image").id;
    let archive = collect(real.docker.image(&id).save().await.expect("an archive")).await;
    named.remove().await.expect("removed");
    let mut steps = real.docker.images().load(archive).stream().await.expect("a stream");
    let (mut loaded, mut statuses) = (longshore::image::LoadResult::default(), Vec::new());
    while let Some(step) = steps.next().await {
        let step = step.expect("a step");
        loaded.note(&step);
        statuses.extend(step.status);
    }
    if real.has_containerd_store().await {
        return; // it does not say what it loaded, if that has no name
    }
    assert_eq!(loaded.images, [id]);
    assert!(statuses.iter().any(|status| status == "Loading layer"), "{statuses:?}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn an_image_goes_from_save_to_load_as_it_is_read() {
    let real = Real::with_image().await;
    let archive = real.docker.image(image()).save().await.expect("an archive");
    let loaded = real.docker.images().load(Upload::stream(archive)).await.expect("loaded");
    assert_eq!(loaded.images, [image()]);
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_is_not_there_is_not_saved() {
    let real = Real::engine();
    let (there, absent) = (made(&real).await, real.name());
    for result in [real.docker.image(&absent).save().await, real.docker.images().save([there.name(), &absent]).await] {
        let error = result.expect_err("there is none");
        assert!(error.is_not_found() || error.status() == Some(500), "{error}");
        assert!(error.message().contains(&absent), "{error}");
    }
    let error = there.save().platform("linux/amd64").await.map(drop);
    assert!(error.is_ok() || error.is_err_and(|error| error.is_version()));
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_is_no_archive_of_images_is_not_loaded() {
    let real = Real::engine();
    let images = real.docker.images();
    for (archive, what) in
        [(tar::file("about", b"me"), "no images"), (b"no archive".to_vec(), "no archive"), (vec![], "nothing")]
    {
        let error = images.load(archive).await.expect_err(what);
        assert!(
            error.kind() == ErrorKind::Stream || error.is_invalid() || error.status() == Some(500),
            "{what}: {error}"
        );
    }
    let whole = collect(made(&real).await.save().await.expect("an archive")).await;
    let error = images.load(whole[..whole.len() / 2].to_vec()).await.expect_err("half of it");
    assert_eq!(error.kind(), ErrorKind::Stream, "{error}");
}

/// The engine is not left with half an archive, nor its caller without the reason.
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn an_archive_that_cannot_be_read_ends_the_call() {
    let real = Real::engine();
    let whole = collect(made(&real).await.save().await.expect("an archive")).await;
    let pieces = [Ok(Bytes::from(whole[..1024].to_vec())), Err(std::io::Error::other("the disk is on fire"))];
    let error = real.docker.images().load(Upload::stream(Pieces(pieces.into_iter()))).await.expect_err("half of it");
    assert!(error.to_string().contains("the disk is on fire"), "{error}");
    real.docker.ping().await.expect("it goes on");
}

/// behaviour 53
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn an_import_is_as_it_was_said() {
    let real = Real::engine();
    let name = real.name();
    let import = real.docker.images().import(tar::file("about", b"me")).tag(format!("{name}:1")).message("by hand");
    let import = import.change(r#"CMD ["/about", "it"]"#).change(r#"ENV A="b c""#).change(format!("LABEL test={name}"));
    let image = import.change("EXPOSE 80").await.expect("an image");
    let inspected = image.inspect().await.expect("an image");
    assert_eq!(
        (inspected.id.as_str(), &*inspected.repo_tags, &*inspected.comment),
        (image.name(), &[format!("{name}:1")][..], "by hand")
    );
    let config = inspected.config.expect("a configuration");
    assert_eq!(config.cmd, ["/about", "it"]);
    assert_eq!((config.env.get("A"), &*config.exposed_ports), (Some("b c"), &["80/tcp".to_owned()][..]));

    let history = image.history().await.expect("its history");
    assert_eq!((history.len(), &*history[0].comment, &history[0].id), (1, "by hand", &inspected.id));
    assert_eq!(history[0].tags, [format!("{name}:1")]);
    assert!(history[0].created.is_some() && history[0].size > 0);

    let elsewhere = real.docker.images().import(tar::file("about", b"arm")).platform("linux/arm64");
    match elsewhere.change(format!("LABEL test={name}")).await {
        Ok(image) => assert_eq!(image.inspect().await.expect("an image").architecture, "arm64"),
        Err(error) => assert!(error.is_version(), "{error}"),
    }
}

/// behaviour 53
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn an_engine_downloads_what_it_imports() {
    let real = Real::engine();
    let name = real.name();
    let address = registry::serve(|reader, mut writer| {
        let line = reader
            .lines()
            .map_while(Result::ok)
            .take_while(|line| !line.is_empty())
            .fold(String::new(), |all, line| all + &line);
        let archive = tar::file("about", b"downloaded");
        let (status, body) =
            if line.contains("root.tar") { ("200 OK", archive) } else { ("404 Not Found", Vec::new()) };
        let _ = write!(writer, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        let _ = writer.write_all(&body);
    });
    let images = real.docker.images();
    let imported = images.import_url(format!("http://{address}/root.tar")).tag(name.as_str()).await.expect("an image");
    assert_eq!(real.docker.image(name).inspect().await.expect("an image").id, imported.name());

    for url in [format!("http://{address}/nope"), "http://127.0.0.1:1/root.tar".to_owned()] {
        let error = images.import_url(&url).await.expect_err(&url);
        assert!(error.is_not_found() || error.kind() == ErrorKind::Stream || error.status() >= Some(500), "{error}");
    }
    let error = images.import(tar::file("a", b"b")).change("FROM scratch").await.expect_err("no such change");
    assert!(error.message().to_lowercase().contains("from"), "{error}");
    let error = images.import(b"no archive".to_vec()).await.expect_err("no archive");
    assert!(error.kind() == ErrorKind::Stream || error.status().is_some(), "{error}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_is_committed_can_be_run() {
    let real = Real::with_image().await;
    let container = real.run("echo changed > /www/index.html").await;
    container.wait().await.expect("its exit");
    let name = real.name();
    let commit = container.commit().tag(name.as_str()).author("me").message("by hand").pause(false);
    let committed = commit.change(r#"CMD ["cat", "/www/index.html"]"#).change("ENV MODE=prod").await.expect("an image");
    let inspected = real.docker.image(&name).inspect().await.expect("an image");
    assert_eq!((inspected.id.as_str(), &*inspected.author, &*inspected.comment), (committed.name(), "me", "by hand"));
    assert_eq!(inspected.config.expect("a configuration").env.get("MODE"), Some("prod"));
    assert_eq!(committed.history().await.expect("its history")[0].comment, "by hand");

    let container = real.create(ContainerSpec::new(committed.name())).await;
    container.start().await.expect("started");
    assert_eq!(container.wait().await.expect("its exit").code, 0);
    let mut logs = container.logs().await.expect("its output");
    assert_eq!(logs.next().await.expect("a line").expect("text").to_string(), "changed\n");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_commit_takes_a_configuration() {
    let real = Real::with_image().await;
    let container = real.create(shell("true").env("A", "1").env("B", "2")).await;
    let config = ContainerConfig {
        env: Env::from_iter(["A=9"]),
        labels: [("test", real.prefix())].into(),
        working_dir: "/www".to_owned(),
        ..ContainerConfig::default()
    };
    let image = container.commit().config(config).await.expect("an image").inspect().await.expect("an image");
    assert!(image.repo_tags.is_empty(), "{:?}", image.repo_tags);
    let config = image.config.expect("a configuration");
    assert_eq!((config.env.get("A"), config.env.get("B")), (Some("9"), Some("2")), "the container's stays");
    assert_eq!((&*config.working_dir, &*config.cmd), ("/www", &["sh", "-c", "true"].map(str::to_owned)[..]));

    let error = real.docker.container(real.name()).commit().await.expect_err("there is none");
    assert!(error.is_not_found(), "{error}");
    let error = container.commit().change("FROM scratch").await.expect_err("no such change");
    assert!(error.message().to_lowercase().contains("from"), "{error}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn prune_removes_what_has_lost_its_name() {
    let real = Real::engine();
    let (first, images) = (made(&real).await, real.docker.images());
    let label = format!("test={}", first.name());
    let id = first.inspect().await.expect("an image").id;
    assert!(images.prune().label(&label).await.expect("pruned").images_deleted.is_empty(), "it has a name");

    images.import(tar::file("about", b"another")).tag(first.name()).await.expect("it takes the name");
    let long_ago = "2000-01-01T00:00:00Z".parse::<longshore::Timestamp>().expect("a time");
    assert_eq!(images.prune().label(&label).until(long_ago).await.expect("pruned").space_reclaimed, 0);
    assert!(images.prune().label(&label).without_label("test").await.expect("pruned").images_deleted.is_empty());
    let pruned = images.prune().label(&label).all(false).await.expect("pruned");
    assert!(pruned.images_deleted.iter().any(|image| image.deleted.as_ref() == Some(&id)), "{pruned:?}");
    assert!(pruned.space_reclaimed > 0);
    assert!(real.docker.image(id).inspect().await.expect_err("it is gone").is_not_found());
    first.inspect().await.expect("the other has a name");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn history_of_what_is_not_there_is_not_found() {
    let real = Real::engine();
    assert!(real.docker.image(real.name()).history().await.expect_err("there is none").is_not_found());
    match made(&real).await.history().platform("linux/amd64").await {
        Ok(history) => assert_eq!(history.len(), 1),
        Err(error) => assert!(error.is_version() || error.is_not_found(), "{error}"),
    }
}

struct Pieces<I>(I);

impl<I: Iterator + Unpin> futures_core::Stream for Pieces<I> {
    type Item = I::Item;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<I::Item>> {
        std::task::Poll::Ready(self.0.next())
    }
}
