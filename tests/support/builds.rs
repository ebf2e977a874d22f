//! Builds upon the test's image.

use super::real::{Real, image};
use longshore::container::ContainerSpec;
use longshore::image::{Build, BuildContext};
use std::fs;
use tempfile::TempDir;

/// A folder with these files; its Dockerfile is built upon the test's image.
pub fn context(dockerfile: &str, files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let dockerfile = format!("FROM {}\n{dockerfile}\n", image());
    for (name, content) in [("Dockerfile", dockerfile.as_str())].iter().chain(files) {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(path, content).expect("written");
    }
    folder
}

impl Real {
    /// Begins to build an image of the test's own, with nothing taken from other builds; gives its name as well.
    pub fn build(&self, context: impl Into<BuildContext>) -> (Build, String) {
        let name = format!("{}:1", self.name());
        (self.docker.images().build(context).tag(name.as_str()).no_cache(true).force_rm(true), name)
    }

    /// What a line of the shell prints in a container of an image. Asks again if that is nothing: a busy engine gives a container's
    /// output up two seconds after its end.
    pub async fn print(&self, image: &str, line: &str) -> String {
        for _ in 0..3 {
            let text = self.print_once(image, line).await;
            if !text.is_empty() {
                return text;
            }
        }
        String::new()
    }

    async fn print_once(&self, image: &str, line: &str) -> String {
        let container = self.create(ContainerSpec::new(image).cmd(["sh", "-c", line])).await;
        container.start().await.expect("started");
        container.wait().await.expect("ended");
        let mut logs = container.logs().await.expect("logs");
        let mut text = String::new();
        while let Some(chunk) = logs.next().await {
            text += &chunk.expect("a chunk").to_string();
        }
        text
    }
}
