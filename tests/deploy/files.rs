//! Projects in files: formats, and fields that do not exist.

use longshore::container::ContainerSpec;
use longshore::deploy::{
    After, BuildFrom, Content, File, Order, Overlay, Project, PullPolicy, Ready, SecretSource, Service,
};
use serde_json::{Value, json};
use std::time::Duration;

/// A project whose enums have all of their forms.
fn shop() -> Project {
    let web = Service::new(ContainerSpec::new("shop:1.4").network("front").volume("db", "/data"))
        .ready(Ready::any([Ready::http(80, "/health"), Ready::all([Ready::healthy(), Ready::log_line("up")])]))
        .after_with("job", After::Completed)
        .order(Order::StopFirst)
        .pull(PullPolicy::OlderThan(Duration::from_millis(1500)))
        .secret("TOKEN", SecretSource::variable("TOKEN"))
        .secret("KEY", SecretSource::value("hunter2"))
        .file(File::new("/etc/a", "text"))
        .file(File::new("/etc/b", Content::Bytes(vec![0, 255])))
        .file(File::local("/etc/c", "c"));
    Project::new("shop")
        .network("front")
        .volume("db")
        .external("traefik")
        .service("web", web)
        .service("job", Service::new("job:1").ready(Ready::exited()))
        .environment("prod", |shop| {
            let web = shop.service_mut("web");
            web.ready = Ready::tcp(80);
            web.secrets.insert("TOKEN", SecretSource::file("token"));
            web.deadline = Duration::from_secs(5);
        })
}

#[test]
fn json_toml_and_yaml_hold_the_same_project() {
    let mut project = shop();
    let json = serde_json::to_string(&project).expect("JSON");
    assert_eq!(serde_json::from_str::<Project>(&json).expect("a project"), project);
    let yaml = serde_norway::to_string(&project).expect("YAML");
    assert!(!yaml.contains('!'), "an overlay has no tags: {yaml}");
    assert_eq!(serde_norway::from_str::<Project>(&yaml).expect("a project"), project);

    let changed = serde_json::from_value::<Project>(serde_json::to_value(&project).expect("JSON")).expect("a project");
    assert_eq!(
        changed.in_environment("prod").expect("prod").services["web"].secrets["TOKEN"],
        SecretSource::file("token")
    );
    project.environments.retain(|_, _| false); // TOML has no null, which the overlay needs
    let toml = toml::to_string(&project).expect("TOML");
    assert_eq!(toml::from_str::<Project>(&toml).expect("a project"), project);
}

