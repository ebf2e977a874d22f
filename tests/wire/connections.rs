//! Connections are kept, reused, replaced when they died, and closed with what used them.

use crate::support::{Engine, Response, on};
use longshore::{Connect, Connecting, Docker, ErrorKind};
use serde_json::json;
use std::io::{BufRead, BufReader, Write};
use std::sync::mpsc::channel;
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

fn pings(count: usize) -> impl Iterator<Item = crate::support::Exchange> {
    (0..count).map(|_| on("HEAD /_ping").respond(Response::ping("1.41")))
}

#[tokio::test]
async fn a_close_is_told_to_each_that_waits_for_it() {
    let (first, closed) = std::sync::mpsc::channel();
    let second = first.clone();
    let ping = |told| on("GET /v1.41/info").respond(Response::json(200, json!({})).on_close(told));
    let engine = Engine::unix([ping(first), ping(second)]);
    let docker = engine.docker(41);
    for _ in 0..2 {
        docker.info().await.expect("an answer, on the same connection");
    }
    assert_eq!(engine.connections(), 1);
    drop((docker, engine));
    let told = tokio::task::spawn_blocking(move || closed.iter().count()).await.expect("a thread");
    assert_eq!(told, 2);
}

#[tokio::test]
async fn two_hundred_pings_take_one_connection() {
    for engine in [Engine::unix(pings(200)), Engine::tcp(pings(200))] {
        let docker = engine.docker(41);
        for _ in 0..200 {
            docker.ping().await.expect("a ping");
        }
        assert_eq!(engine.connections(), 1, "{}", engine.host());
    }
}

#[test]
fn a_client_in_a_static_serves_several_runtimes() {
    static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::unix(pings(40)));
    static DOCKER: LazyLock<Docker> = LazyLock::new(|| ENGINE.docker(41));
    let ping_twice = || async {
        DOCKER.ping().await.expect("a ping");
        DOCKER.ping().await.expect("a ping");
    };
    let current = || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for _ in 0..4 {
        current().block_on(ping_twice()); // the runtime is gone after it
    }
    let idle = current(); // this one stays, but nothing drives its sockets any more
    idle.block_on(ping_twice());
    for _ in 0..4 {
        current().block_on(ping_twice());
    }
    idle.block_on(ping_twice());
    let threads = tokio::runtime::Runtime::new().expect("a runtime");
    threads.block_on(async { tokio::spawn(ping_twice()).await.expect("a task") });
    assert_eq!(ENGINE.connections(), 10, "one for each runtime");
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_is_replaced() {
    for listen in [Engine::unix, Engine::tcp] {
        let (closed, heard) = channel();
        let closing = || Response::raw("HTTP/1.1 204 No Content\r\n\r\n").close().on_close(closed.clone());
        let engine = listen(vec![
            on("POST /v1.41/containers/web/start").respond(closing()),
            on("POST /v1.41/containers/web/stop").respond(closing()),
            on("POST /v1.41/containers/web/start").respond(closing()),
        ]);
        let web = engine.docker(41).container("web");
        for call in [web.start().into_future(), web.stop().into_future(), web.start().into_future()] {
            call.await.expect("a POST that was not sent to anybody before");
            // Blocks this runtime: nothing has told it that the socket is closed when the next call begins.
            heard.recv_timeout(Duration::from_secs(10)).expect("the engine closes");
        }
        assert_eq!(engine.received().len(), 3, "nothing was sent twice");
        assert_eq!(engine.connections(), 3);
    }
}

#[tokio::test]
async fn a_request_that_may_have_arrived_is_sent_again_only_if_it_is_safe() {
    let engine = Engine::unix([
        on("GET /v1.41/containers/json").respond(Response::text(200, "[]")),
        // Read, and never answered: the worst moment.
        on("GET /v1.41/containers/json").respond(Response::raw("").close()),
        on("GET /v1.41/containers/json").respond(Response::text(200, "[]")),
        on("POST /v1.41/containers/web/start").respond(Response::raw("").close()),
    ]);
    let docker = engine.docker(41);
    docker.containers().list().await.expect("the first");
    docker.containers().list().await.expect("sent again on another connection");
    let error = docker.container("web").start().await.expect_err("a POST is not sent twice");
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert_eq!(
        error.to_string(),
        "POST /containers/web/start: the connection closed before the engine responded; \
         the engine may or may not have processed the request"
    );
    assert_eq!(engine.received().len(), 4);
}

