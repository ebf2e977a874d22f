//! [`Processes`]: the processes of a container.

use crate::wire::{null_to_empty, null_to_empty_in_list};
use serde::{Deserialize, Serialize};

/// The processes of a container, as `ps` lists them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Processes {
    /// The titles of the columns: `PID`, `CMD`, …
    #[serde(deserialize_with = "null_to_empty")]
    pub titles: Vec<String>,
    /// One row per process, with a value for each title.
    #[serde(deserialize_with = "null_to_empty_in_list")]
    pub processes: Vec<Vec<String>>,
}

impl Processes {
    /// Returns each process's value in the column with this title. Empty if there is no such column.
    pub fn column(&self, title: &str) -> impl Iterator<Item = &str> {
        let index = self.titles.iter().position(|other| other == title);
        self.processes.iter().filter_map(move |row| row.get(index?).map(String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::Processes;
    use serde_json::json;

    #[test]
    fn keeps_rows_and_finds_columns() {
        let document = json!({"Titles": ["PID", "CMD"], "Processes": [["1", "serve"], ["7"], ["9", "sh -c x"]]});
        let processes: Processes = serde_json::from_value(document.clone()).expect("processes");
        assert_eq!(processes.column("CMD").collect::<Vec<_>>(), ["serve", "sh -c x"]);
        assert_eq!(processes.column("TTY").count(), 0);
        assert_eq!(serde_json::to_value(&processes).expect("JSON"), document);
        let nothing = json!({"Titles": null, "Processes": null});
        assert_eq!(serde_json::from_value::<Processes>(nothing).expect("nothing"), Processes::default());
    }
}
