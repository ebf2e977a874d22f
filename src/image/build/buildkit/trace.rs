//! [`BuildTrace`]: the collected progress of a build.

use crate::Timestamp;
use crate::stream::{BuildStatus, Vertex, VertexWarning};
use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// The number of last log lines that are kept for each step.
const LINES: usize = 10;
/// The number of lines that are kept of the latest record.
const MOST_NEW_LINES: usize = 10_000;
/// The longest kept line, in bytes. The rest of a line is discarded.
const LONGEST_LINE: usize = 4 << 10;

/// Collects the progress of a BuildKit build: the steps with their times and last log lines, and the warnings. Requires the
/// feature `buildkit`.
///
/// Pass each [`Progress::build_status`](crate::stream::Progress::build_status) to [`note`](Self::note) to display a build.
///
/// ```no_run
/// # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
/// use longshore::image::BuildTrace;
/// use longshore::system::BuilderVersion;
///
/// let build = docker.images().build("web").builder(BuilderVersion::BuildKit);
/// let (mut progress, mut trace) = (build.stream().await?, BuildTrace::default());
/// while let Some(step) = progress.next().await {
///     if let Some(status) = step?.build_status {
///         trace.note(&status);
///     }
///     let running = trace.steps().iter().filter(|step| step.is_running());
///     println!("{} of {} steps are running", running.count(), trace.steps().len());
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BuildTrace {
    steps: Vec<BuildStep>,
    by_digest: HashMap<String, usize>,
    warnings: Vec<VertexWarning>,
}

/// A step of a build, with its times and its last log lines. Requires the feature `buildkit`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct BuildStep {
    /// The latest state of the step.
    pub vertex: Vertex,
    /// The run time before the latest start.
    before: Duration,
    lines: VecDeque<String>,
    /// The number of lines that the latest record completed.
    new: usize,
    /// The bytes of an incomplete last line.
    rest: Vec<u8>,
}

impl BuildTrace {
    /// Adds a progress record.
    pub fn note(&mut self, status: &BuildStatus) {
        self.steps.iter_mut().for_each(BuildStep::begin_record);
        for vertex in &status.vertices {
            let step = self.step(&vertex.digest);
            if vertex.started != step.vertex.started {
                step.before += interval(&step.vertex, None);
            }
            step.vertex = vertex.clone();
        }
        for log in &status.logs {
            self.step(&log.vertex).write(&log.text);
        }
        for ended in status.vertices.iter().filter(|vertex| vertex.completed.is_some()) {
            self.step(&ended.digest).end_rest();
        }
        self.warnings.extend(status.warnings.iter().cloned());
    }

    fn step(&mut self, digest: &str) -> &mut BuildStep {
        let index = *self.by_digest.entry(digest.to_owned()).or_insert_with(|| {
            self.steps.push(BuildStep::default());
            self.steps.len() - 1
        });
        #[allow(clippy::indexing_slicing, reason = "the map has the places of steps alone")]
        &mut self.steps[index]
    }

    /// Returns the steps in the order in which BuildKit announced them.
    #[must_use]
    pub fn steps(&self) -> &[BuildStep] {
        &self.steps
    }

    /// Returns the step with this digest.
    #[must_use]
    pub fn find(&self, digest: &str) -> Option<&BuildStep> {
        self.steps.get(*self.by_digest.get(digest)?)
    }

    /// Returns the warnings about the Dockerfile.
    #[must_use]
    pub fn warnings(&self) -> &[VertexWarning] {
        &self.warnings
    }

    /// Returns the step that failed first. Steps that were only cancelled do not count.
    ///
    /// A failed step does not always fail the build. An example is the import of a cache that does not exist.
    #[must_use]
    pub fn failed(&self) -> Option<&BuildStep> {
        self.first_failed(|error| !error.contains("context canceled"))
    }

    /// Returns the step whose error is in the error of the build.
    pub(super) fn failed_with(&self, message: &str) -> Option<&BuildStep> {
        self.first_failed(|error| !error.is_empty() && message.contains(error))
    }

    fn first_failed(&self, is_it: impl Fn(&str) -> bool) -> Option<&BuildStep> {
        let failed = self.steps.iter().filter(|step| step.vertex.error.as_deref().is_some_and(&is_it));
        // The first failure makes BuildKit cancel the other steps.
        failed.min_by_key(|step| step.vertex.completed.unwrap_or(Timestamp::MAX))
    }
}

impl BuildStep {
    /// Returns the total run time of the step until `now`. A step that started several times has the sum of all its runs.
    #[must_use]
    pub fn duration(&self, now: Timestamp) -> Duration {
        self.before + interval(&self.vertex, Some(now))
    }

