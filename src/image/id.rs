//! IDs of images.

/// Adds `sha256:` to a bare ID, as inspecting shows it. Podman omits the algorithm for an image that it has just created.
pub(super) fn with_algorithm(id: String) -> String {
    if is_hex(&id) { format!("sha256:{id}") } else { id }
}

/// Returns the image ID in a progress step's status, if it is one.
pub(super) fn of_step(status: &str) -> Option<String> {
    let id = with_algorithm(status.trim().to_owned());
    id.starts_with("sha256:").then_some(id)
}

fn is_hex(id: &str) -> bool {
    id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::{of_step, with_algorithm};

    #[test]
    fn an_id_has_its_algorithm() {
        let hex = "c0".repeat(32);
        for id in [hex.clone(), format!("sha256:{hex}")] {
            assert_eq!(with_algorithm(id.clone()), format!("sha256:{hex}"));
            assert_eq!(of_step(&format!("{id}\n")), Some(format!("sha256:{hex}")));
        }
        assert_eq!((with_algorithm("c0ff".into()).as_str(), of_step("Downloading")), ("c0ff", None));
    }
}
