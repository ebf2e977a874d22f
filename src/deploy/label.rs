//! The label by which a run knows what it made.

/// Its key; the value is the run's own.
pub(super) const LABEL: &str = "dev.longshore.run";

/// 128 random bits in hexadecimal.
///
/// # Panics
/// If the operating system has no random numbers.
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
