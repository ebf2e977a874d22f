//! What traces show of a call. Alone in its process: `tracing` remembers for all threads who listens to what.

#![cfg(feature = "tracing")]

use crate::support::scribe::Scribe;
use crate::support::watched::{calls, engine};
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
