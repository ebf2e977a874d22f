//! Calls that look something up: what they refuse.

use crate::support::Engine;

#[tokio::test]
async fn a_name_that_is_none_is_refused_before_anything_is_sent() {
    let engine = Engine::unix([]);
    for name in ["We b", "", "web:la test", "https://web"] {
        let error = engine.docker(41).images().exists(name).await.expect_err(name);
        assert!(error.is_invalid(), "{error}");
    }
    assert_eq!(engine.connections(), 0);
}
