//! Events and disk usage, against a scripted engine.

use crate::support::{Engine, Response, on};
use longshore::system::{ActionKind, DiskUsageType, EventType, Happening};
use longshore::{Timestamp, container::ContainerStatus};

fn event(action: &str, second: u64) -> String {
    format!(
        "{{\"Type\":\"container\",\"Action\":\"{action}\",\"Actor\":{{\"ID\":\"web\"}},\"scope\":\"local\",\
         \"time\":{second},\"timeNano\":{second}000000001}}"
    )
}

#[tokio::test]
async fn all_three_formats_are_read_and_each_filter_is_sent() {
    let accept = "application/jsonl, application/x-ndjson;q=0.9, application/json-seq;q=0.5";
    let target = "GET /v1.44/events?since=5.000000000&until=6.500000000&filters=%7B%22container%22%3A%7B%22web%22%3Atrue%7D%2C\
        %22event%22%3A%7B%22die%22%3Atrue%2C%22exec_start%22%3Atrue%7D%2C%22label%22%3A%7B%22a%3Db%22%3Atrue%7D%2C\
        %22scope%22%3A%7B%22local%22%3Atrue%7D%2C%22type%22%3A%7B%22container%22%3Atrue%7D%7D";
    for (content_type, before, after) in
        [("application/jsonl", "", "\n"), ("application/json", "", ""), ("application/json-seq", "\u{1e}", "\n")]
    {
        // Behaviour 59.
        let records =
            [event("exec_start: sh -c date", 5), event("die", 6)].map(|event| format!("{before}{event}{after}"));
        let answer = Response::chunked(200, content_type).chunk(&records[0][..20]).chunk(format!(
            "{}{}",
            &records[0][20..],
            records[1]
        ));
        let engine = Engine::unix([on(target).with_header("accept", accept).respond(answer.end())]);
        let events = engine
            .docker(44)
            .events()
            .since(Timestamp::new(5, 0).expect("a time"))
            .until(Timestamp::new(6, 500_000_000).expect("a time"));
        let events = events.kind(EventType::Container).action(ActionKind::Die).action(ActionKind::ExecStart);
        let mut events = events.container("web").label("a=b").scope("local").await.expect("events");
        let first = events.next().await.expect("an event").expect("whole");
        assert_eq!((first.action.kind, first.action.detail.as_deref()), (ActionKind::ExecStart, Some("sh -c date")));
        assert_eq!(events.next().await.expect("an event").expect("whole").action.kind, ActionKind::Die);
        assert!(events.next().await.is_none());
    }
}

fn stream(events: &[(&str, u64)]) -> Response {
    let head = Response::chunked(200, "application/jsonl");
    events.iter().fold(head, |answer, (action, second)| answer.chunk(format!("{}\n", event(action, *second))))
}

#[tokio::test]
async fn a_connection_that_breaks_is_made_again_and_nothing_is_given_twice() {
    let engine = Engine::unix([
        on("GET /v1.44/events").respond(stream(&[("create", 5), ("start", 6), ("top", 6)]).close()),
        // It remembers the last one: nothing was missed.
        on("GET /v1.44/events?since=6.000000001")
            .respond(stream(&[("start", 6), ("top", 6), ("kill", 6), ("die", 7)]).end().close()),
        on("GET /v1.44/events?since=7.000000001").respond(Response::raw("").close()),
        // It does not: what happened between is lost.
        on("GET /v1.44/events?since=7.000000001").respond(stream(&[("start", 9), ("die", 10)]).close()),
        on("GET /v1.44/events?since=10.000000001").respond(Response::error(400, "no more")),
    ]);
    let mut events = engine.docker(44).events().reconnecting().await.expect("events");
    let mut told = Vec::new();
    let error = loop {
        match events.next().await.expect("an end with an error") {
            Ok(Happening::Event(event)) => told.push(event.action.to_string()),
            Ok(Happening::Gap { since }) => told.push(format!("gap since {}", since.expect("a time").as_second())),
            Ok(other) => panic!("{other:?}"),
            Err(error) => break error,
        }
    };
    assert_eq!(told, ["create", "start", "top", "kill", "die", "gap since 7", "start", "die"]);
    assert!(error.is_invalid(), "{error}");
    assert!(events.next().await.is_none());
}

/// Engines stamp events before they queue them, so that a later one may have an earlier time.
#[tokio::test]
async fn events_out_of_order_are_told() {
    let engine = Engine::unix([
        on("GET /v1.44/events").respond(stream(&[("create", 6), ("die", 5), ("start", 7), ("top", 6)]).close()),
        on("GET /v1.44/events?since=7.000000001")
            .respond(stream(&[("top", 6), ("start", 7), ("kill", 9), ("die", 8)]).close()),
        on("GET /v1.44/events?since=9.000000001").respond(Response::error(400, "no more")),
    ]);
    let mut events = engine.docker(44).events().reconnecting().await.expect("events");
    let mut told = Vec::new();
    while let Some(Ok(happening)) = events.next().await {
        let Happening::Event(event) = happening else { panic!("{happening:?}") };
        told.push(event.action.to_string());
    }
    assert_eq!(told, ["create", "die", "start", "top", "kill", "die"]);
}

#[tokio::test]
async fn the_end_that_was_asked_for_is_no_broken_connection() {
    let engine = Engine::unix([on("GET /v1.44/events?until=1.000000000").respond(stream(&[("die", 1)]).end())]);
    let until = Timestamp::new(1, 0).expect("a time");
    let mut events = engine.docker(44).events().until(until).reconnecting().await.expect("events");
    assert!(matches!(events.next().await, Some(Ok(Happening::Event(_)))));
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn disk_usage_is_one_type_for_both_shapes() {
    // Behaviour 60.
    let old = r#"{"LayersSize":9,"Images":null,"Containers":[{"Id":"x","State":"exited","SizeRw":5}],"Volumes":[],"BuildCache":null}"#;
    let new = r#"{"ImageUsage":{"TotalSize":9},"ContainerUsage":{"TotalCount":1,"Reclaimable":5,"TotalSize":5,
        "Items":[{"Id":"x","State":"exited","SizeRw":5}]},"VolumeUsage":null,"LayersSize":9,"Images":[]}"#;
    let engine = Engine::unix([
        on("GET /v1.41/system/df").respond(Response::text(200, old)),
        on("GET /v1.52/system/df?type=container&type=image&verbose=true").respond(Response::text(200, new)),
    ]);
    let before = engine.docker(41).disk_usage().await.expect("usage");
    let call = engine.docker(52).disk_usage().only(DiskUsageType::Container).only(DiskUsageType::Image).verbose(true);
    assert_eq!(call.await.expect("usage"), before);
    assert_eq!(before.containers.items[0].state, ContainerStatus::Exited);
    assert!(engine.docker(41).disk_usage().only("image").await.expect_err("since 1.42").is_version());
}
