//! Tar archives (POSIX.1-1988), small and in memory.

/// An archive of one file.
pub fn file(name: &str, content: &[u8]) -> Vec<u8> {
    let mut header = [0; 512];
    let fields: [(usize, &[u8]); 8] = [
        (0, name.as_bytes()),
        (100, b"0000644"), // mode, and the octal numbers of its owner and group, length and time
        (108, b"0000000"),
        (116, b"0000000"),
        (124, &format!("{:011o}", content.len()).into_bytes()),
        (136, b"00000000000"),
        (148, b"        "), // the checksum counts as blanks
        (156, b"0"),
    ];
    for (at, field) in fields {
        header.iter_mut().skip(at).zip(field).for_each(|(byte, set)| *byte = *set);
    }
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut archive = [&header, content].concat();
    archive.resize(archive.len().next_multiple_of(512) + 1024, 0);
    archive
}
