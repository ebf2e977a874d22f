//! Events whose connection ends again and again. The clock is the test's own: it goes on only while everything waits.

use longshore::system::{Happening, ReconnectingEvents};
use longshore::{Connect, Connecting, Docker, ErrorKind, Limits, Timestamp, Version};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream};
use tokio::time::{Instant, sleep};

/// The most that a client may ask of an engine that it cannot get anything new from: once, and 9 attempts.
const MOST: usize = 10;
const SECOND: Duration = Duration::from_secs(1);

/// The records of a stream, and how long it stays open after them.
type Answer = (String, Duration);

/// An engine in memory. The last answer is the one to all further requests.
#[derive(Clone, Debug)]
struct Memory {
    script: Arc<Vec<Answer>>,
    asked: Arc<Mutex<Vec<(Instant, String)>>>,
}

impl Connect for Memory {
    fn connect(&self) -> Connecting<'_> {
        let (client, engine) = tokio::io::duplex(64 << 10);
        tokio::spawn(self.clone().serve(engine));
        Box::pin(async { Ok(Box::new(client) as _) })
    }
}

impl Memory {
    fn new(script: impl IntoIterator<Item = Answer>) -> Self {
        Self { script: Arc::new(script.into_iter().collect()), asked: Arc::default() }
    }

    fn docker(&self) -> Docker {
        Docker::builder().connector(self.clone()).api_version(Version::new(1, 44)).build().expect("a client")
    }

    async fn serve(self, socket: DuplexStream) {
        let (mut socket, mut head) = (BufReader::new(socket), String::new());
        while !head.ends_with("\r\n\r\n") {
            if socket.read_line(&mut head).await.is_ok_and(|length| length == 0) {
                return;
            }
        }
        let number = {
            let mut asked = self.asked.lock().expect("no panic");
            asked.push((Instant::now(), head.lines().next().expect("a line").to_owned()));
            asked.len() - 1
        };
        let (records, open) = self.script.get(number).or(self.script.last()).expect("an answer");
        let begin = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/jsonl\r\n\r\n";
        socket.write_all(format!("{begin}{records}").as_bytes()).await.expect("the client reads");
        sleep(*open).await;
    }

    fn count(&self) -> usize {
        self.asked.lock().expect("no panic").len()
    }

    /// The pauses before each request.
    fn pauses(&self) -> Vec<Duration> {
        let asked = self.asked.lock().expect("no panic");
        asked.iter().skip(1).zip(asked.iter()).map(|(next, last)| next.0 - last.0).collect()
    }
}

fn event(action: &str, second: u64) -> String {
    format!(
        "{{\"Type\":\"container\",\"Action\":\"{action}\",\"Actor\":{{\"ID\":\"web\"}},\"scope\":\"local\",\
         \"time\":{second},\"timeNano\":{second}000000000}}\n"
    )
}

fn at_once(records: &str) -> Answer {
    (records.to_owned(), Duration::ZERO)
}