#[test]
fn each_format_writes_enums_as_maps() {
    let yaml = r"
name: shop
services:
  web:
    spec: {Image: 'shop:1.4'}
    ready:
      http: {port: 80, path: /health}
    secrets:
      TOKEN: {variable: TOKEN}
environments:
  prod:
    services:
      web:
        ready: {http: {port: 81}}
        secrets:
          TOKEN: {variable: null, file: token}
";
    let toml = r#"
name = "shop"

[services.web]
spec.Image = "shop:1.4"
ready.http = { port = 80, path = "/health" }
secrets.TOKEN.variable = "TOKEN"

[environments.dev.services.web]
ready.http.port = 81
"#;
    let yaml: Project = serde_norway::from_str(yaml).expect("a project");
    let toml: Project = toml::from_str(toml).expect("a project");
    assert_eq!(yaml.services, toml.services);
    let (prod, dev) = (yaml.in_environment("prod").expect("prod"), toml.in_environment("dev").expect("dev"));
    assert_eq!(prod.services["web"].ready, Ready::http(81, "/health"));
    assert_eq!(prod.services["web"].secrets["TOKEN"], SecretSource::file("token"));
    assert_eq!(dev.services["web"].ready, prod.services["web"].ready);
    let wrong = serde_norway::from_str::<Project>("name: shop\nservces: {}\n").expect_err("it is misspelt").to_string();
    assert!(wrong.contains(r#"unknown field "servces": did you mean "services"?"#), "{wrong}");
}

/// What is wrong, and the words that say so.
fn wrong_fields() -> Vec<(Value, &'static str)> {
    let web = |changes: Value| json!({"services": {"web": changes}});
    let spec = |changes: Value| web(json!({"spec": changes}));
    let host = |changes: Value| spec(json!({"HostConfig": changes}));
    let mount = json!({"Type": "volume", "Source": "db", "Target": "/data", "Readonly": true});
    vec![
        (json!({"servces": {}}), r#"unknown field "servces": did you mean "services"?"#),
        (web(json!({"replcas": 3})), r#"unknown field "services.web.replcas": did you mean "replicas"?"#),
        (web(json!({"image": "x"})), r#"unknown field "services.web.image": did you mean "spec.Image"?"#),
        (web(json!({"binds": []})), r#"unknown field "services.web.binds": did you mean "spec.HostConfig.Binds"?"#),
        (
            web(json!({"files": [{"path": "/a", "local": "a"}]})),
            r#"unknown field "services.web.files.0.local": expected one of path, content, mode, user, group"#,
        ),
        (web(json!({"replicas": "two"})), "wrong type of value at services.web.replicas: expected u32"),
        (web(json!({"deadline": "soon"})), "wrong value at services.web.deadline"),
        (web(json!({"order": "stopfirst"})), "at services.web.order: expected one of auto, startFirst, stopFirst"),
        (web(json!({"pull": "newer"})), "at services.web.pull: expected one of always, missing, never, olderThan"),
        (
            web(json!({"after": {"job": "redy"}})),
            "at services.web.after.job: expected one of started, ready, completed",
        ),
        (web(json!({"ready": {"htpp": {}}})), r#"unknown field "services.web.ready.htpp": did you mean "http"?"#),
        (web(json!({"ready": "http"})), r#"at services.web.ready: expected an object with the field "http""#),
        (
            web(json!({"ready": {"http": {"port": 80, "pth": "/"}}})),
            r#"unknown field "services.web.ready.http.pth": did you mean "path"?"#,
        ),
        (
            web(json!({"ready": {"any": ["healthy", {"http": {"port": 80, "path": "/", "hots": ""}}]}})),
            r#"unknown field "services.web.ready.any.1.http.hots""#,
        ),
        (
            web(json!({"ready": {"all": [{"http": {"port": 80}}]}})),
            r#"missing field "services.web.ready.all.0.http.path""#,
        ),
        (
            web(json!({"secrets": {"KEY": "hunter2"}})),
            "at services.web.secrets.KEY: expected one of variable, file, value",
        ),
        (
            web(json!({"secrets": {"NEW": {"valeu": "hunter2"}}})),
            r#"unknown field "services.web.secrets.NEW.valeu": did you mean "value"?"#,
        ),
        (
            web(json!({"files": [{"path": "/a", "content": {"text": "hunter2"}, "modee": 1}]})),
            r#"unknown field "services.web.files.0.modee": did you mean "mode"?"#,
        ),
        (
            web(json!({"files": [{"path": "/a", "content": {"text": ""}, "mode": "0888"}]})),
            r#"at services.web.files.0.mode: expected permissions such as "0644""#,
        ),
        (
            web(json!({"build": {"context": ".", "dockerFile": "x"}})),
            r#""services.web.build.dockerFile": did you mean "dockerfile"?"#,
        ),
        (
            web(json!({"before": {"Image": "a", "Cmdd": []}})),
            r#"unknown field "services.web.before.Cmdd": did you mean "Cmd"?"#,
        ),
        (
            web(json!({"before": {"HostConfig": {"binds": []}}})),
            r#""services.web.before.HostConfig.binds": did you mean "Binds"?"#,
        ),
        (spec(json!({"image": "x"})), r#"unknown field "services.web.spec.image": did you mean "Image"?"#),
        (
            spec(json!({"Hostconfig": {}})),
            r#"unknown field "services.web.spec.Hostconfig": did you mean "HostConfig"?"#,
        ),
        (spec(json!({"Env": "A=hunter2"})), "wrong type of value at services.web.spec.Env: expected a list"),
        (
            spec(json!({"Healthcheck": {"interval": 1}})),
            r#"unknown field "services.web.spec.Healthcheck.interval": did you mean "Interval"?"#,
        ),
        (
            spec(json!({"NetworkingConfig": {"EndpointsConfig": {"front": {"aliases": ["x"]}}}})),
            r#""services.web.spec.NetworkingConfig.EndpointsConfig.front.aliases": did you mean "Aliases"?"#,
        ),
        (host(json!({"memory": 1})), r#"unknown field "services.web.spec.HostConfig.memory": did you mean "Memory"?"#),
        (
            host(json!({"Mounts": [mount]})),
            r#""services.web.spec.HostConfig.Mounts.0.Readonly": did you mean "ReadOnly"?"#,
        ),
        (host(json!({"RestartPolicy": {"name": "no"}})), r#"HostConfig.RestartPolicy.name": did you mean "Name"?"#),
        (host(json!({"LogConfig": {"config": {}}})), r#"HostConfig.LogConfig.config": did you mean "Config"?"#),
        (
            host(json!({"PortBindings": {"80/tcp": [{"Hostport": "8080"}]}})),
            r#"HostConfig.PortBindings.80/tcp.0.Hostport": did you mean "HostPort"?"#,
        ),
        (
            json!({"networks": {"front": {"internal": true}}}),
            r#"unknown field "networks.front.internal": did you mean "Internal"?"#,
        ),
        (
            json!({"networks": {"front": {"IPAM": {"Config": [{"subnet": "10.0.0.0/8"}]}}}}),
            r#"unknown field "networks.front.IPAM.Config.0.subnet": did you mean "Subnet"?"#,
        ),
        (spec(json!({"Image": []})), "wrong type of value at services.web.spec.Image: expected a string"),
        (json!({"volumes": {"db": {"driver": "x"}}}), r#"unknown field "volumes.db.driver": did you mean "Driver"?"#),
    ]
}

/// Numbers and booleans where text is expected, and the words that say so.
fn without_quotes() -> Vec<(Value, &'static str)> {
    let web = |changes: Value| json!({"services": {"web": changes}});
    let spec = |changes: Value| web(json!({"spec": changes}));
    let host = |changes: Value| spec(json!({"HostConfig": changes}));
    vec![
        (
            spec(json!({"Labels": {"VERSION": 1.27}})),
            "at services.web.spec.Labels.VERSION: expected a string: put the value in quotes",
        ),
        (spec(json!({"Cmd": ["sleep", 600]})), "spec.Cmd.1: expected a string: put the value in quotes"),
        (
            host(json!({"PortBindings": {"80/tcp": [{"HostPort": 8080}]}})),
            "PortBindings.80/tcp.0.HostPort: expected a string: put the value in quotes",
        ),
        (
            host(json!({"RestartPolicy": {"Name": false}})),
            "RestartPolicy.Name: expected a string: put the value in quotes",
        ),
        (
            web(json!({"build": {"context": ".", "args": {"DEBUG": true}}})),
            "services.web.build.args.DEBUG: expected a string: put the value in quotes",
        ),
    ]
}

/// Merges the changes into the project's JSON, as far as the tests need it.
fn merge(target: &mut Value, changes: &Value) {
    match (target, changes) {
        (Value::Object(fields), Value::Object(changes)) => {
            changes.iter().for_each(|(key, change)| merge(fields.entry(key).or_insert(Value::Null), change));
        }
        (target, changes) => target.clone_from(changes),
    }
}

/// Returns why an environment with these changes is refused.
fn in_test(mut project: Project, changes: Value) -> String {
    project.environments.insert("test", Overlay::from(changes));
    project.in_environment("test").expect_err("it is wrong").to_string()
}

#[test]
fn a_field_that_does_not_exist_is_named_with_the_nearest_one_in_a_file_and_in_an_environment() {
    let mut project = shop();
    project.service_mut("web").ready = Ready::started(); // not one more condition beside those of the table
    for (changes, words) in wrong_fields().into_iter().chain(without_quotes()) {
        let mut file = serde_json::to_value(&project).expect("JSON");
        merge(&mut file, &changes);
        let in_file = serde_json::from_value::<Project>(file).expect_err("it is wrong").to_string();
        for error in [in_file, in_test(project.clone(), changes)] {
            assert!(error.contains(words), "{error}\nhas not {words}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}

#[test]
fn the_permissions_of_a_file_are_octal_text_or_a_number() {
    let mode = |mode: &str| {
        let text = format!(
            r#"{{"name": "shop", "services": {{"web": {{"spec": {{"Image": "a"}},
                "files": [{{"path": "/a", "content": {{"text": ""}}, "mode": {mode}}}]}}}}}}"#
        );
        serde_norway::from_str::<Project>(&text).expect("a project").services["web"].files[0].mode
    };
    assert_eq!([mode("'0600'"), mode(r#""4755""#), mode("384"), mode("0o600")], [0o600, 0o4755, 0o600, 0o600]);
    let text = serde_json::to_string(&File::new("/a", "").mode(0o600)).expect("JSON");
    assert!(text.contains(r#""mode":"0600""#), "{text}");
}

#[test]
fn a_field_that_is_set_twice_is_refused() {
    let json = r#"{"name": "shop", "services": {"web": {"spec": {"Image": "a"}}, "web": {"spec": {"Image": "b"}}}}"#;
    let error = serde_json::from_str::<Project>(json).expect_err("two services").to_string();
    assert!(error.contains(r#"the field "web" is set twice"#), "{error}");
    let yaml = "name: shop\nservices:\n  web:\n    replicas: 1\n    replicas: 2\n";
    let error = serde_norway::from_str::<Project>(yaml).expect_err("two numbers").to_string();
    assert!(error.contains(r#"the field "replicas" is set twice"#), "{error}");
    let error = serde_json::from_str::<Project>("[]").expect_err("no project").to_string();
    assert!(error.contains("wrong type of value: expected an object"), "{error}");
}

#[test]
fn text_that_yaml_reads_as_a_number_needs_quotes() {
    let yaml = |version: &str| {
        let yaml = format!("name: shop\nservices: {{web: {{spec: {{Image: a, Labels: {{version: {version}}}}}}}}}\n");
        serde_norway::from_str::<Project>(&yaml)
    };
    let error = yaml("1.10").expect_err("a number").to_string();
    let words = "at services.web.spec.Labels.version: expected a string: put the value in quotes";
    assert!(error.contains(words), "{error}");
    assert_eq!(yaml("'1.10'").expect("text").services["web"].spec.config.labels["version"], "1.10");
}

#[test]
fn an_environment_without_changes_is_the_project_and_another_value_is_refused() {
    let yaml = |test: &str| {
        let yaml = format!("name: shop\nservices: {{web: {{spec: {{Image: a}}}}}}\nenvironments:\n  test: {test}\n");
        serde_norway::from_str::<Project>(&yaml).expect("a project")
    };
    assert_eq!(yaml("").in_environment("test").expect("test").services, yaml("").services);
    for wrong in ["3", "[]"] {
        let error = yaml(wrong).in_environment("test").expect_err("no object").to_string();
        assert!(error.contains("wrong type of value at environments.test: expected an object"), "{error}");
    }
}

#[test]
fn what_an_environment_unsets_is_checked_too() {
    let error = in_test(shop(), json!({"services": {"web": {"sepc": null}}}));
    assert!(error.contains(r#"unknown field "services.web.sepc": did you mean "spec"?"#), "{error}");
    let error = in_test(shop(), json!({"services": {"web": {"spec": {"HostConfig": {"mounts": null}}}}}));
    assert!(error.contains(r#""services.web.spec.HostConfig.mounts": did you mean "Mounts"?"#), "{error}");
    let error =
        in_test(shop(), json!({"services": {"web": {"ready": null, "spec": {"HostConfig": null}}, "job": null}}));
    assert!(error.contains(r#"after: unknown service "job""#), "{error}");
}

#[test]
fn another_condition_or_source_of_an_environment_replaces_that_of_the_project() {
    let toml =
        "services.web.ready.tcp = 80\nservices.web.secrets.TOKEN.file = 'token'\nservices.new.ready = 'healthy'\n";
    let mut project = shop();
    let patch: Overlay = toml::from_str(&format!("{toml}services.new.spec.Image = 'a'")).expect("a patch");
    project.environments.insert("test", patch);
    let web = project.in_environment("test").expect("test").services["web"].clone();
    assert_eq!((web.ready, &web.secrets["TOKEN"]), (Ready::tcp(80), &SecretSource::file("token")));
    assert_eq!(web.secrets["KEY"], SecretSource::value("hunter2"));
    let error = in_test(shop(), json!({"services": {"web": {"secrets": {"NEW": {"file": "a", "variable": "B"}}}}}));
    let words = r#""file" and "variable" cannot both be set at services.web.secrets.NEW: remove one of them"#;
    assert!(error.contains(words), "{error}");
}

#[test]
fn environments_are_not_nested() {
    let error = in_test(shop(), json!({"environments": {"more": {}}}));
    assert!(error.contains("environments.test.environments cannot be set"), "{error}");
}

#[test]
fn a_misspelt_service_is_compared_with_the_others() {
    let error = in_test(shop(), json!({"services": {"wbe": {"replicas": 2}}}));
    assert!(error.contains("services.wbe: spec.Image is not set"), "{error}");
    assert!(error.contains(r#"did you mean "web"?"#), "{error}");
}

#[test]
fn every_field_of_the_api_is_known() {
    let text = |file: &str| -> Value {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/complete").join(file);
        serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON")
    };
    let spec = text("container_spec.json");
    let service = serde_json::to_value(Service::new("a").before("b").build(BuildFrom::folder("."))).expect("JSON");
    let mut project = json!({
        "name": "shop", "services": {"web": service},
        "networks": {"front": text("network_spec.json")}, "volumes": {"db": text("volume_spec.json"), "more": null},
    });
    project["services"]["web"]["spec"] = spec.clone();
    project["services"]["web"]["before"] = spec;
    let read = serde_json::from_value::<Project>(project).expect("a project");
    assert_eq!(serde_json::from_str::<Project>(&serde_json::to_string(&read).expect("JSON")).expect("a project"), read);
    assert_eq!(read.volumes["more"], longshore::volume::VolumeSpec::default());
}