    /// Returns whether the step is running.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.vertex.started.is_some() && self.vertex.completed.is_none()
    }

    /// Returns the last complete log lines, at most ten.
    pub fn last_lines(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().skip(self.lines.len().saturating_sub(LINES)).map(String::as_str)
    }

    /// Returns the log lines that the latest [record](BuildTrace::note) completed, at most 10 000, to print each line once.
    pub fn new_lines(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().skip(self.lines.len().saturating_sub(self.new)).map(String::as_str)
    }

    /// Returns the last log lines as text, including an incomplete last line.
    #[must_use]
    pub fn all_text(&self) -> String {
        self.all_lines().join("\n")
    }

    /// Keeps only the last of the lines of earlier records.
    fn begin_record(&mut self) {
        self.lines.drain(..self.lines.len().saturating_sub(LINES));
        self.new = 0;
    }

    fn write(&mut self, text: &[u8]) {
        let mut pieces = text.split(|byte| *byte == b'\n').peekable();
        while let Some(piece) = pieces.next() {
            let room = LONGEST_LINE.saturating_sub(self.rest.len()).min(piece.len());
            self.rest.extend_from_slice(piece.get(..room).unwrap_or_default());
            if pieces.peek().is_some() {
                self.end_line();
            }
        }
    }

    /// Ends an incomplete line.
    fn end_rest(&mut self) {
        if !self.rest.is_empty() {
            self.end_line();
        }
    }

    /// Ends a line. Of a line that was redrawn with carriage returns, only the last version is kept.
    fn end_line(&mut self) {
        let line = String::from_utf8_lossy(&self.rest).trim_end_matches('\r').rsplit('\r').next().map(str::to_owned);
        self.rest.clear();
        if self.lines.len() == MOST_NEW_LINES {
            self.lines.pop_front();
        }
        self.lines.push_back(line.unwrap_or_default());
        self.new = (self.new + 1).min(self.lines.len());
    }

    /// Returns the last lines, including an incomplete one.
    pub(super) fn all_lines(&self) -> Vec<String> {
        let mut whole = self.clone();
        whole.end_rest();
        whole.last_lines().map(str::to_owned).collect()
    }
}

fn interval(vertex: &Vertex, now: Option<Timestamp>) -> Duration {
    let ends = vertex.started.zip(vertex.completed.or(now));
    ends.and_then(|(start, end)| end.duration_since(start).try_into().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::BuildTrace;
    use crate::Timestamp;
    use crate::stream::{BuildStatus, Source, Vertex, VertexLog};
    use std::time::Duration;

    fn at(second: i64) -> Option<Timestamp> {
        Timestamp::from_second(second).ok()
    }

    fn vertex(digest: &str, started: Option<i64>, completed: Option<i64>, error: Option<&str>) -> BuildStatus {
        let vertex = Vertex {
            digest: digest.to_owned(),
            started: started.and_then(at),
            completed: completed.and_then(at),
            error: error.map(str::to_owned),
            ..Vertex::default()
        };
        BuildStatus { vertices: vec![vertex], ..BuildStatus::default() }
    }

    fn log(text: &str) -> BuildStatus {
        let (vertex, text) = ("a".to_owned(), text.to_owned().into());
        BuildStatus {
            logs: vec![VertexLog { vertex, timestamp: None, source: Source::Stdout, text }],
            ..BuildStatus::default()
        }
    }

    #[test]
    fn times_of_a_step_that_begins_anew_are_summed_up() {
        let mut trace = BuildTrace::default();
        for status in [
            vertex("a", None, None, None),
            vertex("a", Some(10), None, None),
            vertex("a", Some(10), Some(12), None),
            vertex("a", Some(20), None, None),
        ] {
            trace.note(&status);
        }
        let step = trace.find("a").expect("a step");
        assert!(step.is_running());
        assert_eq!(step.duration(at(25).expect("a time")), Duration::from_secs(7));
        trace.note(&vertex("a", Some(20), Some(23), None));
        assert_eq!(trace.steps()[0].duration(at(99).expect("a time")), Duration::from_secs(5));
        assert_eq!(trace.steps().len(), 1);
    }

    #[test]
    fn the_step_that_failed_is_the_first_that_was_not_cancelled() {
        let mut trace = BuildTrace::default();
        trace.note(&vertex("c", Some(1), Some(2), Some("failed: context canceled")));
        assert_eq!(trace.failed(), None);
        trace.note(&vertex("a", Some(1), Some(4), Some("second")));
        trace.note(&vertex("b", Some(1), Some(3), Some("first")));
        assert_eq!(trace.failed().map(|step| step.vertex.digest.as_str()), Some("b"));
    }

    #[test]
    fn lines_are_put_together_and_the_last_ten_kept() {
        let mut trace = BuildTrace::default();
        for text in ["no newline", " same line\n10 %\r20 %", "\r30 %\r\n", "rest"] {
            trace.note(&log(text));
        }
        let step = trace.find("a").expect("a step");
        assert_eq!(step.last_lines().collect::<Vec<_>>(), ["no newline same line", "30 %"]);
        assert_eq!(step.all_lines(), ["no newline same line", "30 %", "rest"]);
        (0..50).for_each(|line| trace.note(&log(&format!("{line}\n{}", "x".repeat(5000)))));
        let step = &trace.steps()[0];
        let lines = step.all_lines();
        assert_eq!((lines.len(), step.lines.len(), step.last_lines().count()), (10, 11, 10));
        assert!(lines.iter().all(|line| line.len() <= 4096));
    }

    #[test]
    fn the_lines_of_the_latest_record_are_all_there() {
        let mut trace = BuildTrace::default();
        let new = |trace: &BuildTrace| trace.steps()[0].new_lines().map(str::to_owned).collect::<Vec<_>>();
        trace.note(&log(&("a\n".repeat(20) + &"b\n".repeat(10))));
        assert_eq!((new(&trace).len(), trace.steps()[0].last_lines().next()), (30, Some("b")));
        trace.note(&log(&"\n".repeat(20_000)));
        assert_eq!(new(&trace).len(), 10_000);
        trace.note(&log("no newline"));
        assert_eq!((new(&trace).len(), trace.steps()[0].lines.len()), (0, 10));
        trace.note(&log(" same line\nnext"));
        assert_eq!(new(&trace), ["no newline same line"]);
        trace.note(&vertex("b", None, None, None));
        assert!(new(&trace).is_empty());
        trace.note(&vertex("a", Some(1), Some(2), None));
        assert_eq!(new(&trace), ["next"], "the end of the step is the end of the line");
    }
}
