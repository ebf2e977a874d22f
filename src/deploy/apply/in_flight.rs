//! What a killed deployer has left in flight.

use crate::deploy::attempt::stop;
use crate::deploy::plan::Desired;
use crate::system::{ActionKind, EventType};
use crate::{Docker, Result, Timestamp};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::timeout;

/// A stream of events that is silent for so long has sent the earlier ones.
const SILENCE: Duration = Duration::from_millis(500);
/// SIGHUP, SIGUSR1 and SIGUSR2, which ask programs for something else than to end.
const OTHER_SIGNALS: [&str; 3] = ["1", "10", "12"];

/// Completes the stops that were begun since this time. Docker goes on stopping a container whose caller is gone, and lists it as
/// running until it has exited: what is decided by then would not last.
pub(super) async fn complete_stops(docker: &Docker, desired: &Desired, since: Timestamp) -> Result<()> {
    let [project, environment] = desired.filters();
    let events = docker.events().kind(EventType::Container).label(project).label(environment);
    let mut events = events.action(ActionKind::Kill).action(ActionKind::Die).since(since).await?;
    let mut stopping = BTreeSet::new();
    while let Ok(Some(event)) = timeout(SILENCE, events.next()).await {
        let event = event?;
        let signal = event.actor.attributes.get("signal").map(String::as_str);
        match event.action.kind {
            ActionKind::Die => drop(stopping.remove(&event.actor.id)),
            _ if signal.is_some_and(|signal| !OTHER_SIGNALS.contains(&signal)) => drop(stopping.insert(event.actor.id)),
            _ => {}
        }
    }
    for id in stopping {
        stop(&docker.container(id)).await?;
    }
    Ok(())
}
