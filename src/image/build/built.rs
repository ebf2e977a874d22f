//! [`BuildResult`]: how a build ended.

use crate::stream::Progress;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What was built.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct BuildResult {
    /// The image's id: `sha256:…`; its first 12 digits, if the engine says no more. Empty before the build has one.
    pub id: String,
    /// It is from a record made for programs, and not from the output, where `RUN` writes too.
    #[serde(skip)]
    is_sure: bool,
}

impl BuildResult {
    /// Takes from a step of [`Build::stream`](super::Build::stream) what it tells of how the build ends.
    pub fn note(&mut self, step: &Progress) {
        // Each stage has one, and that of the target is the last.
        if let Some(id) = step.aux.as_ref().and_then(|aux| aux.get("ID")).and_then(Value::as_str) {
            *self = Self { id: id.to_owned(), is_sure: true };
        }
        let line = step.stream.as_deref().unwrap_or_default().trim();
        let line = line.strip_prefix("Successfully built ").unwrap_or(line);
        if !self.is_sure && is_id(line) {
            line.clone_into(&mut self.id);
        }
    }
}

/// Whether it is an id in full, as quiet builds end with, or in short.
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
