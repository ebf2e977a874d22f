//! No secret is in any `Debug`, error, observed call or span: with a secret in every place that takes one.

use crate::support::registry::sha256;
use crate::support::shown::Shown;
use crate::support::{Engine, Response, on};
use longshore::container::{ContainerInspect, ContainerSpec, Env, LogConfig, Mount, VolumeDriver, VolumeOptions};
use longshore::deploy::Run;
use longshore::exec::ExecInspect;
use longshore::image::{BuildContext, ImageInspect};
use longshore::network::NetworkSpec;
use longshore::system::SystemInfo;
use longshore::volume::{VolumeInspect, VolumeSpec};
use longshore::{Credentials, Docker, Secret, Tls, Upload};
use serde_json::json;

const SECRET: &str = "hunter2";

/// The docker CLI's folder, with a context for this engine and a header that is a secret.
fn folder(host: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let config = json!({"currentContext": "test", "HttpHeaders": {"Authorization": format!("Bearer {SECRET}")}});
    std::fs::write(folder.path().join("config.json"), config.to_string()).expect("written");
    let meta = folder.path().join("contexts/meta").join(sha256(b"test"));
    std::fs::create_dir_all(&meta).expect("a folder");
    let context = json!({"Name": "test", "Metadata": {}, "Endpoints": {"docker": {"Host": host}}});
    std::fs::write(meta.join("meta.json"), context.to_string()).expect("written");
    folder
}

fn spec() -> ContainerSpec {
    let driver = VolumeDriver { name: "nfs".to_owned(), options: [("password", SECRET)].into() };
    let mount = Mount {
        volume_options: Some(VolumeOptions { driver_config: Some(driver), ..VolumeOptions::default() }),
        ..Mount::volume("data", "/data")
    };
    ContainerSpec::new("web")
        .env("TOKEN", SECRET)
        .log(LogConfig::new("splunk").option("splunk-token", SECRET))
        .mount(mount)
}

/// Each handle, each call that takes a secret, and each type that holds one.
fn add_everything(docker: &Docker, shown: &Shown) {
    let credentials = Credentials::password("me", SECRET);
    shown.add(&(docker, docker.containers(), docker.images(), docker.networks(), docker.volumes()));
    let (web, image) = (docker.container("web"), docker.image("example.com/web"));
    shown.add(&(&web, &image, docker.network("back"), docker.volume("data"), docker.exec("fa51")));
    shown.add(&docker.containers().create(spec()).name("web").platform("linux/amd64"));
    shown.add(&web.exec(["login"]).env("TOKEN", SECRET));
    shown.add(&docker.images().build(BuildContext::remote(format!("https://me:{SECRET}@example.com/web.git"))));
    shown.add(
        &docker.images().build(SECRET.as_bytes().to_vec()).build_arg("TOKEN", SECRET).credentials("a", &credentials),
    );
    shown.add(&docker.raw("POST", ["x"]).header("X-Token", SECRET).json(&SECRET).query("token", SECRET));
    shown.add(&docker.login(&credentials).store(true));
    shown.add(&(docker.images().pull("web").credentials(&credentials), image.push().credentials(&credentials)));
    shown.add(&(
        docker.images().search("web").credentials(&credentials),
        image.distribution().credentials(&credentials),
    ));
    shown.add(&(docker.images().load(SECRET.as_bytes().to_vec()), web.put_archive("/", SECRET.as_bytes().to_vec())));
    shown.add(&(docker.images().import(SECRET.as_bytes().to_vec()), Upload::from(SECRET.as_bytes().to_vec())));
    shown.add(&docker.volumes().create(volume()));
    shown.add(&(docker.ping(), docker.info(), docker.version(), docker.events(), docker.disk_usage(), web.logs()));
    shown.add(&(spec(), volume(), &credentials, Secret::from(SECRET), Env::from_iter([format!("TOKEN={SECRET}")])));
    shown.add(&(Credentials::identity_token(SECRET), Credentials::registry_token(SECRET), NetworkSpec::new("back")));
    shown.add(&Run::new(spec()).name("web").credentials(&credentials).volume(volume()));
    shown.add(&Docker::builder().host(format!("tcp://me:{SECRET}@example.com")).observe(shown.clone()));
}

fn volume() -> VolumeSpec {
    VolumeSpec::new("data").driver("nfs").option("o", format!("password={SECRET}"))
}

/// What engines tell of it again.
fn add_responses(shown: &Shown) {
    let config = json!({"Env": [format!("TOKEN={SECRET}")]});
    let host = json!({
        "LogConfig": {"Type": "splunk", "Config": {"splunk-token": SECRET}},
        "Mounts": [{"VolumeOptions": {"DriverConfig": {"Options": {"password": SECRET}}}}],
    });
    let read = |json: serde_json::Value| json.to_string();
    let inspect = read(json!({"Id": "1", "Config": config, "HostConfig": host}));
    shown.add(&serde_json::from_str::<ContainerInspect>(&inspect).expect("a container"));
    shown.add(&serde_json::from_str::<ImageInspect>(&read(json!({"Id": "1", "Config": config}))).expect("an image"));
    let exec = read(json!({"ID": "1", "ProcessConfig": {"entrypoint": "sh"}}));
    shown.add(&serde_json::from_str::<ExecInspect>(&exec).expect("an exec"));
    let volume = read(json!({"Name": "data", "Options": {"o": SECRET}}));
    shown.add(&serde_json::from_str::<VolumeInspect>(&volume).expect("a volume"));
    let ca = json!({"SigningCAKey": SECRET, "ExternalCAs": [{"Options": {"password": SECRET}}]});
    let info = read(json!({"Swarm": {"Cluster": {"Spec": {"CAConfig": ca}}}, "HttpProxy": "http://proxy"}));
    shown.add(&serde_json::from_str::<SystemInfo>(&info).expect("the engine"));
}

