//! [`BuilderVersion`]: the classic builder or BuildKit.

use super::open_enum;

open_enum! {
    /// The builder of images.
    pub enum BuilderVersion {
        /// The classic builder, which is deprecated.
        V1 = "1",
        /// BuildKit.
        BuildKit = "2",
    }
}
