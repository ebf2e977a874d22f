//! The labels that mark what a run creates.

/// The key. The value is the random ID of the run.
pub(super) const LABEL: &str = "dev.longshore.run";

/// Marks a container that is removed when its `Running` is dropped, so that a sweep may remove it while it runs.
pub(super) const TEMPORARY: &str = "dev.longshore.run.temporary";

/// Returns 128 random bits in hexadecimal.
///
/// # Panics
/// Panics if the operating system has no random numbers.
pub(super) fn random_id() -> String {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the operating system has random numbers");
    format!("{:032x}", u128::from_ne_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::random_id;

    #[test]
    fn ids_differ() {
        let ids: std::collections::BTreeSet<_> = (0..1000).map(|_| random_id()).collect();
        assert!(ids.len() == 1000 && ids.iter().all(|id| id.len() == 32));
    }
}
