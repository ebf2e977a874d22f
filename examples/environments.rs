//! An application in three environments, built from the folder `shop` beside this file: planned, deployed, changed,
//! broken, rolled back and removed.
//!
//! ```sh
//! tests/engine.sh cargo run --example environments    # on any machine: engine, registry and base image included
//! cargo run --example environments -- busybox         # on your engine
//! ```
//!
//! README.md shows an excerpt of what it prints.

mod bars;

use bars::Bars;
use longshore::Docker;
use longshore::container::{ContainerSpec, Healthcheck, MIB};
use longshore::deploy::{BuildFrom, Deployment, Event, Project, ProjectEvent, Ready, Service};
use std::error::Error;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result<()> {
    let base = std::env::args().nth(1).or_else(|| std::env::var("LONGSHORE_TEST_IMAGE").ok());
    let base = base.ok_or("usage: environments IMAGE, one with busybox to build on")?;
    let docker = Docker::from_env()?;
    let shown = Box::pin(show(&docker, &base)).await;

    println!("\n== taken down");
    for environment in ["dev", "test", "prod"] {
        shop("1", &base).deployment(environment, &docker)?.teardown().volumes(true).await?;
    }
    for version in ["1", "2"] {
        let _ = docker.image(image(version)).remove().await; // it may not exist yet
    }
    println!("nothing is left");
    shown
}

fn image(version: &str) -> String {
    format!("longshore-example/shop:{version}")
}

/// The application. Development builds its image. Test and production use the image that was built there.
fn shop(version: &str, base: &str) -> Project {
    let run = || ContainerSpec::new(image(version)).stop_signal("SIGKILL").health(Healthcheck::none());
    let worker = run().cmd(["sh", "/bin/work"]).memory(64 * MIB);
    let store = run().cmd(["sh", "/bin/store"]).volume("store", "/data");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/shop");
    let build = BuildFrom::folder(folder).arg("BASE", base).arg("VERSION", version);
    let mode = |shop: &mut Project, mode: &str| {
        for (_, service) in shop.services.iter_mut() {
            service.spec.config.env.set("MODE", mode);
        }
    };
    Project::new("shop")
        .volume("store")
        .service("store", Service::new(store).ready(Ready::log_line("ready")))
        .service("web", Service::new(run()).after("store").replicas(2).ready(Ready::http(80, "/")))
        .service("worker", Service::new(worker).after("store"))
        .environment("dev", move |shop| {
            mode(shop, "dev");
            let web = shop.service_mut("web");
            web.replicas = 1;
            web.build = Some(build);
        })
        .environment("test", move |shop| mode(shop, "test"))
        .environment("prod", move |shop| {
            mode(shop, "prod");
            shop.service_mut("worker").replicas = 2;
        })
}

async fn show(docker: &Docker, base: &str) -> Result<()> {
    let shop_in = |version: &str, environment: &str| {
        let shown = environment.to_owned();
        let mut bars = Bars::default();
        let deployment = shop(version, base).deployment(environment, docker)?;
        Ok::<_, Box<dyn Error>>(deployment.observe(move |event| tell(&mut bars, &shown, event)))
    };
    println!("== dev is planned, and deployed");
    let dev = shop_in("1", "dev")?;
    println!("{}", dev.plan().await?);
    dev.apply().await?;

    println!("\n== test and prod at the same time");
    let (test, prod) = (shop_in("1", "test")?, shop_in("1", "prod")?);
    let (tested, deployed) = tokio::join!(test.apply(), prod.apply());
    tested.and(deployed)?;
    for deployment in [&dev, &test, &prod] {
        println!("page     {}", page(deployment).await?);
    }
    println!("again: {}", prod.plan().await?);

    println!("\n== a new version, by way of dev");
    shop_in("2", "dev")?.apply().await?;
    let new = shop_in("2", "prod")?;
    println!("{}", new.plan().await?);
    new.apply().await?;
    println!("page     {}", page(&new).await?);

    println!("\n== a version that is broken");
    let mut broken = shop("2", base);
    broken.service_mut("web").spec = ContainerSpec::new(image("2")).cmd(["sh", "-c", "echo cannot start; exit 1"]);
    let failure = broken.deployment("prod", docker)?.apply().await.expect_err("it ends at once");
    println!("{failure}");
    println!("page     {}  (the version before still serves)", page(&new).await?);

    println!("\n== back to the first version");
    new.rollback().await?;
    println!("page     {}", page(&new).await?);
    for replica in new.status().await? {
        println!("{replica}");
    }
    Ok(())
}

async fn page(deployment: &Deployment) -> Result<String> {
    let output = deployment.exec("web", ["wget", "-qO-", "http://127.0.0.1:80/"])?.output().await?;
    Ok(output.stdout_text().trim().to_owned())
}

fn tell(bars: &mut Bars, environment: &str, event: &ProjectEvent<'_>) {
    let name = event.target.map_or_else(|| environment.to_owned(), |target| format!("{environment} {target}"));
    match event.event {
        Event::PullProgress(step) => bars.layer(step),
        Event::BuildProgress(step) => {
            bars.layer(step); // a layer of the base image
            if let Some(text) = step.stream.as_deref().map(str::trim_end).filter(|text| text.starts_with("Step")) {
                bars.line(&format!("{name:<16} {text}"));
            }
        }
        Event::Created { .. } => bars.service(&name, "created"),
        Event::Started => bars.service(&name, "started"),
        Event::Ready => bars.service(&name, "ready"),
        Event::Replaced => bars.service(&name, "ready, and the version before is stopped"),
        Event::RolledBack => bars.service(&name, "ready: the version before"),
        Event::Removed => bars.service(&name, "removed"),
        _ => {}
    }
}
