//! Swarms, their nodes, secrets and configs: what is sent, and what is understood.

use crate::support::{Engine, Response, on};
use longshore::config::ConfigSpec;
use longshore::node::{Membership, NodeAvailability, NodeRole, NodeState};
use longshore::secret::SecretSpec;
use longshore::task::ReferenceFile;
use serde_json::json;

#[tokio::test]
async fn a_swarm_is_begun_joined_unlocked_and_left() {
    let engine = Engine::unix([
        on("POST /v1.41/swarm/init")
            .with_json(json!({"ListenAddr": "0.0.0.0:2377"}))
            .respond(Response::text(200, "\"7v2t30z9blmxuhnyo6s4cpenp\"\n")),
        on("POST /v1.41/swarm/init")
            .with_json(json!({
                "ListenAddr": "eth0:2377", "AdvertiseAddr": "10.0.0.1", "DataPathAddr": "eth1", "DataPathPort": 4790,
                "DefaultAddrPool": ["10.20.0.0/16", "10.21.0.0/16"], "ForceNewCluster": true, "SubnetSize": 26,
                "Availability": "drain",
            }))
            .respond(Response::text(200, "\"n1\"")),
        on("POST /v1.41/swarm/join")
            .with_json(json!({
                "ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": "10.0.0.2", "DataPathAddr": "eth1",
                "RemoteAddrs": ["10.0.0.1:2377", "10.0.0.3"], "JoinToken": "SWMTKN-1-x", "Availability": "pause",
            }))
            .respond(Response::status(200)),
        on("GET /v1.41/swarm/unlockkey").respond(Response::text(200, r#"{"UnlockKey":"SWMKEY-1-y"}"#)),
        on("GET /v1.41/swarm/unlockkey").respond(Response::text(200, r#"{"UnlockKey":""}"#)),
        on("POST /v1.41/swarm/unlock").with_json(json!({"UnlockKey": "SWMKEY-1-y"})).respond(Response::status(200)),
        on("POST /v1.41/swarm/leave?force=true").respond(Response::status(200)),
    ]);
    let swarm = engine.docker(41).swarm();
    assert_eq!(swarm.init().await.expect("begun"), "7v2t30z9blmxuhnyo6s4cpenp");
    let init =
        swarm.init().listen_addr("eth0:2377").advertise_addr("10.0.0.1").data_path_addr("eth1").data_path_port(4790);
    let init = init.default_addr_pool("10.20.0.0/16").default_addr_pool("10.21.0.0/16").force_new_cluster(true);
    init.subnet_size(26).availability("drain").await.expect("begun");
    let join =
        swarm.join(["10.0.0.1:2377", "10.0.0.3"], "SWMTKN-1-x").advertise_addr("10.0.0.2").data_path_addr("eth1");
    assert!(!format!("{join:?}").contains("SWMTKN"), "{join:?}");
    join.availability(NodeAvailability::Pause).await.expect("joined");
    let key = swarm.unlock_key().await.expect("asked").expect("a key");
    assert_eq!(swarm.unlock_key().await.expect("asked"), None);
    swarm.unlock(key).await.expect("unlocked");
    swarm.leave().force(true).await.expect("left");
}

#[tokio::test]
async fn an_update_keeps_what_is_not_known_and_is_done_again_if_somebody_was_faster() {
    let swarm = |index: u64, limit: i64| {
        let text = json!({
            "ID": "x1", "Version": {"Index": index}, "JoinTokens": {"Worker": "SWMTKN-1-a", "Manager": "SWMTKN-1-b"},
            "Spec": {
                "Name": "default", "Labels": null, "New": {"Field": 1},
                "Orchestration": {"TaskHistoryRetentionLimit": limit, "NewLimit": 7},
                "Raft": {"SnapshotInterval": 10000, "ElectionTick": 10, "HeartbeatTick": 1},
                "Dispatcher": {"HeartbeatPeriod": 5_000_000_000_u64}, "CAConfig": {"NodeCertExpiry": 7_776_000_000_000_000_u64},
                "TaskDefaults": {}, "EncryptionConfig": {"AutoLockManagers": false},
            },
        });
        on("GET /v1.41/swarm").respond(Response::json(200, &text))
    };
    let sent = |index: u64, limit: i64| {
        on(format!("POST /v1.41/swarm/update?rotateManagerToken=true&rotateManagerUnlockKey=true&version={index}")).with_json(
            json!({
                "Name": "default", "Labels": {"a": "b"}, "New": {"Field": 1},
                "Orchestration": {"TaskHistoryRetentionLimit": limit, "NewLimit": 7},
                "Raft": {"SnapshotInterval": 10000, "ElectionTick": 10, "HeartbeatTick": 1},
                "Dispatcher": {"HeartbeatPeriod": 5_000_000_000_u64}, "CAConfig": {"NodeCertExpiry": 7_776_000_000_000_000_u64},
                "TaskDefaults": {}, "EncryptionConfig": {"AutoLockManagers": false},
            }),
        )
    };
    let faster = || Response::error(500, "rpc error: code = Unknown desc = update out of sequence");
    let engine = Engine::unix([
        swarm(10, 5),
        sent(10, 6).respond(faster()),
        swarm(11, 8),
        sent(11, 9).respond(Response::status(200)),
        swarm(12, 5),
        sent(12, 6).respond(faster()),
        swarm(13, 5),
    ]);
    let handle = engine.docker(41).swarm();
    let update = || {
        let update = handle.update(|mut spec| {
            spec.labels.insert("a", "b".to_owned());
            let limit = &mut spec.orchestration.as_mut().expect("there").task_history_retention_limit;
            *limit = limit.map(|limit| limit + 1);
            spec
        });
        update.rotate_manager_token(true).rotate_manager_unlock_key(true)
    };
    update().attempts(3).await.expect("the second time");
    let error = update().await.expect_err("somebody was faster");
    assert!(error.is_out_of_sequence() && error.status() == Some(500), "{error}");
    assert!(error.to_string().ends_with("try again, or set `attempts`"), "{error}");
    let found = handle.inspect().await.expect("a swarm");
    assert_eq!((found.id.as_str(), found.version.index, found.join_tokens.manager.expose()), ("x1", 13, "SWMTKN-1-b"));
    assert!(!format!("{found:?}").contains("SWMTKN"), "{found:?}");
}

#[tokio::test]
async fn nodes_are_listed_changed_and_removed() {
    let node = r#"{"ID":"24if","Version":{"Index":8},"Spec":{"Labels":{"a":"b"},"Role":"worker","Availability":"active"},
        "Description":{"Hostname":"build-7","Platform":{"Architecture":"x86_64","OS":"linux"},
        "Resources":{"NanoCPUs":2000000000,"MemoryBytes":8272408576},"Engine":{"EngineVersion":"28.5.2","Plugins":null}},
        "Status":{"State":"down","Message":"heartbeat failure","Addr":"10.0.0.2"}}"#;
    let filters = "%7B%22id%22%3A%7B%2224%22%3Atrue%7D%2C%22label%22%3A%7B%22engine%3Dx%22%3Atrue%7D%2C%22membership%22%3A%7B%22accepted%22%3Atrue%7D%2C%22name%22%3A%7B%22build%22%3Atrue%7D%2C%22node.label%22%3A%7B%22a%3Db%22%3Atrue%7D%2C%22role%22%3A%7B%22worker%22%3Atrue%7D%7D";
    let engine = Engine::unix([
        on(format!("GET /v1.41/nodes?filters={filters}")).respond(Response::text(200, &format!("[{node}]"))),
        on("GET /v1.41/nodes/build-7").respond(Response::text(200, node)),
        on("POST /v1.41/nodes/build-7/update?version=8")
            .with_json(json!({"Labels": {"a": "b", "c": "d"}, "Role": "manager", "Availability": "drain"}))
            .respond(Response::status(200)),
        on("DELETE /v1.41/nodes/build-7?force=true").respond(Response::status(200)),
        on("GET /v1.41/nodes/none").respond(Response::error(404, "node none not found")),
    ]);
    let docker = engine.docker(41);
    let list =
        docker.nodes().list().id("24").engine_label("engine=x").label("a=b").name("build").role(NodeRole::Worker);
    let [found] = &*list.membership(Membership::Accepted).await.expect("nodes") else { panic!("one node") };
    assert_eq!((found.status.state.clone(), found.description.resources.nano_cpus), (NodeState::Down, 2_000_000_000));
    assert!(found.manager_status.is_none() && found.description.engine.plugins.is_empty());
    let node = docker.node("build-7");
    let change = |spec: longshore::node::NodeSpec| {
        spec.label("c", "d").role(NodeRole::Manager).availability(NodeAvailability::Drain)
    };
    node.update(change).await.expect("changed");
    node.remove().force(true).await.expect("removed");
    assert!(docker.node("none").inspect().await.expect_err("none").is_not_found());
}

#[tokio::test]
async fn secrets_and_configs_are_created_and_given_to_services() {
    let engine = Engine::unix([
        on("POST /v1.41/secrets/create")
            .with_json(json!({
                "Name": "token-1", "Labels": {"a": "b"}, "Data": "aHVudGVyMg==", "Templating": {"Name": "golang", "Options": {}},
            }))
            .respond(Response::text(201, r#"{"ID":"ktnb"}"#)),
        on("GET /v1.41/secrets/ktnb")
            .respond(Response::text(200, r#"{"ID":"ktnb","Version":{"Index":11},"Spec":{"Name":"token-1","Labels":{"a":"b"}}}"#)),
        on("GET /v1.41/secrets/ktnb")
            .respond(Response::text(200, r#"{"ID":"ktnb","Version":{"Index":11},"Spec":{"Name":"token-1","Labels":{"a":"b"}}}"#)),
        on("POST /v1.41/secrets/ktnb/update?version=11")
            .with_json(json!({"Name": "token-1", "Labels": {"a": "b", "c": "d"}}))
            .respond(Response::status(200)),
        on("DELETE /v1.41/secrets/ktnb")
            .respond(Response::error(400, "rpc error: code = InvalidArgument desc = secret 'token-1' is in use by the following service: web")),
        on("POST /v1.41/configs/create")
            .with_json(json!({"Name": "site", "Data": "AP8="}))
            .respond(Response::text(201, r#"{"ID":"8p3x"}"#)),
        on("GET /v1.41/configs/8p3x")
            .respond(Response::text(200, r#"{"ID":"8p3x","Spec":{"Name":"site","Labels":{},"Data":"AP8="}}"#)),
        on("GET /v1.41/configs?filters=%7B%22name%22%3A%7B%22si%22%3Atrue%7D%2C%22names%22%3A%7B%22site%22%3Atrue%7D%7D")
            .respond(Response::text(200, r#"[{"ID":"8p3x","Spec":{"Name":"site","Data":"AP8="}},null]"#)),
    ]);
    let docker = engine.docker(41);
    let spec = SecretSpec::new("token-1", "hunter2").label("a", "b").template();
    assert!(!format!("{spec:?}").contains("aHVudGVyMg"), "{spec:?}");
    let secret = docker.secrets().create(spec).await.expect("a secret");
    let given = secret.reference(ReferenceFile::new("token").owner(1000, 1000).mode(0o400)).await.expect("a reference");
    assert_eq!(
        serde_json::to_value(given).expect("JSON"),
        json!({"SecretID": "ktnb", "SecretName": "token-1", "File": {"Name": "token", "UID": "1000", "GID": "1000", "Mode": 256}})
    );
    secret.update(|spec| spec.label("c", "d")).await.expect("changed");
    let error = secret.remove().await.expect_err("it is used");
    assert!(error.is_in_use() && error.is_invalid(), "{error}");
    let config = docker.configs().create(ConfigSpec::new("site", &b"\x00\xff"[..])).await.expect("a config");
    let given = config.reference("/etc/site").await.expect("a reference");
    assert_eq!((given.config_id.as_str(), given.config_name.as_str()), ("8p3x", "site"));
    let listed = docker.configs().list().name("si").exact_name("site").await.expect("configs");
    assert_eq!(listed.first().map(|config| config.spec.data.to_vec()), Some(vec![0, 255]));
}

#[tokio::test]
async fn what_is_no_manager_is_told_from_what_is_out_of_order() {
    let words = "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again.";
    let engine = Engine::unix([
        on("GET /v1.41/services").respond(Response::error(503, words)),
        on("GET /v1.41/services").respond(Response::error(503, "the engine is overloaded")),
    ]);
    let services = engine.docker(41).services();
    assert!(services.list().await.expect_err("no manager").is_no_swarm_manager());
    assert!(!services.list().await.expect_err("something else").is_no_swarm_manager());
}