/// The actions of the events and the gaps, up to the error or the end.
async fn told(events: &mut ReconnectingEvents) -> (Vec<String>, Option<longshore::Error>) {
    let mut told = Vec::new();
    loop {
        match events.next().await {
            Some(Ok(Happening::Event(event))) => told.push(event.action.to_string()),
            Some(Ok(Happening::Gap { since })) => told.push(format!("gap since {:?}", since.map(Timestamp::as_second))),
            Some(Ok(other)) => panic!("{other:?}"),
            Some(Err(error)) => return (told, Some(error)),
            None => return (told, None),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_ends_each_stream_is_asked_ever_less_and_then_given_up() {
    let until = Timestamp::now().as_second() + 60; // by the clock of the engine it is over
    for (until, hint) in [(None, false), (Some(Timestamp::new(until, 0).expect("a time")), true)] {
        let engine = Memory::new([at_once(&event("start", 6))]);
        let events = engine.docker().events();
        let events = until.into_iter().fold(events, longshore::system::Events::until);
        let mut events = events.reconnecting().await.expect("events");
        let (told, error) = told(&mut events).await;
        let error = error.expect("an error");
        assert_eq!(told, ["start"]);
        assert_eq!(error.kind(), ErrorKind::Interrupted);
        assert!(error.to_string().starts_with("GET /events: the engine keeps ending the stream of events"), "{error}");
        assert_eq!(error.to_string().contains("clock"), hint);
        assert_eq!(engine.count(), MOST);
        let pauses = engine.pauses();
        assert!(pauses[1..].iter().all(|pause| *pause >= SECOND / 10), "{pauses:?}");
        assert!(pauses.is_sorted() && pauses.iter().sum::<Duration>() > SECOND * 20, "{pauses:?}");
        assert!(events.next().await.is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn new_events_are_progress() {
    let answers = (1..30).map(|second| at_once(&(event("top", second) + &event("top", second + 1))));
    let engine = Memory::new(answers);
    let (told, error) = told(&mut engine.docker().events().reconnecting().await.expect("events")).await;
    assert_eq!(told, ["top"; 30]);
    assert_eq!(error.expect("an error").kind(), ErrorKind::Interrupted);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_decoded_ends_the_stream() {
    for (record, kind) in [("{\"time\":\"x\"}\n", ErrorKind::Decode), ("{\"message\":\"no\"}\n", ErrorKind::Status)] {
        let engine = Memory::new([at_once(&event("start", 6)), at_once(&(event("start", 6) + record))]);
        let (told, error) = told(&mut engine.docker().events().reconnecting().await.expect("events")).await;
        assert_eq!(told, ["start"]);
        assert_eq!(error.expect("an error").kind(), kind);
        assert_eq!(engine.count(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_lost_before_the_first_event_is_a_gap() {
    let script = || [at_once(""), (event("start", 6) + "{\"time\":\"x\"}\n", Duration::ZERO)];
    let engine = Memory::new(script());
    let (told_of, _) = told(&mut engine.docker().events().reconnecting().await.expect("events")).await;
    assert_eq!(told_of, ["gap since None", "start"]);

    let engine = Memory::new(script());
    let since = Timestamp::new(5, 0).expect("a time");
    let (told, _) = told(&mut engine.docker().events().since(since).reconnecting().await.expect("events")).await;
    assert_eq!(told, ["start"], "the engine is asked for all of them again");
}

#[tokio::test(start_paused = true)]
async fn a_quiet_stream_that_a_proxy_closes_every_hour_goes_on() {
    let hour = || (event("start", 6), SECOND * 3600);
    let end = event("start", 6) + &event("die", 7) + "{\"time\":\"x\"}\n";
    let engine = Memory::new((0..50).map(|_| hour()).chain([at_once(&end)]));
    let (told, _) = told(&mut engine.docker().events().reconnecting().await.expect("events")).await;
    assert_eq!(told, ["start", "die"]);
    assert!(engine.pauses().iter().all(|pause| *pause == SECOND * 3600), "it is reopened at once");
}

#[tokio::test(start_paused = true)]
async fn the_whole_limit_is_for_all_connections_together_and_idle_for_each() {
    let silent = || [(event("start", 6), SECOND * 3600)];
    for script in [silent(), [(event("start", 6), SECOND * 15)]] {
        let engine = Memory::new(script);
        let begun = Instant::now();
        let limits = Limits::new().whole(SECOND * 100).idle(SECOND * 30);
        let (told, error) =
            told(&mut engine.docker().events().limits(limits).reconnecting().await.expect("events")).await;
        let error = error.expect("an error");
        assert!(error.is_timeout() && error.to_string().contains("100s"), "{error}");
        assert!((SECOND * 100..SECOND * 101).contains(&begun.elapsed()), "{:?}", begun.elapsed());
        assert_eq!(told, ["start"]);
        assert!(engine.count() > 3, "a connection that was silent for too long is replaced: {}", engine.count());
    }
    let engine = Memory::new([at_once("")]); // it is over between two connections
    let limits = Limits::new().whole(SECOND * 10);
    let begun = Instant::now();
    let (_, error) = told(&mut engine.docker().events().limits(limits).reconnecting().await.expect("events")).await;
    let error = error.expect("an error").to_string();
    assert_eq!(error, "GET /events: timed out after 10s waiting to reconnect");
    assert!((SECOND * 10..SECOND * 11).contains(&begun.elapsed()), "{:?}", begun.elapsed());
}
