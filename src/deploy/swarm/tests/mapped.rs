//! Which settings of a container reach the swarm, and what is said of the others.

use super::super::limits::KNOWN;
use super::{docker, listed, observed, rollout, running, service, shop_of, web};
use crate::Version;
use crate::container::{ContainerConfig, ContainerSpec, HostConfig, Mount, RestartPolicy, VolumeDriver};
use crate::deploy::swarm::{SwarmChange, SwarmDeployment};
use crate::deploy::{Event, Order, Project, Ready, SecretSource, Service, Step};
use crate::service::ServiceSpec;
use crate::testing::{Engine, Response, on};
use crate::volume::{ClusterVolumeSpec, VolumeSpec};
use serde::de::value::Error;
use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

fn spec() -> ContainerSpec {
    ContainerSpec::new("shop:1")
}

fn with_binds(binds: &[&str]) -> ContainerSpec {
    let mut spec = spec();
    spec.host_config.binds = binds.iter().map(|bind| (*bind).to_owned()).collect();
    spec
}

fn project(name: &str, service: Service) -> Project {
    Project::new("shop").service(name, service)
}

fn refused(project: &Project) -> String {
    let shop = project.deployment("prod", &docker()).expect("a project");
    shop.on_swarm().expect_err("it is refused").to_string()
}

fn on_swarm(project: &Project) -> SwarmDeployment {
    project.deployment("prod", &docker()).expect("a project").on_swarm().expect("possible")
}

fn mounts(spec: &ServiceSpec) -> Vec<Mount> {
    spec.clone().container().mounts.clone()
}

/// All others are told to be ignored. A new field is one of these, until the swarm's part knows it.
#[test]
fn each_field_is_known_or_ignored() {
    let fields = fields_of::<ContainerConfig>().iter().chain(fields_of::<HostConfig>());
    let ignored: Vec<_> = fields.clone().copied().filter(|field| !KNOWN.contains(field)).collect();
    let expected = "Domainname ArgsEscaped OnBuild Shell MacAddress ContainerIDFile AutoRemove VolumeDriver ConsoleSize \
                    Annotations Cgroup PublishAllPorts StorageOpt ShmSize CpuShares CgroupParent BlkioWeight BlkioWeightDevice \
                    BlkioDeviceReadBps BlkioDeviceWriteBps BlkioDeviceReadIOps BlkioDeviceWriteIOps CpuPeriod CpuQuota \
                    CpuRealtimePeriod CpuRealtimeRuntime CpusetCpus CpusetMems MemorySwap MemorySwappiness OomKillDisable \
                    CpuCount CpuPercent IOMaximumIOps IOMaximumBandwidth KernelMemory KernelMemoryTCP";
    assert_eq!(ignored, expected.split_whitespace().collect::<Vec<_>>());
    let unknown: Vec<_> = KNOWN.iter().filter(|known| !fields.clone().any(|field| field == *known)).collect();
    assert!(unknown.is_empty(), "no such fields: {unknown:?}");
}

#[test]
fn what_is_ignored_is_noted() {
    let mut ignored = with_binds(&["/srv:/srv:z,ro"]).shm_size("64m");
    ignored.config.domainname = "example.com".to_owned();
    ignored.host_config.cpu_period = 100_000;
    ignored.host_config.kernel_memory = 1;
    ignored.host_config.memory_reservation = 1 << 20;
    let before = spec().shm_size("64m");
    let notes = on_swarm(&project("web", Service::new(ignored).before(before))).stack.notes.join("\n");
    assert_eq!(
        notes,
        "web: a swarm places its tasks only on nodes that have its MemoryReservation left\n\
         web: a swarm ignores its Domainname, CpuPeriod, KernelMemory, ShmSize, SELinux options z and Z\n\
         web: before: a swarm ignores its ShmSize"
    );
    let shop = project("web", Service::new("shop:1")).deployment("prod", &docker()).expect("a project");
    let notes = shop.on_ready(|_, _| async { Ok(()) }).on_swarm().expect("possible").stack.notes.clone();
    assert_eq!(notes, ["the hook `on_ready` does not run on a swarm"]);
}

