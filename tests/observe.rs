//! What observers and traces learn of a call, and what they do not.

mod support;

use longshore::container::ContainerSpec;
use longshore::{Credentials, Docker, ErrorKind, Observe, Observed, Version};
use std::sync::{Arc, Mutex};
use support::{Answer, Engine, on};

/// Writes down all that it is told.
#[derive(Clone, Debug, Default)]
struct Diary(Arc<Mutex<Vec<String>>>);

impl Diary {
    fn write(&self, what: &str, call: &Observed<'_>) {
        let Observed { method, template, version, status, error, .. } = call;
        let version = version.map(|version| version.to_string());
        self.0.lock().expect("the diary").push(format!("{what} {method} {template} {version:?} {status:?} {error:?}"));
    }

    fn read(&self) -> Vec<String> {
        self.0.lock().expect("the diary").clone()
    }
}

impl Observe for Diary {
    fn begins(&self, call: &Observed<'_>) {
        self.write("begins", call);
    }

    fn answered(&self, call: &Observed<'_>) {
        self.write("answered", call);
    }
}

fn engine() -> Engine {
    Engine::unix([
        on("HEAD /_ping").answer(Answer::ping("1.44")),
        on("GET /v1.44/containers/json?filters=%7B%22label%22%3A%7B%22hunter2%22%3Atrue%7D%7D")
            .answer(Answer::text(200, "[]")),
        on("POST /v1.44/containers/hunter2/start").answer(Answer::error(404, "No such container: hunter2")),
        on("POST /v1.44/images/create?fromImage=docker.io%2Flibrary%2Fx&tag=latest").answer(Answer::error(401, "no")),
        on("POST /v1.44/containers/create")
            .with_json(serde_json::json!({"Image": "x", "Env": ["P=hunter2"]}))
            .answer(Answer::json(201, &serde_json::json!({"Id": "hunter2", "Warnings": ["hunter2"]}))),
    ])
}

async fn calls(docker: &Docker) {
    docker.containers().list().label("hunter2").await.expect("a list");
    docker.container("hunter2").start().await.expect_err("absent");
    let credentials = Credentials::password("me", "hunter2");
    docker.images().pull("x").credentials(&credentials).await.expect_err("unauthorized");
    docker.containers().create(ContainerSpec::new("x").env("P", "hunter2")).await.expect("a container");
}

#[tokio::test]
async fn an_observer_is_told_of_each_call_and_of_no_name() {
    let (engine, diary) = (engine(), Diary::default());
    let docker = Docker::builder().host(engine.host()).observe(diary.clone()).build().expect("a client");
    calls(&docker).await;
    let kind = ErrorKind::Status;
    let expected = [
        "begins GET /containers/json None None None".to_owned(),
        "answered GET /containers/json Some(\"1.44\") Some(200) None".to_owned(),
        "begins POST /containers/{id}/start Some(\"1.44\") None None".to_owned(),
        format!("answered POST /containers/{{id}}/start Some(\"1.44\") Some(404) Some({kind:?})"),
        "begins POST /images/create Some(\"1.44\") None None".to_owned(),
        format!("answered POST /images/create Some(\"1.44\") Some(401) Some({kind:?})"),
        "begins POST /containers/create Some(\"1.44\") None None".to_owned(),
        "answered POST /containers/create Some(\"1.44\") Some(201) None".to_owned(),
    ];
    assert_eq!(diary.read(), expected);
}

#[tokio::test]
async fn a_call_that_gets_no_answer_is_told_too() {
    let diary = Diary::default();
    let builder = Docker::builder().host("unix:///nowhere.sock").api_version(Version::NEWEST);
    let docker = builder.observe(diary.clone()).build().expect("a client");
    docker.info().await.expect_err("no engine");
    assert_eq!(diary.read().last().expect("told"), "answered GET /info Some(\"1.55\") None Some(Connect)");
}

#[cfg(feature = "tracing")]
mod traces {
    use super::support::scribe::Scribe;
    use super::{calls, engine};
    use longshore::Docker;

    #[tokio::test]
    async fn a_span_has_what_may_be_known_and_no_secret() {
        let (engine, scribe) = (engine(), Scribe::default());
        let docker = Docker::connect(engine.host()).expect("a client");
        let guard = tracing::subscriber::set_default(scribe.clone());
        calls(&docker).await;
        drop(guard);
        let text = scribe.read();
        for words in [
            "otel.name=POST /containers/{id}/start",
            "otel.kind=\"client\"",
            "http.request.method=\"POST\"",
            "url.template=\"/containers/{id}/start\"",
            "http.response.status_code=404",
            "docker.api_version=1.44",
            "error.type=Status",
            "http.client.request.duration=",
        ] {
            assert!(text.contains(words), "{words} is not in:{text}");
        }
        for secret in ["hunter2", "aHVudGVyMg", "eyJ1c2VybmFtZ"] {
            assert!(!text.contains(secret), "{secret} is in:{text}");
        }
    }
}
