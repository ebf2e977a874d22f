//! `GET /containers/{id}/stats`, `/top` and `/changes`

use crate::support::{Engine, Response, fixture, on};
use longshore::ErrorKind;
use longshore::container::{ChangeKind, ContainerStats};
use serde_json::json;
use std::sync::mpsc::channel;

fn recorded(name: &str) -> String {
    fixture(&format!("docker-20.10.24/container_{name}.json"))
}

fn near(value: f64, expected: f64) -> bool {
    (value - expected).abs() < 1e-6
}

// behaviour 44
#[tokio::test]
async fn once_and_in_one_shot() {
    let engine = Engine::unix([
        on("GET /v1.41/containers/web/stats?stream=false").respond(Response::text(200, &recorded("stats"))),
        on("GET /v1.41/containers/web/stats?stream=false&one-shot=true")
            .respond(Response::text(200, &recorded("stats_one_shot"))),
        on("GET /v1.41/containers/web/stats?stream=false").respond(Response::text(200, &recorded("stats_stopped"))),
        on("GET /v1.41/containers/web/stats?stream=false").respond(Response::error(404, "No such container: web")),
    ]);
    let web = engine.docker(41).container("web");
    let stats = web.stats().once().await.expect("stats");
    assert_eq!(stats.name.as_deref(), Some("/longshore-record-used"));
    assert!(stats.read > stats.preread && stats.preread.is_some());
    assert!(near(stats.cpu_percent(), f64::from(44_333_355 - 35_194_148) / 2_020_000_000.0 * 2.0 * 100.0));
    assert_eq!(stats.memory_usage(), 4_190_208 - 409_600);
    assert!(near(stats.memory_percent(), f64::from(4_190_208 - 409_600) / 67_108_864.0 * 100.0));
    assert_eq!((stats.pids_stats.current, stats.pids_stats.limit), (Some(8), Some(64)));
    assert_eq!((stats.networks["eth0"].rx_bytes, stats.networks["eth0"].rx_packets), (1086, 9));
    assert_eq!(stats.cpu_stats.cpu_usage.percpu_usage.len(), 2);

    let stats = web.stats().one_shot().await.expect("stats");
    assert!(stats.cpu_stats.cpu_usage.total_usage > 0 && stats.memory_usage() > 0);
    assert_eq!((stats.preread, stats.precpu_stats.cpu_usage.total_usage), (None, 0));
    let stats = web.stats().once().await.expect("nothing, but no error");
    assert_eq!((stats.read, stats.memory_usage(), stats.memory_stats.limit), (None, 0, None));
    assert!(stats.id.is_some());
    assert!(web.stats().once().await.expect_err("not there").is_not_found());
}

// behaviour 45
#[tokio::test]
async fn a_stream_has_one_after_the_other() {
    let request = "GET /v1.41/containers/web/stats?stream=true";
    let body = recorded("stats_stream");
    let length = body.len();
    let piece = |from: usize, to: usize| body[from..to].to_owned();
    let answer = Response::chunked(200, "application/json");
    let answer = answer.chunk(piece(0, 700)).chunk(piece(700, 701)).chunk(piece(701, length)).end();
    let broken = Response::chunked(200, "application/json").chunk(piece(0, 700)).end();
    let engine = Engine::unix([
        on(request).respond(answer),
        on(request).respond(broken),
        on(request).respond(Response::chunked(200, "application/json").chunk("{\"pids_stats\": 3}").end()),
        on(request).respond(Response::error(404, "No such container: web")),
    ]);
    let web = engine.docker(41).container("web");
    let mut stats = web.stats().await.expect("a stream");
    let first = stats.next().await.expect("one").expect("one");
    assert_eq!((first.preread, first.precpu_stats.cpu_usage.total_usage), (None, 0));
    let second = stats.next().await.expect("another").expect("another");
    assert_eq!(second.preread, first.read);
    assert_eq!(second.precpu_stats, first.cpu_stats);
    assert!(stats.next().await.is_none(), "the container was removed");

    let mut stats = web.stats().await.expect("a stream");
    let error = stats.next().await.expect("an error").expect_err("half of one");
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert!(
        error.to_string().starts_with("GET /containers/web/stats: the connection closed in the middle of a record"),
        "{error}"
    );
    assert!(stats.next().await.is_none());
    let error = web.stats().await.expect("a stream").next().await.expect("an error").expect_err("not as documented");
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("pids_stats"), "{error}");
    assert!(web.stats().await.expect_err("not there").is_not_found());
}

