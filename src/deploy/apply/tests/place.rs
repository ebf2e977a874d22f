//! Containers that are put into their place or started there, against a scripted engine.

use super::*;
use crate::deploy::apply::slot::Work;
use crate::deploy::target::Recovery;
use std::sync::mpsc::channel;

/// The container `new` is created and started for `app`. The wait for its exit gets this response.
fn started(wait: Response) -> [Exchange; 4] {
    [
        on("GET /images/shop:1/json").respond(Response::json(200, json!({"Id": "sha256:1"}))),
        on("POST /containers/create?name=shop-prod-app-1.next")
            .with_any_body()
            .respond(Response::json(201, json!({"Id": "new"}))),
        on("POST /containers/new/wait?condition=next-exit").respond(wait),
        on("POST /containers/new/start"),
    ]
}

fn inspect(id: &str) -> Exchange {
    on(format!("GET /containers/{id}/json"))
}

fn logs() -> Exchange {
    on("GET /containers/new/logs?stdout=true&stderr=true&tail=20").respond(Response::output::<&str>([]))
}

fn rename() -> Exchange {
    on("POST /containers/new/rename?name=shop-prod-app-1")
}

fn removal() -> Exchange {
    on("DELETE /containers/new?force=true&v=true")
}

fn wait_and_start(start: Exchange) -> [Exchange; 2] {
    [on("POST /containers/app/wait?condition=next-exit").respond(stalled()), start]
}

async fn make(applying: &Applying, change: &Change, slot: Slot) -> Result<(), Failure> {
    let (service, target) = (applying.desired.service("app").expect("a service"), target("app"));
    Work { applying, service, target: &target, slot }.make(change).await
}

async fn create(applying: &Applying) -> Result<(), Failure> {
    make(applying, &Change::Create(target("app")), Slot::default()).await
}

fn current(state: ContainerStatus) -> Slot {
    Slot { current: Some(found("app", state)), ..Slot::default() }
}