#[tokio::test]
async fn no_secret_is_shown() {
    let shown = Shown::default();
    let created = |answer| {
        on("POST /v1.41/containers/create?name=web")
            .with_header("authorization", format!("Bearer {SECRET}"))
            .with_json(serde_json::to_value(spec()).expect("JSON"))
            .respond(answer)
    };
    let wrong_type = json!({"Id": 1, "Warnings": [SECRET], "Env": [SECRET]});
    let engine = Engine::unix([
        created(Response::json(201, &wrong_type)),
        created(Response::text(201, &format!("{{\"Id\": \"1\", \"Env\": [\"{SECRET}\", {SECRET}"))),
        created(Response::error(500, "no")),
        on("GET /v1.41/containers/web/json")
            .respond(Response::json(200, json!({"Config": {"Env": format!("TOKEN={SECRET}")}}))),
    ]);
    let folder = folder(engine.host());
    let builder = Docker::builder().config_folder(folder.path()).context("test").observe(shown.clone());
    let docker = builder.api_version(longshore::Version::new(1, 41)).build().expect("a client");
    #[cfg(feature = "tracing")]
    let (scribe, _guard) = {
        let scribe = crate::support::scribe::Scribe::default();
        let guard = tracing::subscriber::set_default(scribe.clone());
        (scribe, guard)
    };
    add_everything(&docker, &shown);
    add_responses(&shown);
    for _ in 0..3 {
        shown.error(&docker.containers().create(spec()).name("web").await.expect_err("an error"));
    }
    shown.error(&docker.container("web").inspect().await.expect_err("an error"));
    let mut nameless = ContainerSpec::new("web");
    nameless.config.env = Env::from_iter([format!("={SECRET}")]);
    shown.error(&docker.containers().create(nameless).await.expect_err("a variable without a name"));
    shown.error(&docker.raw("GET", ["x"]).header("X-Token", format!("{SECRET}\n")).await.expect_err("no header"));
    shown.error(&docker.images().build(b"x".to_vec()).build_arg("", SECRET).shm_size(0).await.expect_err("no size"));
    shown.error(&Docker::connect(format!("tcp://me:{SECRET}@example.com:x")).expect_err("no host"));
    shown.error(&Docker::connect(format!("http://{SECRET}@example.com:1")).expect_err("no host"));
    keys(folder.path(), &shown);

    let text = shown.text();
    #[cfg(feature = "tracing")]
    let text = text + &scribe.read();
    assert!(text.contains("TOKEN") && text.contains("Container {") && text.len() > 10_000, "{text}");
    let (plain, base64) = (SECRET, "aHVudGVyMg");
    for secret in [plain, base64, "eyJ1c2VybmFtZSI6", "eyJpZGVudGl0eXRva2Vu", "eyJyZWdpc3RyeXRva2Vu"] {
        let found = text.lines().find(|line| line.contains(secret));
        assert!(found.is_none(), "{secret} is in: {}", found.unwrap_or_default());
    }
}

#[tokio::test]
async fn a_specification_that_is_wrong_is_named_by_its_place_alone() {
    let wrong = json!({"Name": "web", "Labels": format!("PASSWORD={SECRET}")});
    let object = |path: &str| {
        let body = json!({"ID": "x", "Version": {"Index": 1}, "Spec": wrong});
        on(format!("GET /v1.44/{path}")).respond(Response::json(200, body))
    };
    let engine = Engine::unix(["services/x", "secrets/x", "configs/x", "nodes/x", "swarm"].map(object));
    let docker = engine.docker(44);
    let errors = [
        docker.service("x").update(|spec| spec).await.expect_err("no labels"),
        docker.secret("x").update(|spec| spec).await.expect_err("no labels"),
        docker.config("x").update(|spec| spec).await.expect_err("no labels"),
        docker.node("x").update(|spec| spec).await.expect_err("no labels"),
        docker.swarm().update(|spec| spec).await.expect_err("no labels"),
    ];
    for error in errors {
        let text = format!("{error} {error:?}");
        assert!(!text.contains(SECRET) && error.to_string().ends_with(" at $.Spec.Labels"), "{text}");
    }
}

/// Files of TLS that are none, with a secret in them.
fn keys(folder: &std::path::Path, shown: &Shown) {
    let file = folder.join("key.pem");
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----\n");
    std::fs::write(&file, pem).expect("written");
    let tls = Tls::new().ca(&file).identity(&file, &file);
    shown.add(&tls);
    let builder = Docker::builder().host("tcp://127.0.0.1:1").tls(tls);
    shown.add(&builder);
    shown.error(&builder.build().expect_err("no keys"));
}