/// Podman takes no two samples for a single reading, but for each in its stream.
#[tokio::test]
async fn once_on_podman_is_the_second_reading() {
    let of = |cpu: u64, system: u64| json!({"cpu_usage": {"total_usage": cpu}, "system_cpu_usage": system, "online_cpus": 2});
    let (zero, since) = ("0001-01-01T00:00:00Z", "2026-11-30T21:35:15Z");
    let single =
        json!({"preread": zero, "cpu_stats": of(4000, 5000), "precpu_stats": {"cpu_usage": {"total_usage": 0}}});
    let first = json!({"preread": since, "cpu_stats": of(4000, 5000), "precpu_stats": of(4000, 5000)});
    let second = json!({"preread": since, "cpu_stats": of(4050, 6000), "precpu_stats": of(4000, 5000)});
    let [once, stream] = ["false", "true"].map(|stream| format!("GET /v1.41/containers/web/stats?stream={stream}"));
    let engine = Engine::unix([
        on(&once).respond(Response::json(200, &single)),
        on(&stream).respond(Response::records([&first, &second])),
        on(&once).respond(Response::json(200, &single)),
        on(&stream).respond(Response::records([&first])),
        on(&once).respond(Response::json(200, &single)),
        on(&stream).respond(Response::error(404, "no such container")),
        on(format!("{once}&one-shot=true")).respond(Response::json(200, &single)),
    ]);
    let web = engine.docker(41).container("web");
    assert!(near(web.stats().once().await.expect("stats").cpu_percent(), 10.0));
    for _ in ["after the first reading", "before the stream begins"] {
        let last = web.stats().once().await.expect("what there was of a container that is gone");
        assert_eq!((last.preread, last.cpu_stats.cpu_usage.total_usage), (None, 4000));
    }
    assert_eq!(web.stats().one_shot().await.expect("stats").preread, None);
}

#[tokio::test]
async fn dropping_the_stream_closes_it() {
    let (test, end) = channel();
    let one = json!({"name": "/web"}).to_string();
    let answer = Response::chunked(200, "application/json").chunk(one).stall().on_close(test);
    let engine = Engine::unix([on("GET /v1.41/containers/web/stats?stream=true").respond(answer)]);
    let mut stats = engine.docker(41).container("web").stats().await.expect("a stream");
    assert_eq!(stats.next().await.expect("one").expect("one").name.as_deref(), Some("/web"));
    drop(stats);
    let closed = tokio::task::spawn_blocking(move || end.recv_timeout(std::time::Duration::from_secs(10)));
    closed.await.expect("a task").expect("closed");
}

#[test]
fn fixtures_are_kept_whole() {
    for name in ["stats", "stats_one_shot", "stats_stopped"] {
        let decoded: ContainerStats = serde_json::from_str(&recorded(name)).expect(name);
        let encoded = serde_json::to_string(&decoded).expect("JSON");
        assert_eq!(serde_json::from_str::<ContainerStats>(&encoded).expect("again"), decoded, "{name}");
    }
}

#[tokio::test]
async fn top_lists_processes() {
    let engine = Engine::unix([
        on("GET /v1.41/containers/web/top?ps_args=-eo%20pid%2Cargs").respond(Response::text(200, &recorded("top"))),
        on("GET /v1.41/containers/web/top").respond(Response::error(409, "Container 282c is not running")),
        on("GET /v1.41/containers/web/top?ps_args=-bogus")
            .respond(Response::error(500, "ps: error: unsupported SysV option")),
    ]);
    let web = engine.docker(41).container("web");
    let processes = web.top().ps_args("-eo pid,args").await.expect("processes");
    assert_eq!(processes.titles, ["PID", "COMMAND"]);
    assert_eq!(processes.column("COMMAND").collect::<Vec<_>>(), ["/bin/sh /bin/serve", "httpd -f -p 80 -h /www"]);
    assert!(web.top().await.expect_err("not running").is_conflict());
    assert_eq!(web.top().ps_args("-bogus").await.expect_err("unknown").status(), Some(500));
}

#[tokio::test]
async fn changes_lists_files_and_null_is_none() {
    let request = "GET /v1.41/containers/web/changes";
    let engine = Engine::unix([
        on(request).respond(Response::text(200, &recorded("changes"))),
        on(request).respond(Response::text(200, &recorded("changes_none"))),
        on(request).respond(Response::text(200, "[null,{\"Path\":\"/x\",\"Kind\":7}]")),
        on(request).respond(Response::error(404, "No such container: web")),
    ]);
    let web = engine.docker(41).container("web");
    let changes = web.changes().await.expect("changes");
    let changes: Vec<_> = changes.iter().map(|change| (change.path.as_str(), change.kind)).collect();
    let modified = ["/etc", "/etc/passwd", "/tmp"].map(|path| (path, ChangeKind::Modified));
    assert_eq!(changes, [&modified[..], &[("/tmp/new", ChangeKind::Added), ("/www", ChangeKind::Deleted)]].concat());
    assert_eq!(web.changes().await.expect("none"), []);
    assert_eq!(web.changes().await.expect("one")[0].kind, ChangeKind::Unknown(7));
    assert!(web.changes().await.expect_err("not there").is_not_found());
}
