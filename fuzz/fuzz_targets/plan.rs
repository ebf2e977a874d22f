//! What an engine says is there, as a deployment reads it: labels, states, ports.

#![no_main]

use longshore::container::ContainerSpec;
use longshore::deploy::{Project, Ready, Service};
use longshore_fuzz::{engine, response, run};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let docker = engine(response("200 OK\r\nContent-Type: application/json", data), 64 << 10);
    let web = Service::new(ContainerSpec::new("web:1").publish(8080, 80)).ready(Ready::healthy()).after("db");
    let shop = Project::new("shop").volume("db").service("db", Service::new("db:1")).service("web", web);
    let deployment = shop.deployment("prod", &docker).expect("a project");
    run(async {
        if let Ok(plan) = deployment.plan().await {
            assert!(!plan.to_string().is_empty());
        }
    });
});