#[tokio::test]
async fn a_new_connection_that_dies_is_not_tried_again() {
    let engine = Engine::unix([on("GET /v1.41/info").respond(Response::raw("").close())]);
    let error = engine.docker(41).info().await.expect_err("no answer");
    assert_eq!(error.kind(), ErrorKind::Interrupted);
}

#[tokio::test]
async fn many_callers_at_once_keep_their_connections() {
    let engine = Engine::unix(pings(128));
    let docker = engine.docker(41);
    for _ in 0..2 {
        let calls: Vec<_> = (0..64).map(|_| tokio::spawn(docker.ping().into_future())).collect();
        for call in calls {
            call.await.expect("a task").expect("a ping");
        }
    }
    assert!(engine.connections() <= 64, "{} connections", engine.connections());
}

#[tokio::test]
async fn a_dropped_stream_closes_its_connection() {
    let (closed, heard) = channel();
    let engine = Engine::unix([on("GET /v1.44/containers/web/logs?stdout=true&stderr=true&follow=true")
        .respond(Response::chunked(200, "application/vnd.docker.raw-stream").chunk("hello").on_close(closed))]);
    let mut logs = engine.docker(44).container("web").logs().follow(true).await.expect("logs");
    assert_eq!(logs.next().await.expect("a chunk").expect("output").bytes, "hello");
    drop(logs);
    heard.recv_timeout(Duration::from_secs(10)).expect("the engine sees the end");
}

#[tokio::test]
async fn an_answer_with_more_to_come_is_not_reused() {
    let engine = Engine::unix([
        on("GET /v1.41/version").respond(Response::raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}junk")),
        on("GET /v1.41/version").respond(Response::raw("HTTP/1.0 200 OK\r\n\r\n{}").close()),
        on("GET /v1.41/version")
            .respond(Response::raw("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}")),
        on("GET /v1.41/version").respond(Response::json(200, json!({}))),
    ]);
    let docker = engine.docker(41);
    for _ in 0..4 {
        docker.version().await.expect("a version");
    }
    assert_eq!(engine.connections(), 4);
}

#[tokio::test]
async fn any_socket_will_do() {
    #[derive(Debug)]
    struct InMemory(Mutex<Option<tokio::io::DuplexStream>>);

    impl Connect for InMemory {
        fn connect(&self) -> Connecting<'_> {
            let socket = self.0.lock().expect("the socket").take();
            Box::pin(async { Ok(Box::new(socket.ok_or_else(|| std::io::Error::other("only one"))?) as _) })
        }
    }

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let (client, mut engine) = tokio::io::duplex(4096);
    let docker = Docker::builder().connector(InMemory(Mutex::new(Some(client)))).build().expect("a client");
    let serve = async {
        for answer in ["HTTP/1.1 200 OK\r\nApi-Version: 1.43\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n"] {
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                request.push(engine.read_u8().await.expect("a request"));
            }
            engine.write_all(answer.as_bytes()).await.expect("an answer");
        }
        drop(engine);
    };
    let (started, ()) = tokio::join!(docker.container("web").start().into_future(), serve);
    started.expect("start");
    let error = docker.container("web").start().await.expect_err("there was only one");
    assert!(error.is_connect(), "{error}");
    assert_eq!(
        error.to_string(),
        "POST /containers/web/start: cannot connect to the engine, through the given connector: only one"
    );
}

/// As with a proxy that accepts connections while there is no engine behind it.
#[tokio::test]
async fn a_peer_that_closes_at_once_has_been_sent_nothing() {
    #[derive(Debug)]
    struct Closed;

    impl Connect for Closed {
        fn connect(&self) -> Connecting<'_> {
            Box::pin(async { Ok(Box::new(tokio::io::duplex(64).0) as _) })
        }
    }

    let docker = Docker::builder().connector(Closed).api_version("1.41").build().expect("a client");
    let error = docker.container("web").start().await.expect_err("closed");
    assert!(error.is_connect(), "{error}");
    assert_eq!(
        error.to_string(),
        "POST /containers/web/start: cannot connect to the engine, through the given connector: the connection closed before \
         the request was sent"
    );
}

