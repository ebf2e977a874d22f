//! Builds a folder with BuildKit and shows progress as `docker build` does: bars on a terminal, else plain lines.
//!
//! ```sh
//! cargo run --features buildkit --example build -- . web:1 [ID=FILE]...          # secrets, by their ids
//! tests/engine.sh cargo run --features buildkit --example build                  # on any machine: a small image with a secret
//! ```
//! ```text
//! #1 [internal] load build definition from Dockerfile
//! #1 transferring dockerfile: 151 B done
//! #1 DONE 0.0s
//! …
//! #6 [2/3] RUN --mount=type=secret,id=token wc -c </run/secrets/token
//! #6 0.392 8
//! #6 DONE 0.5s
//! built sha256:fecc… as build-example:1
//! ```

use indicatif::{HumanBytes, MultiProgress, ProgressBar, ProgressStyle};
use longshore::image::{BuildResult, BuildSecret, BuildStep, BuildTrace};
use longshore::{Docker, Timestamp, stream::BuildStatus, system::BuilderVersion};
use std::collections::HashMap;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let own = tempfile::tempdir()?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments = if arguments.is_empty() { small(own.path())? } else { arguments };
    let [folder, name, secrets @ ..] = &*arguments else { return Err("usage: build FOLDER NAME [ID=FILE]...".into()) };
    let mut build = Docker::from_env()?.images().build(folder).tag(name).builder(BuilderVersion::BuildKit);
    for secret in secrets {
        let (id, file) = secret.split_once('=').ok_or("a secret is ID=FILE")?;
        build = build.secret(BuildSecret::file(id, file));
    }
    let (mut steps, mut result) = (build.stream().await?, BuildResult::default());
    let (mut trace, mut view) = (BuildTrace::default(), View::default());
    while let Some(step) = steps.next().await {
        let step = step?; // an error names the failed step and shows its last lines
        result.note(&step);
        if let Some(record) = &step.build_status {
            trace.note(record);
            for step in trace.steps().iter().filter(|step| step.vertex.started.is_some()) {
                if view.bars.is_hidden() { view.print(record, step) } else { view.draw(record, step) }
            }
        }
    }
    trace.warnings().iter().for_each(|warning| println!("{}", warning.short));
    println!("built {} as {name}", result.id);
    Ok(())
}

/// Writes a small build context, if no folder was given. Returns the arguments for it.
fn small(folder: &std::path::Path) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let image = std::env::var("LONGSHORE_TEST_IMAGE").map_err(|_| "usage: build FOLDER NAME [ID=FILE]...")?;
    let steps = "RUN --mount=type=secret,id=token wc -c </run/secrets/token\nCOPY Dockerfile /\n";
    std::fs::write(folder.join("Dockerfile"), format!("FROM {image}\n{steps}"))?;
    std::fs::write(folder.join("token"), "hunter2\n")?;
    Ok(vec![folder.display().to_string(), "build-example:1".to_owned(), format!("token={}/token", folder.display())])
}

/// Shows the progress of a build.
#[derive(Default)]
struct View {
    bars: MultiProgress,
    /// The bars of steps and of their statuses, by the step's digest and the status's ID.
    shown: HashMap<(String, String), ProgressBar>,
    /// Without a terminal, the number and the printed outcome of each step. A step can end several times.
    printed: HashMap<String, (usize, String)>,
}

impl View {
    fn print(&mut self, record: &BuildStatus, step: &BuildStep) {
        let (digest, next) = (&step.vertex.digest, self.printed.len() + 1);
        let (number, ended) = self.printed.entry(digest.clone()).or_insert_with(|| {
            println!("#{next} {}", step.vertex.name);
            (next, String::new())
        });
        for status in record.statuses.iter().filter(|status| status.vertex == *digest && status.completed.is_some()) {
            let bytes = Some(status.current.unsigned_abs()).filter(|bytes| *bytes > 0).map(HumanBytes);
            println!("#{number} {} {}done", status.id, bytes.map_or(String::new(), |bytes| format!("{bytes} ")));
        }
        let seconds = step.duration(Timestamp::now()).as_secs_f64();
        step.new_lines().for_each(|line| println!("#{number} {seconds:.3} {line}"));
        if step.vertex.completed.is_some() && outcome(step) != *ended {
            *ended = outcome(step);
            println!("#{number} {ended}");
        }
    }

    fn draw(&mut self, record: &BuildStatus, step: &BuildStep) {
        let digest = &step.vertex.digest;
        let new = || self.bars.add(bar(" => {prefix}  {msg}  {elapsed}", &step.vertex.name));
        let line = self.shown.entry((digest.clone(), String::new())).or_insert_with(new).clone();
        line.set_message(outcome(step));
        step.vertex.completed.iter().for_each(|_| line.abandon());
        for status in record.statuses.iter().filter(|status| status.vertex == *digest) {
            let new = || self.bars.insert_after(&line, bar(" => => {prefix} {bytes} {bar:30}", &status.id));
            let bar = self.shown.entry((digest.clone(), status.id.clone())).or_insert_with(new);
            bar.set_length(status.total.max(status.current).unsigned_abs()); // the total is often unknown
            bar.set_position(status.current.unsigned_abs());
            status.completed.iter().for_each(|_| bar.abandon());
        }
    }
}

fn bar(template: &str, name: &str) -> ProgressBar {
    let bar = ProgressBar::new(1).with_prefix(name.to_owned());
    bar.enable_steady_tick(std::time::Duration::from_millis(100));
    bar.with_style(ProgressStyle::with_template(template).expect("a template"))
}

fn outcome(step: &BuildStep) -> String {
    match &step.vertex.error {
        Some(error) if error.ends_with("context canceled") => "CANCELED".to_owned(),
        Some(error) => format!("ERROR: {error}"),
        None if step.is_running() => step.last_lines().last().unwrap_or_default().to_owned(),
        None if step.vertex.cached => "CACHED".to_owned(),
        None => format!("DONE {:.1}s", step.duration(Timestamp::now()).as_secs_f64()),
    }
}
