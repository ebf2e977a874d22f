//! Builds a folder with BuildKit and shows progress as `docker build` does: a line for each active step on a terminal,
//! else plain lines.
//!
//! ```sh
//! cargo run --features buildkit --example build -- . web:1 [ID=FILE]...          # secrets, by their ids
//! tests/engine.sh cargo run --features buildkit --example build                  # on any machine: a small image with a secret
//! ```
//!
//! ```text
//! #1 [internal] load build definition from Dockerfile
//! #1 transferring dockerfile: 231
//! #1 DONE 0.0s
//! …
//! #6 [2/3] RUN --mount=type=secret,id=token wc -c </run/secrets/token
//! #6 0.1 8
//! #6 DONE 0.2s
//! …
//! built sha256:4f0c… as build-example:1
//! ```

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use longshore::image::{BuildSecret, BuildStep, BuildTrace};
use longshore::stream::BuildStatus;
use longshore::system::BuilderVersion;
use longshore::{Docker, Timestamp};
use std::collections::HashMap;
use std::path::PathBuf;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let own = tempfile::tempdir()?;
    let (folder, name, secrets) = match &*arguments {
        [folder, name, secrets @ ..] => (PathBuf::from(folder), name.clone(), secrets.to_vec()),
        _ => small(own.path())?,
    };
    let docker = Docker::from_env()?;
    let mut build = docker.images().build(folder.as_path()).tag(name.as_str()).builder(BuilderVersion::BuildKit);
    for secret in &secrets {
        let (id, file) = secret.split_once('=').ok_or("a secret is ID=FILE")?;
        build = build.secret(BuildSecret::file(id, file));
    }
    let (mut steps, mut trace, mut view, mut id) =
        (build.stream().await?, BuildTrace::default(), View::default(), String::new());
    while let Some(step) = steps.next().await {
        let step = step?; // an error names the failed step and shows its last lines
        if let Some(status) = &step.build_status {
            trace.note(status);
            view.show(status, &trace);
        }
        if let Some(image) = step.aux.as_ref().and_then(|aux| aux.get("ID")?.as_str()) {
            image.clone_into(&mut id);
        }
    }
    for warning in trace.warnings() {
        println!("{}: {}", warning.file.as_deref().unwrap_or("Dockerfile"), warning.short);
    }
    println!("built {id} as {name}");
    Ok(())
}

/// Writes a small build context, if no folder was given.
fn small(folder: &std::path::Path) -> Result<(PathBuf, String, Vec<String>), Box<dyn std::error::Error>> {
    let image = std::env::var("LONGSHORE_TEST_IMAGE").map_err(|_| "usage: build FOLDER NAME [ID=FILE]...")?;
    let lines = "RUN --mount=type=secret,id=token wc -c </run/secrets/token\nCOPY . /build/\n";
    std::fs::write(folder.join("Dockerfile"), format!("FROM {image}\n{lines}"))?;
    std::fs::write(folder.join("token"), "hunter2\n")?;
    std::fs::write(folder.join(".dockerignore"), "token\n")?;
    let secret = format!("token={}", folder.join("token").display());
    Ok((folder.to_owned(), "build-example:1".to_owned(), vec![secret]))
}

/// Shows the progress of a build.
#[derive(Default)]
struct View {
    lines: MultiProgress,
    /// The line of each step on a terminal, by its digest.
    bars: HashMap<String, ProgressBar>,
    /// The number of each step, without a terminal.
    numbers: HashMap<String, usize>,
}

impl View {
    fn show(&mut self, status: &BuildStatus, trace: &BuildTrace) {
        let changed = status.vertices.iter().filter(|vertex| vertex.started.is_some());
        for step in changed.filter_map(|vertex| trace.find(&vertex.digest)) {
            if self.lines.is_hidden() { self.print(step) } else { self.draw(step) }
        }
        for log in status.logs.iter().filter(|_| self.lines.is_hidden()) {
            let number = self.numbers.get(&log.vertex).copied().unwrap_or_default();
            String::from_utf8_lossy(&log.text).lines().for_each(|line| println!("#{number} {line}"));
        }
    }

    fn print(&mut self, step: &BuildStep) {
        let next = self.numbers.len() + 1;
        let number = *self.numbers.entry(step.vertex.digest.clone()).or_insert_with(|| {
            println!("#{next} {}", step.vertex.name);
            next
        });
        if step.vertex.completed.is_some() {
            println!("#{number} {}", outcome(step));
        }
    }

    fn draw(&mut self, step: &BuildStep) {
        let style = ProgressStyle::with_template(" => {prefix}  {msg}  {elapsed}");
        let bar = self.bars.entry(step.vertex.digest.clone()).or_insert_with(|| {
            let bar = self.lines.add(ProgressBar::new_spinner()).with_prefix(step.vertex.name.clone());
            style.map_or(bar.clone(), |style| bar.with_style(style))
        });
        bar.set_message(outcome(step));
        if step.vertex.completed.is_some() {
            bar.abandon();
        } else {
            bar.enable_steady_tick(std::time::Duration::from_millis(100));
        }
    }
}

fn outcome(step: &BuildStep) -> String {
    match (&step.vertex.error, step.vertex.cached) {
        (Some(error), _) => format!("ERROR {error}"),
        (None, true) => "CACHED".to_owned(),
        (None, false) => format!("DONE {:.1}s", step.duration(Timestamp::now()).as_secs_f64()),
    }
}