#[test]
fn what_a_swarm_cannot_do_is_refused_before_anything_is_sent() {
    let web = |service: Service| project("web", service);
    let mut alone = spec();
    alone.config.network_disabled = true;
    let host = Service::new(spec().network("host")).order(Order::StartFirst);
    let long = "a".repeat(40);
    let named = |name: &str, service: Service| Project::new("project-of-a-company").service(name, service);
    let cluster = VolumeSpec::new("data").cluster(ClusterVolumeSpec::default());
    for (project, words) in [
        (web(Service::new(alone)), "services.web: a swarm does not support containers without a network"),
        (web(Service::new(spec().cgroupns_mode("host"))), "a swarm does not support a cgroup namespace mode"),
        (web(host), "start first is not possible: two tasks on a node cannot use the host's network"),
        (web(Service::new(with_binds(&["/srv:/srv:x"]))), "invalid mount \"/srv:/srv:x\""),
        (web(Service::new("shop:1").secret("A", SecretSource::value(""))), "secrets.A: it is empty"),
        (
            web(Service::new("shop:1").secret("A", SecretSource::value("a".repeat(512_000)))),
            "secrets.A: a swarm stores less than 512000 bytes, but it has 512000",
        ),
        (named(&long, Service::new("shop:1")), "allows at most 63 characters"),
        (named(&long[..36], Service::new("shop:1").before("shop:1")), "aaa-before\": a swarm allows"),
        (project("web-", Service::new("shop:1")), "a letter or digit at the end"),
        (web(Service::new("shop:1")).volume(cluster), "does not create cluster volumes"),
    ] {
        let refused = refused(&project);
        assert!(refused.contains(words), "{refused}");
    }
    let _ = on_swarm(&named(&long[..36], Service::new("shop:1")));
    let _ = on_swarm(&web(Service::new("shop:1").secret("A", SecretSource::value("a".repeat(511_999)))));
}

#[cfg(feature = "tar")]
#[test]
fn files_that_a_swarm_cannot_store_are_refused() {
    let with =
        |size: usize| project("web", Service::new("shop:1").file(crate::deploy::File::new("/a", vec![b'a'; size])));
    for (size, words) in
        [(0, "files: /a: it is empty"), (1_024_000, "files: /a: a swarm stores less than 1024000 bytes")]
    {
        let refused = refused(&with(size));
        assert!(refused.contains(words), "{refused}");
    }
    let _ = on_swarm(&with(1_023_999));
}

/// A swarm expands Go templates in these fields, and refuses invalid ones.
#[test]
fn values_are_literal() {
    let nfs = VolumeSpec::new("data").option("device", ":/{{.Node.ID}}").label("a", "{{b}}");
    let spec = spec().env("GREETING", "Hello {{name}}, {{{x}}}").env("PLAIN", "{a} }}").volume("data", "/{{d}}");
    let web = Service::new(spec.hostname("{{.Node.Hostname}}"));
    let shop = on_swarm(&project("web", web).volume(nfs));
    let container = service(&shop, "web").spec.clone().container().clone();
    let open = r#"{{"{{"}}"#;
    let env = [format!("GREETING=Hello {open}name}}}}, {open}{{x}}}}}}"), "PLAIN={a} }}".to_owned()];
    assert_eq!(container.env.as_slice(), env);
    assert_eq!(container.hostname, format!("{open}.Node.Hostname}}}}"));
    let mount = serde_json::to_value(&container.mounts[0]).expect("JSON");
    assert_eq!(mount["Target"], format!("/{open}d}}}}"));
    assert_eq!(mount["VolumeOptions"]["Labels"]["a"], format!("{open}b}}}}"));
    assert_eq!(mount["VolumeOptions"]["DriverConfig"]["Options"]["device"], format!(":/{open}.Node.ID}}}}"));
}

#[test]
fn a_variable_of_the_image_is_removed() {
    let mut without = spec();
    without.config.env.unset("PATH");
    let (without, empty) = (web(without), web(spec().env("PATH", "")));
    assert_eq!(service(&without, "web").spec.clone().container().env.as_slice(), ["PATH"]);
    assert_ne!(service(&without, "web").digest, service(&empty, "web").digest);
    let configuration = &service(&without, "web").configuration;
    assert_eq!(configuration.pointer("/TaskTemplate/ContainerSpec/Env"), Some(&json!(["PATH"])));
}

