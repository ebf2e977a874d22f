//! What others have changed of a service since it was deployed.

use super::{docker, listed, observed, plan, rollout, service, shop_of, web};
use crate::container::{ContainerSpec, Mount};
use crate::deploy::swarm::plan::differs;
use crate::deploy::{Ready, SecretSource, Service};
use crate::service::{ServiceInspect, ServiceSpec};
use crate::task::TaskContainerSpec;
use serde_json::json;

fn spec() -> ContainerSpec {
    ContainerSpec::new("shop").env("A", "1").env("B", "2").cmd(["serve", "all"]).memory("64m").publish(8080, 80)
}

/// The service as the engine lists it after this change by somebody else.
fn changed(sent: &ServiceSpec, change: impl FnOnce(ServiceSpec) -> ServiceSpec) -> ServiceInspect {
    serde_json::from_value(json!({"ID": "web", "Spec": change(sent.clone())})).expect("a service")
}

fn in_container(change: impl FnOnce(&mut TaskContainerSpec)) -> impl FnOnce(ServiceSpec) -> ServiceSpec {
    move |mut spec| {
        change(spec.container());
        spec
    }
}

#[test]
fn what_others_have_changed_is_updated() {
    let web = Service::new(spec().mount(Mount::bind("/srv", "/srv"))).secret("TOKEN", SecretSource::value("hunter2"));
    let shop = shop_of(&docker(), [("web", web.constraint("node.role==manager"))]);
    let known = service(&shop, "web");
    let sent = rollout(&shop, observed([])).spec(known);
    let lines = |found: ServiceInspect| plan(&shop, &observed([found])).join("\n");
    let secret = known.secrets[0].spec.name.clone();
    let container = "~ web  TaskTemplate.ContainerSpec";

    let after = |change: fn(&mut TaskContainerSpec)| changed(&sent, in_container(change));
    let changes = vec![
        (after(|container| container.image = "shop:2".to_owned()), format!("{container}.Image: shop → shop:2")),
        (after(|container| container.image = "shopping".to_owned()), format!("{container}.Image: shop → shopping")),
        (after(|container| container.args.reverse()), format!("{container}.Args: [serve all] → [all serve]")),
        (
            after(|container| container.env.set("B", "hunter3")),
            format!("{container}.Env: [A B TOKEN TOKEN_FILE], with other values"),
        ),
        (
            after(|container| container.env.unset("C")),
            format!("{container}.Env: [A B TOKEN TOKEN_FILE] → [A B C TOKEN TOKEN_FILE]"),
        ),
        (changed(&sent, |spec| spec.memory("32m")), "Limits.MemoryBytes: 67108864 → 33554432".to_owned()),
        (changed(&sent, |spec| spec.pids_limit(9)), "Limits.Pids: none → 9".to_owned()),
        (changed(&sent, |spec| spec.constraint("a==b")), "Placement.Constraints: [node.role==manager]".to_owned()),
        (changed(&sent, |spec| spec.publish(1, 2)), "EndpointSpec.Ports: ".to_owned()),
        (after(|container| container.mounts.clear()), format!("{container}.Mounts: ")),
        (after(|container| container.secrets.clear()), format!("Secrets: [TOKEN {secret} 444 0:0] → []")),
    ];
    for (found, expected) in changes {
        let lines = lines(found);
        // The project's value is the new one.
        let (field, values) = expected.split_once(": ").expect("a field");
        let values = match values.split_once(" → ") {
            Some((from, to)) => format!("{to} → {from}"),
            None => values.to_owned(),
        };
        assert!(lines.contains(field) && lines.contains(&values), "{lines}\nis not {expected}");
        assert!(!lines.contains("hunter"), "{lines}");
    }
    assert!(lines(changed(&sent, |spec| spec.replicas(3))).contains("~ web  3 → 1 tasks"));
}

/// What engines, and this crate as it sends a service, make of it.
#[test]
fn what_is_filled_in_is_no_change() {
    let data = Service::new(spec().volume("data", "/data").mount(Mount::bind("/srv", "/srv")));
    let shop = shop_of(&docker(), [("job", Service::new("job:1").ready(Ready::exited())), ("web", data)]);
    let sent = |name: &str| rollout(&shop, observed([])).spec(service(&shop, name));
    let mut found = serde_json::to_value(sent("web")).expect("JSON");
    let container = &mut found["TaskTemplate"]["ContainerSpec"];
    container["Image"] = "shop:latest@sha256:0123".into();
    container["Isolation"] = "default".into();
    container["Env"].as_array_mut().expect("a list").reverse();
    container["Mounts"].as_array_mut().expect("a list").reverse();
    for mount in container["Mounts"].as_array_mut().expect("a list") {
        mount["BindOptions"] = json!({"Propagation": "rprivate"});
    }
    container["DNSConfig"] = json!({});
    found["TaskTemplate"]["Resources"]["Reservations"] = json!({});
    found["TaskTemplate"]["Placement"] = json!({"Platforms": [{"OS": "linux"}]});
    found["TaskTemplate"]["ForceUpdate"] = 3.into();
    found["EndpointSpec"]["Mode"] = "vip".into();
    found["EndpointSpec"]["Ports"][0]["Protocol"] = "tcp".into();
    found["EndpointSpec"]["Ports"][0]["PublishMode"] = "ingress".into();
    let found = listed(service(&shop, "web"), json!({"Spec": found}));
    assert!(differs(service(&shop, "web"), &found).is_empty(), "{:?}", differs(service(&shop, "web"), &found));
    let job = listed(service(&shop, "job"), json!({"Spec": sent("job")}));
    assert!(differs(service(&shop, "job"), &job).is_empty());

    let digest = ContainerSpec::new("shop:1@sha256:0123");
    let shop = web(digest);
    let sent = rollout(&shop, observed([])).spec(service(&shop, "web"));
    assert!(differs(service(&shop, "web"), &changed(&sent, |spec| spec)).is_empty());
    let other = changed(&sent, |spec| spec.image("shop:1@sha256:4567"));
    assert_eq!(differs(service(&shop, "web"), &other).len(), 1);
}
