//! Progress of the examples: on a terminal a bar for each layer of an image and a line for each service, else plain lines.

#![allow(dead_code, reason = "each example uses a part of it")]

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use longshore::stream::Progress;
use std::collections::HashMap;

#[derive(Default)]
pub struct Bars {
    all: MultiProgress,
    layers: HashMap<String, ProgressBar>,
    services: HashMap<String, ProgressBar>,
}

impl Bars {
    /// Shows the progress of a layer.
    pub fn layer(&mut self, step: &Progress) {
        let (Some(id), Some(status)) = (&step.id, &step.status) else { return };
        let style = ProgressStyle::with_template("  {prefix:12} {bar:30} {bytes:>10}/{total_bytes:10} {msg}");
        let bar = self.layers.entry(id.clone()).or_insert_with(|| {
            let bar = self.all.add(ProgressBar::new(0)).with_prefix(id.clone());
            style.map_or(bar.clone(), |style| bar.with_style(style))
        });
        let number = |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok());
        if let Some(total) = number(step.progress_detail.total) {
            bar.set_length(total);
        }
        if let Some(current) = number(step.progress_detail.current) {
            bar.set_position(current);
        }
        bar.set_message(status.clone());
        if matches!(status.as_str(), "Pull complete" | "Already exists") {
            bar.finish();
        }
    }

    /// Shows the status of a service.
    pub fn service(&mut self, name: &str, what: &str) {
        if self.all.is_hidden() {
            println!("{name:<16} {what}");
            return;
        }
        let style = ProgressStyle::with_template("{prefix:16} {msg}");
        let line = self.services.entry(name.to_owned()).or_insert_with(|| {
            let line = self.all.add(ProgressBar::new_spinner()).with_prefix(name.to_owned());
            style.map_or(line.clone(), |style| line.with_style(style))
        });
        line.set_message(what.to_owned());
        if what.starts_with("ready") || what.starts_with("removed") {
            line.abandon();
        }
    }

    /// Prints a line above all bars.
    pub fn line(&self, text: &str) {
        if self.all.is_hidden() || self.all.println(text).is_err() {
            println!("{text}");
        }
    }
}
