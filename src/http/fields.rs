//! The header fields of a request.

/// Whether a field may have this name (RFC 9110, section 5.6.2).
pub(crate) fn is_field_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Whether a field may have this value: anything but what would end it.
pub(crate) fn is_field_value(value: &str) -> bool {
    value.bytes().all(|byte| byte == b'\t' || !byte.is_ascii_control())
}

/// The fields of a request as they are written: a later one is beside an earlier one of its name.
pub(crate) struct Fields<'a>(pub(crate) &'a mut String);

impl Fields<'_> {
    /// Writes one; name and value were checked.
    pub(crate) fn write(&mut self, name: &str, value: &str) {
        for part in [name, ": ", value, "\r\n"] {
            self.0.push_str(part);
        }
    }

    /// Nothing follows but the body.
    pub(crate) fn end(self) {
        self.0.push_str("\r\n");
    }
}
