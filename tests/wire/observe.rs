//! What observers and traces learn of a call, and what they do not.

use crate::support::watched::{calls, engine};
use crate::support::{Engine, Response, on};
use longshore::{Docker, ErrorKind, Observe, Observed, Version};
use std::sync::{Arc, Mutex};

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
async fn a_call_that_is_dropped_is_told_too() {
    #[derive(Clone, Debug, Default)]
    struct Dropped(Arc<Mutex<Vec<bool>>>);

    impl Observe for Dropped {
        fn answered(&self, call: &Observed<'_>) {
            self.0.lock().expect("no panic").push(call.dropped && call.status.is_none());
        }
    }

    let engine = Engine::unix([
        on("GET /v1.44/info").respond(Response::text(200, "{}")),
        on("GET /v1.44/info").respond(Response::raw("").stall()),
    ]);
    let told = Dropped::default();
    let builder = Docker::builder().host(engine.host()).api_version(Version::new(1, 44)).observe(told.clone());
    let docker = builder.build().expect("a client");
    docker.info().await.expect("the engine");
    let call = docker.info().into_future();
    tokio::time::timeout(std::time::Duration::from_millis(50), call).await.expect_err("no answer");
    assert_eq!(*told.0.lock().expect("no panic"), [false, true]);
}

#[tokio::test]
async fn a_call_that_gets_no_answer_is_told_too() {
    let diary = Diary::default();
    let builder = Docker::builder().host("unix:///nowhere.sock").api_version(Version::NEWEST);
    let docker = builder.observe(diary.clone()).build().expect("a client");
    docker.info().await.expect_err("no engine");
    assert_eq!(diary.read().last().expect("told"), "answered GET /info Some(\"1.56\") None Some(Connect)");
}
