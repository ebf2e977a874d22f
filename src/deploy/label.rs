//! The label by which a run knows what it made.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Its key; the value is the run's own.
pub(super) const LABEL: &str = "dev.longshore.run";

/// 128 random bits in hexadecimal: the standard library's own seeds of its hash maps, hashed.
pub(super) fn random_id() -> String {
    let bits = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", bits(), bits())
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
