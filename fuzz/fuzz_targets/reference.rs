//! Image references.

#![no_main]

use longshore::image::ImageReference;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(reference) = text.parse::<ImageReference>() else { return };
    let _ = (reference.registry(), reference.repository(), reference.name(), reference.tag());
    let again: ImageReference = reference.to_string().parse().expect("what was written");
    assert_eq!(again, reference, "{text:?}");
});
