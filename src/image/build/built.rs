//! [`BuildResult`]: the outcome of a build.

use crate::Map;
use crate::stream::Progress;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The outcome of a build.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct BuildResult {
    /// The image's ID: `sha256:…`, or its first 12 digits if the engine reports no more. Empty until the build reports one.
    pub id: String,
    /// What BuildKit reports of the result, such as `containerimage.descriptor`, by name.
    ///
    /// Engines report it only for builds by BuildKit's own API: those with several platforms or outputs, named contexts,
    /// caches, attestations, entitlements or `no_cache_filter`. Otherwise it is empty.
    pub metadata: Map<String>,
    /// Whether the ID is from a machine-readable record, and not from the log, where the output of `RUN` could look like one.
    #[serde(skip)]
    is_sure: bool,
}

impl BuildResult {
    /// Returns the digest that BuildKit reports of the image: that of its manifest or index, and without the containerd
    /// image store its ID.
    ///
    /// `None` without [`metadata`](Self::metadata).
    #[must_use]
    pub fn digest(&self) -> Option<&str> {
        self.metadata.get("containerimage.digest").map(String::as_str)
    }

    /// Updates the outcome from a step of [`Build::stream`](super::Build::stream).
    pub fn note(&mut self, step: &Progress) {
        // Each stage has an ID. That of the target stage is the last.
        let aux = |key: &str| step.aux.as_ref().and_then(|aux| aux.get(key));
        if let Some(id) = aux("ID").and_then(Value::as_str) {
            (self.id, self.is_sure) = (id.to_owned(), true);
        }
        if let Some(metadata) = aux("Metadata").and_then(Value::as_object) {
            let texts = metadata.iter().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?.to_owned())));
            self.metadata.extend(texts);
        }
        let line = step.stream.as_deref().unwrap_or_default().trim();
        let line = line.strip_prefix("Successfully built ").unwrap_or(line);
        if !self.is_sure && is_id(line) {
            line.clone_into(&mut self.id);
        }
    }
}

/// Whether a line is an image ID, in full (as at the end of quiet builds) or short.
fn is_id(line: &str) -> bool {
    let digits = line.strip_prefix("sha256:").unwrap_or(line);
    matches!(digits.len(), 12 | 64) && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::BuildResult;
    use crate::stream::Progress;

    fn id(steps: &[&str]) -> String {
        let mut built = BuildResult::default();
        for step in steps {
            built.note(&serde_json::from_str::<Progress>(step).expect(step));
        }
        built.id
    }

    #[test]
    fn finds_the_id_wherever_it_is() {
        let (one, two) = ("ab".repeat(32), "cd".repeat(32));
        let aux = |id: &str| format!(r#"{{"aux":{{"ID":"sha256:{id}"}}}}"#);
        let line = |line: &str| serde_json::json!({ "stream": format!("{line}\n") }).to_string();
        assert_eq!(id(&[&aux(&one), &aux(&two), &line("Successfully built 123456789abc")]), format!("sha256:{two}"));
        assert_eq!(id(&[&aux(&one), &line(&two)]), format!("sha256:{one}"), "RUN has written that");
        assert_eq!(id(&[&line("Step 1/1 : FROM x"), &line("Successfully built 123456789abc")]), "123456789abc");
        assert_eq!(id(&[&line(&format!("sha256:{one}"))]), format!("sha256:{one}"));
        assert_eq!(id(&[&line("Successfully built something"), r#"{"aux":"CgZ0cmFjZQ=="}"#, r#"{"aux":null}"#]), "");
    }
}