#[test]
fn a_service_that_never_restarts_does_not() {
    for (policy, condition) in [
        (Some(RestartPolicy::no()), "none"),
        (Some(RestartPolicy::on_failure(3)), "on-failure"),
        (Some(RestartPolicy::always()), "any"),
        (None, "any"),
    ] {
        let shop = web(policy.into_iter().fold(spec(), ContainerSpec::restart));
        let policy = service(&shop, "web").spec.task_template.restart_policy.clone().expect("a policy");
        assert_eq!(policy.condition.as_str(), condition);
    }
}

#[test]
fn nodes_create_volumes_as_the_project_describes_them() {
    let nfs = VolumeSpec::new("nfs").driver("local").option("type", "nfs").option("device", ":/srv").label("a", "b");
    let mut own = Mount::volume("nfs", "/own");
    let options = own.volume_options.get_or_insert_default();
    options.labels.insert("a", "own");
    options.driver_config = Some(VolumeDriver { name: "other".to_owned(), ..VolumeDriver::default() });
    let web = Service::new(spec().volume("nfs", "/nfs").volume("plain", "/plain").mount(own));
    let with = |web| project("web", web).volume(nfs.clone());
    let shop = on_swarm(&with(web).volume("plain"));
    let sent: Vec<_> = mounts(&service(&shop, "web").spec)
        .into_iter()
        .map(|mount| {
            let options = mount.volume_options.expect("options");
            (mount.target, options.labels.get("a").cloned(), serde_json::to_value(options.driver_config).expect("JSON"))
        })
        .collect();
    let driver = json!({"Name": "local", "Options": {"device": ":/srv", "type": "nfs"}});
    assert_eq!(
        sent,
        [
            ("/nfs".to_owned(), Some("b".to_owned()), driver),
            ("/plain".to_owned(), None, Value::Null),
            ("/own".to_owned(), Some("own".to_owned()), json!({"Name": "other"})),
        ]
    );
    assert_eq!(shop.stack.notes.len(), 1, "{:?}", shop.stack.notes);
    let shop = on_swarm(&with(Service::new(spec().volume("nfs", "/nfs"))));
    assert!(shop.stack.notes.is_empty(), "all nodes share it: {:?}", shop.stack.notes);
}

#[test]
fn options_of_binds_are_kept() {
    let shop = web(with_binds(&["/srv:/srv:Z,rshared,ro", "data:/data:z", "logs:/logs:nocopy"]));
    let mounts = serde_json::to_value(mounts(&service(&shop, "web").spec)).expect("JSON");
    let bind = json!({"Propagation": "rshared", "CreateMountpoint": true});
    assert_eq!(
        mounts,
        json!([
            {"Type": "bind", "Source": "/srv", "Target": "/srv", "ReadOnly": true, "BindOptions": bind},
            {"Type": "volume", "Source": "data", "Target": "/data"},
            {"Type": "volume", "Source": "logs", "Target": "/logs", "VolumeOptions": {"NoCopy": true}},
        ])
    );
}

#[tokio::test]
async fn an_old_engine_is_not_asked_to_create_folders() {
    let web = Service::new(with_binds(&["/srv:/srv"])).before(with_binds(&["/var/lib:/lib:ro"]));
    let shop = shop_of(&docker(), [("web", web.clone())]);
    let created = |minor: u16| {
        let rollout = super::Rollout { api_version: Version::new(1, minor), ..rollout(&shop, observed([])) };
        let service = service(&shop, "web");
        let before = rollout.with_secrets(service.before.as_ref().expect("before"), service);
        let mounts = mounts(&rollout.spec(service)).into_iter().chain(mounts(&before));
        mounts.map(|mount| mount.bind_options.is_some_and(|bind| bind.create_mountpoint)).collect::<Vec<_>>()
    };
    assert_eq!((created(41), created(42)), (vec![false, false], vec![true, true]));

    for (minor, notes) in [
        (41, &["web: these folders must exist on each node, since API 1.41 creates none: /srv, /var/lib"][..]),
        (42, &[]),
    ] {
        let filters = r#"filters={"label":{"dev.longshore.environment=prod":true,"dev.longshore.project=shop":true}}"#;
        let lists = ["services?status=true&", "networks?", "secrets?", "configs?"];
        let lists = lists.map(|list| on(format!("GET /{list}{filters}")).respond(Response::text(200, "[]")));
        let engine = Engine::start(lists);
        let docker = engine.builder().api_version(Version::new(1, minor)).build().expect("a client");
        let plan = shop_of(&docker, [("web", web.clone())]).plan().await.expect("a plan");
        assert_eq!(plan.notes(), notes);
    }
}