#[tokio::test]
async fn a_container_that_exits_before_it_has_its_name_is_removed_with_its_exit_code() {
    let (exit, exits) = channel();
    let exited = Response::chunked(200, "application/json").wait(exits).chunk(r#"{"StatusCode":3}"#).end();
    let restarted = running(&json!(null));
    let refused = rename().respond(Response::error(404, "sandbox 1ab2 not found"));
    let script = started(exited).into_iter().chain([refused, inspect("new").respond(restarted)]);
    let script = script.chain([inspect("new").respond(running(&json!(null))), logs(), removal()]);
    let engine = Engine::unix(script);
    let exit = Mutex::new(Some(exit));
    let hook: super::super::OnReady = Arc::new(move |_, _| {
        drop(exit.lock().expect("unlocked").take());
        Box::pin(async { Ok(()) })
    });
    let applying = Applying { on_ready: Some(hook), ..applying(&engine, desired([("app", writer())])) };
    let failure = create(&applying).await.expect_err("it has exited");
    assert!(matches!(failure.cause(), Cause::Exited(status) if status.code == 3), "{failure}");
    assert!(failure.step() == Step::Rename && failure.left().is_empty() && failure.state().is_some(), "{failure}");
    let words = "while putting the new container in place: the container ended too early: exit code 3";
    assert!(failure.to_string().contains(words), "it was ready: {failure}");
    assert_eq!(engine.received().last().expect("one").method, "DELETE");
}

#[tokio::test]
async fn a_container_that_cannot_have_its_name_is_removed_or_told() {
    let error = || Response::error(500, "no more today");
    let found = |name: &str| Response::json(200, json!({"Id": "new", "Name": name, "State": {"Status": "running"}}));
    let evidence = |found: Response| [inspect("new").respond(found), logs()];
    let mut unseen = vec![inspect("new").respond(error())];
    unseen.extend(evidence(error()));
    unseen.push(removal().respond(error()));
    let mut seen = vec![inspect("new").respond(found("/shop-prod-app-1.next"))];
    seen.extend(evidence(found("/shop-prod-app-1.next")));
    seen.push(removal());
    let lost = || Response::raw("").close();
    for (renamed, more, left) in [
        (lost(), vec![inspect("new").respond(found("/shop-prod-app-1"))], None), // it has its name
        (lost(), seen, Some(0)),
        (lost(), unseen, Some(1)),
    ] {
        let engine = Engine::unix(started(stalled()).into_iter().chain([rename().respond(renamed)]).chain(more));
        let applying = applying(&engine, desired([("app", writer())]));
        assert_eq!(create(&applying).await.err().map(|failure| failure.left().len()), left);
    }
}

#[tokio::test]
async fn a_container_that_does_not_start_without_its_network_is_replaced_and_not_kept() {
    let gone = on("POST /containers/app/start").respond(Response::error(404, "network 0f3e not found"));
    let [_, create, wait, start] = started(stalled());
    let image = on("GET /images/sha256:0/json").respond(Response::json(200, json!({"Id": "sha256:0"})));
    let aside = [
        on("POST /containers/app/update").with_any_body().respond(Response::json(200, json!({"Warnings": null}))),
        on("POST /containers/app/stop"),
        on("POST /containers/app/rename?name=shop-prod-app-1.89abcdef"),
    ];
    let placed = [start, rename(), on("DELETE /containers/app?force=true&v=true")];
    let script = wait_and_start(gone).into_iter().chain([image, create, wait]).chain(aside).chain(placed);
    let engine = Engine::unix(script);
    let applying = applying(&engine, desired([("app", writer())]));
    make(&applying, &Change::Start(target("app")), current(ContainerStatus::Exited)).await.expect("replaced");
    let created: Value = serde_json::from_slice(&engine.received()[3].body).expect("JSON");
    assert_eq!(created["Image"], "sha256:0", "nor that of the tag, which may have moved");
    assert_eq!(created["Labels"][label::RELEASE], "0123456789abcdef", "it is no other version");
}

#[tokio::test]
async fn a_paused_container_is_resumed() {
    let resumed = wait_and_start(on("POST /containers/app/start").respond(Response::status(304)));
    let engine = Engine::unix([on("POST /containers/app/unpause")].into_iter().chain(resumed));
    let applying = applying(&engine, desired([("app", writer())]));
    make(&applying, &Change::Start(target("app")), current(ContainerStatus::Paused)).await.expect("resumed");
}

#[tokio::test]
async fn a_container_that_is_restored_from_its_pause_is_not_resumed_again() {
    let paused = Response::error(409, "cannot start a paused container, try unpause instead");
    let is_paused = json!({"Id": "app", "State": {"Status": "paused", "Paused": true}});
    let restored = [
        on("POST /containers/app/rename?name=shop-prod-app-1"),
        on("POST /containers/app/start").respond(paused),
        on("GET /containers/app/json").respond(Response::json(200, is_paused)),
        on("POST /containers/app/unpause"),
    ];
    let started = wait_and_start(on("POST /containers/app/start").respond(Response::status(304)));
    let engine = Engine::unix(restored.into_iter().chain(started));
    let applying = applying(&engine, desired([("app", writer())]));
    let (service, target) = (applying.desired.service("app").expect("a service"), target("app"));
    let slot = Slot { superseded: vec![found("app", ContainerStatus::Paused)], ..Slot::default() };
    let mut work = Work { applying: &applying, service, target: &target, slot };
    let recover = Change::Recover { target: target.clone(), recovery: Recovery::Restore };
    for change in [recover, Change::Start(target.clone())] {
        work.make(&change).await.expect("it runs");
    }
}

#[tokio::test]
async fn a_supervisor_creates_a_network_that_is_gone() {
    let network = on("POST /networks/create").with_any_body().respond(Response::json(201, json!({"Id": "1"})));
    let start = on("POST /containers/app/start");
    let engine = Engine::unix([network].into_iter().chain(wait_and_start(start)));
    let applying = applying(&engine, desired([("app", writer())]));
    let observed =
        Observed { slots: [(target("app"), current(ContainerStatus::Exited))].into(), ..Observed::default() };
    applying.heal(&target("app"), &observed, None).await.expect("healed");
}