/// What the runtime made for a stream is gone with it; a socket in memory is not.
#[test]
fn a_stream_outlives_its_runtime_if_its_socket_does() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[derive(Debug)]
    struct InMemory(Mutex<Option<tokio::io::DuplexStream>>);

    impl Connect for InMemory {
        fn connect(&self) -> Connecting<'_> {
            let socket = self.0.lock().expect("the socket").take().expect("a single connection");
            Box::pin(async { Ok(Box::new(socket) as _) })
        }
    }

    let (client, mut engine) = tokio::io::duplex(4096);
    let builder =
        Docker::builder().connector(InMemory(Mutex::new(Some(client)))).api_version(longshore::Version::NEWEST);
    let docker = builder.build().expect("a client");
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut events = runtime().block_on(async {
        let serve = async {
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                request.push(engine.read_u8().await.expect("a request"));
            }
            engine.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.expect("a response");
        };
        let call = docker.events().limits(longshore::Limits::new().idle(Duration::from_secs(60)));
        let (events, ()) = tokio::join!(call.into_future(), serve);
        let mut events = events.expect("events");
        let nothing = tokio::time::timeout(Duration::from_millis(1), events.next()).await;
        assert!(nothing.is_err(), "no event yet: its limit runs");
        events
    });
    runtime().block_on(async {
        let soon = tokio::time::timeout(Duration::from_millis(1), events.next()).await;
        assert!(soon.is_err(), "no event yet");
        engine.write_all(b"{\"Type\":\"container\"}\n").await.expect("an event");
        events.next().await.expect("an event").expect("decoded");
    });
}

#[tokio::test]
async fn an_idle_connection_closes_when_its_time_is_over() {
    let (closed, is_closed) = channel();
    let engine = Engine::unix([on("HEAD /_ping").respond(Response::ping("1.41").on_close(closed))]);
    let docker = engine.docker(41);
    docker.ping().await.expect("a ping");
    assert!(is_closed.try_recv().is_err(), "it is kept");
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(31)).await;
    for _ in 0..10 {
        tokio::task::yield_now().await; // what closes it runs
    }
    is_closed.recv_timeout(Duration::from_secs(10)).expect("it is closed");
}

// The runtime has not looked at its sockets since; or the task has spent its cooperative budget, and sees nothing of them.
#[tokio::test]
async fn a_stray_response_on_an_idle_connection_is_nobodys() {
    for budget_is_spent in [false, true] {
        second_request_gets_its_own(budget_is_spent).await;
    }
}

async fn second_request_gets_its_own(budget_is_spent: bool) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("engine.sock");
    let listener = std::os::unix::net::UnixListener::bind(&path).expect("a socket");
    let (stray, told) = std::sync::mpsc::channel();
    let (go_on, asked) = std::sync::mpsc::channel::<()>();
    let engine = std::thread::spawn(move || {
        let response = |body: &str| format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let mut first = listener.accept().expect("a connection").0;
        read_head(&mut first);
        first.write_all(response("first").as_bytes()).expect("written");
        asked.recv().expect("asked");
        first.write_all(response("stray").as_bytes()).expect("written");
        stray.send(()).expect("told");
        let mut second = listener.accept().expect("another connection").0;
        assert_eq!(read_head(&mut second), "GET /second HTTP/1.1");
        second.write_all(response("second").as_bytes()).expect("written");
    });
    let docker = Docker::connect(format!("unix://{}", path.display())).expect("a client");
    let get = async |path: &str| {
        let response = docker.raw("GET", [path]).versioned(false).await.expect("a response");
        response.bytes().await.expect("a body")
    };
    assert_eq!(get("first").await, "first");
    go_on.send(()).expect("sent");
    told.recv().expect("it is there"); // blocks the runtime's only thread
    let since = std::time::Instant::now();
    while since.elapsed() < std::time::Duration::from_millis(2) {}
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    let numbers = if budget_is_spent { 0..1000 } else { 0..0 };
    numbers.for_each(|number| sender.send(number).expect("sent"));
    let mut second = std::pin::pin!(get("second"));
    let body = std::future::poll_fn(|cx| {
        while receiver.poll_recv(cx).is_ready() {} // until the budget is spent
        second.as_mut().poll(cx)
    });
    assert_eq!(body.await, "second");
    engine.join().expect("its end");
}

/// The request's line.
fn read_head(stream: &mut std::os::unix::net::UnixStream) -> String {
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().swap_remove(0)
}