#[tokio::test]
async fn warnings_are_told() {
    let mut script = Vec::from(super::created("web1"));
    script.extend(running("shop-prod-web"));
    let engine = Engine::start(script);
    let told = Arc::new(Mutex::new(Vec::new()));
    let shop = project("web", Service::new("r.example.com/shop:1")).deployment("prod", &engine.client());
    let shop = shop.expect("a project").observe({
        let told = told.clone();
        move |event| {
            if let Event::Warned { service, warnings } = event.event {
                told.lock().expect("no panic").push(format!("{service}: {}", warnings.join(", ")));
            }
        }
    });
    let shop = shop.on_swarm().expect("possible");
    let change = SwarmChange::Create { service: "web".to_owned() };
    rollout(&shop, observed([])).service(service(&shop, "web"), &change).await.expect("deployed");
    let told = told.lock().expect("no panic");
    assert!(
        matches!(told.as_slice(), [one] if one.starts_with("web: r.example.com/shop:1 could not be resolved")),
        "{told:?}"
    );
}

#[tokio::test]
async fn an_observer_that_panics_does_not_end_a_rollout() {
    let shop = project("web", Service::new("shop:1")).deployment("prod", &docker()).expect("a project");
    let shop = shop.observe(|_| panic!("the test's own panic")).on_swarm().expect("possible");
    let seen = observed([listed(service(&shop, "web"), json!({}))]);
    let change = SwarmChange::Converge { service: "web".to_owned() };
    let rollout = Arc::new(super::Rollout { changes: vec![change], ..rollout(&shop, seen) });
    let failure = rollout.services(&[service(&shop, "web")]).await.expect_err("there is no engine");
    assert_eq!(failure.step(), Step::Converge, "{failure}");
}

#[tokio::test]
async fn a_teardown_leaves_the_lock_of_another_deployment() {
    let filters = r#"filters={"label":{"dev.longshore.environment=prod":true,"dev.longshore.project=shop":true}}"#;
    let lists = ["services?status=true&", "networks?", "secrets?", "configs?"];
    let lists = || lists.map(|list| on(format!("GET /{list}{filters}")).respond(Response::text(200, "[]")));
    let volumes =
        json!({"Volumes": [{"Name": "data"}, {"Name": "shop-prod.lock", "Labels": {"dev.longshore.lease": "9"}}]});
    let mut script: Vec<_> = lists().into_iter().chain(lists()).collect();
    script.push(on(format!("GET /volumes?{filters}")).respond(Response::json(200, volumes)));
    script.push(on("DELETE /volumes/data").respond(Response::status(204)));
    let engine = Engine::start(script);
    shop_of(&engine.client(), [("web", Service::new("shop:1").ready(Ready::started()))])
        .remove_all(true, None)
        .await
        .expect("gone");
}

/// Returns the field names of a struct that derives `Deserialize`.
fn fields_of<T: for<'de> Deserialize<'de>>() -> &'static [&'static str] {
    struct Fields<'a>(&'a mut &'static [&'static str]);

    impl<'de> Deserializer<'de> for Fields<'_> {
        type Error = Error;

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            fields: &'static [&'static str],
            _: V,
        ) -> Result<V::Value, Error> {
            *self.0 = fields;
            Err(Error::custom("only its fields are asked for"))
        }

        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
            Err(Error::custom("it is no struct"))
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
            newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }

    let mut fields: &'static [&'static str] = &[];
    let _ = T::deserialize(Fields(&mut fields));
    fields
}
