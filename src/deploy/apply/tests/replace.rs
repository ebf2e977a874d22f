//! Replacements that fail, against a scripted engine.

use super::*;
use crate::deploy::Order;
use crate::deploy::apply::slot::Work;

/// The container `new` is created in place of `app`.
fn creation() -> [Exchange; 3] {
    let created = |status, body| Response::json(status, body);
    [
        on("GET /images/shop:1/json").respond(created(200, json!({"Id": "sha256:1"}))),
        on("POST /containers/create?name=shop-prod-app-1.next")
            .with_any_body()
            .respond(created(201, json!({"Id": "new"}))),
        on("POST /containers/new/wait?condition=next-exit").respond(stalled()),
    ]
}

fn evidence() -> [Exchange; 2] {
    [
        on("GET /containers/new/json").respond(running(&json!(null))),
        on("GET /containers/new/logs?stdout=true&stderr=true&tail=20").respond(Response::output::<&str>([])),
    ]
}

fn update() -> Exchange {
    on("POST /containers/app/update").with_any_body().respond(Response::json(200, json!({"Warnings": null})))
}

fn rename(id: &str, suffix: &str) -> Exchange {
    on(format!("POST /containers/{id}/rename?name=shop-prod-app-1{suffix}"))
}

fn removal() -> Exchange {
    on("DELETE /containers/new?force=true&v=true")
}

/// What stops the old container first.
fn stopped() -> [Exchange; 3] {
    [update(), on("POST /containers/app/stop"), rename("app", ".89abcdef")]
}

/// What brings the old container back. It has its name before the new one is removed, which tells until then what to restore.
fn back() -> [Exchange; 4] {
    [rename("app", ""), removal(), rename("app", ""), on("POST /containers/app/start")]
}

fn replacing(engine: &Engine) -> Applying {
    applying(engine, desired([("app", writer())]))
}

async fn replace(applying: &Applying, order: Order) -> Failure {
    let (service, target) = (applying.desired.service("app").expect("a service"), target("app"));
    let slot = Slot { current: Some(found("app", ContainerStatus::Running)), ..Slot::default() };
    let mut work = Work { applying, service, target: &target, slot };
    let change = Change::Replace { target: target.clone(), order, because: None, fields: Vec::new() };
    work.make(&change).await.expect_err("it fails")
}

#[tokio::test]
async fn a_hook_that_panics_has_failed() {
    let start = on("POST /containers/new/start");
    let script = creation().into_iter().chain(stopped()).chain([start]).chain(evidence()).chain(back());
    let engine = Engine::unix(script);
    let hook: super::super::OnReady = Arc::new(|_, _| Box::pin(async { panic!("the test's own {}", "panic") }));
    let applying = Applying { on_ready: Some(hook), ..replacing(&engine) };
    let failure = replace(&applying, Order::StopFirst).await;
    let created: Value = serde_json::from_slice(&engine.received()[1].body).expect("JSON");
    assert_eq!(created["Labels"][label::REPLACES], "app", "the next plan restores it after an interruption");
    assert!(matches!(failure.cause(), Cause::Hook(why) if why == "it panicked: the test's own panic"), "{failure}");
    assert!(failure.rollback().is_none(), "{failure}");
}

#[tokio::test]
async fn a_swap_that_fails_is_undone() {
    let taken = |rename: Exchange| rename.respond(Response::error(409, "the name is already in use"));
    let start = || on("POST /containers/new/start");
    let stop_first = || creation().into_iter().chain(stopped()).chain([start()]);
    let start_first = || creation().into_iter().chain([start(), update()]);
    let looked = || on("GET /containers/new/json").respond(running(&json!(null)));
    let scripts = [
        (Order::StartFirst, start_first().chain([taken(rename("app", ".89abcdef"))]).collect::<Vec<_>>()),
        (
            Order::StartFirst,
            start_first().chain([rename("app", ".89abcdef"), taken(rename("new", "")), looked()]).collect(),
        ),
        (Order::StopFirst, stop_first().chain([taken(rename("new", "")), looked()]).collect()),
    ];
    for (order, script) in scripts {
        let engine = Engine::unix(script.into_iter().chain(evidence()).chain(back()));
        let failure = replace(&replacing(&engine), order).await;
        assert_eq!(failure.step(), Step::Rename, "{failure}");
        assert!(failure.left().is_empty() && failure.rollback().is_none(), "{failure}");
    }
}

#[tokio::test]
async fn what_cannot_be_undone_after_a_failed_swap_is_told() {
    let refused = |request: Exchange| request.respond(Response::error(500, "no more today"));
    let script = creation().into_iter().chain([on("POST /containers/new/start"), refused(update())]).chain(evidence());
    let [first, removal, rename, start] = back();
    let engine = Engine::unix(script.chain([first, refused(removal), rename, refused(start)]));
    let failure = replace(&replacing(&engine), Order::StartFirst).await;
    assert_eq!(failure.left().len(), 1, "{failure}");
    assert!(failure.rollback().is_some(), "{failure}");
}

/// Long enough to start a container, and over before it has run for a minute.
fn leased(engine: &Engine) -> Applying {
    let web = writer().ready(Ready::running_for("1m")).deadline("2m");
    let lease_end = Some(tokio::time::Instant::now() + std::time::Duration::from_millis(1500));
    Applying { lease_end, ..applying(engine, desired([("app", web)])) }
}

/// The requests of a wait for a container that runs on.
fn awaited(id: &str) -> [Exchange; 3] {
    [
        on(format!("POST /containers/{id}/start")),
        on(format!("GET /containers/{id}/json")).respond(running(&json!(null))),
        events("1f2e", "oom", "since=1767225600.000000000&").respond(stalled()),
    ]
}

#[tokio::test]
async fn nothing_is_undone_once_the_lease_is_over() {
    for (order, stopped) in [(Order::StartFirst, None), (Order::StopFirst, Some(stopped()))] {
        let script = creation().into_iter().chain(stopped.into_iter().flatten()).chain(awaited("new"));
        let engine = Engine::unix(script.chain(evidence()));
        let failure = replace(&leased(&engine), order).await;
        assert!(matches!(failure.cause(), Cause::LeaseOver), "{failure}");
        assert!(failure.state().is_some(), "{failure}");
    }
}

/// Another deployer may have started it.
#[tokio::test]
async fn the_old_container_is_left_alone_once_the_lease_is_over() {
    let engine = Engine::unix(creation().into_iter().chain(evidence()));
    let over = Applying { lease_end: Some(tokio::time::Instant::now()), ..leased(&engine) };
    let failure = replace(&over, Order::StopFirst).await;
    assert!(matches!(failure.cause(), Cause::LeaseOver), "{failure}");
}

#[tokio::test]
async fn a_rollback_is_not_undone_once_the_lease_is_over() {
    let logs = on("GET /containers/older/logs?stdout=true&stderr=true&tail=20");
    let script = [rename("app", ".89abcdef"), update(), on("POST /containers/app/stop"), rename("older", "")];
    let script = script.into_iter().chain([on("POST /containers/older/wait?condition=next-exit").respond(stalled())]);
    let evidence =
        [on("GET /containers/older/json").respond(running(&json!(null))), logs.respond(Response::output::<&str>([]))];
    let engine = Engine::unix(script.chain(awaited("older")).chain(evidence));
    let mut newest = found("app", ContainerStatus::Running);
    newest.created = Some(crate::Timestamp::now());
    let slot = Slot { current: Some(newest), superseded: vec![older()], ..Slot::default() };
    let observed = Observed { slots: [(target("app"), slot)].into(), networks: networks(), ..Observed::default() };
    let failure = leased(&engine).roll_back(&observed, 1).await.expect_err("its lease is over");
    assert!(matches!(failure.cause(), Cause::LeaseOver), "{failure}");
}

#[tokio::test]
async fn a_replica_is_not_given_back_once_the_lease_is_over() {
    let mut split = Split::of_running([]);
    split.make_room("api").await;
    split.applying.lease_end = Some(tokio::time::Instant::now());
    assert_eq!(split.fail("api").await, 0);
}

fn older() -> Found {
    let mut older = Found { id: "older".to_owned(), ..found("app", ContainerStatus::Exited) };
    older.labels.insert(label::RELEASE, "0000000001234567");
    older
}

/// Completes a rollback that was interrupted after it had renamed the older container. This is the response to its start. There may
/// be another version, which was rolled back from before.
async fn complete_rollback(
    between: Option<Found>,
    started: Response,
    more: impl IntoIterator<Item = Exchange>,
) -> Result<(), Failure> {
    let named = |id: &str, suffix: &str| {
        let name = format!("/shop-prod-app-1{suffix}");
        let same = rename(id, suffix).respond(Response::error(400, "it has this name"));
        [same, on(format!("GET /containers/{id}/json")).respond(Response::json(200, json!({"Name": name})))]
    };
    let aside = named("app", ".89abcdef").into_iter().chain([update(), on("POST /containers/app/stop")]);
    let wait = on("POST /containers/older/wait?condition=next-exit").respond(stalled());
    let start = on("POST /containers/older/start").respond(started);
    let ended = |(id, time): (&str, &str)| {
        on(format!("GET /containers/{id}/json")).respond(Response::json(200, json!({"State": {"FinishedAt": time}})))
    };
    let ends = between.iter().flat_map(|_| [("app", "2026-01-02T00:00:00Z"), ("between", "2026-01-01T00:00:00Z")]);
    let script = ends.map(ended).chain(aside).chain(named("older", "")).chain([wait, start]).chain(more);
    let engine = Engine::unix(script);
    let mut newest = found("app", ContainerStatus::Exited);
    newest.created = Some(crate::Timestamp::now());
    let superseded = [newest].into_iter().chain(between).collect();
    let slot = Slot { current: Some(older()), superseded, ..Slot::default() };
    let observed = Observed { slots: [(target("app"), slot)].into(), networks: networks(), ..Observed::default() };
    replacing(&engine).roll_back(&observed, 1).await
}

#[tokio::test]
async fn an_interrupted_rollback_is_completed_or_undone() {
    complete_rollback(None, Response::status(204), []).await.expect("it runs");
    let logs = on("GET /containers/older/logs?stdout=true&stderr=true&tail=20");
    let evidence =
        [on("GET /containers/older/json").respond(running(&json!(null))), logs.respond(Response::output::<&str>([]))];
    let update =
        on("POST /containers/older/update").with_any_body().respond(Response::json(200, json!({"Warnings": null})));
    let aside = [rename("older", ".01234567"), update, on("POST /containers/older/stop")];
    let back = [rename("app", ""), on("POST /containers/app/start")];
    let more = evidence.into_iter().chain(aside).chain(back);
    let between = Found { id: "between".to_owned(), ..found("app", ContainerStatus::Exited) };
    let refused = Response::error(500, "no more today");
    let failure = complete_rollback(Some(between), refused, more).await.expect_err("it does not start");
    assert!(failure.step() == Step::Start && failure.rollback().is_none(), "{failure}");
}
