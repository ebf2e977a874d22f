//! Tar archives, as far as tests need them: plain files, directories and links, in one block of header each.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may panic")]

const BLOCK: usize = 512;

/// What becomes an archive.
#[derive(Default)]
pub struct Tar(Vec<u8>);

impl Tar {
    pub fn file(self, name: &str, contents: &[u8]) -> Self {
        self.owned_file(name, 0, contents)
    }

    /// A file of a user and group of that number.
    pub fn owned_file(mut self, name: &str, owner: u32, contents: &[u8]) -> Self {
        self.0.extend(header(name, b'0', owner, contents.len() as u64, ""));
        self.0.extend(contents);
        self.0.resize(self.0.len().next_multiple_of(BLOCK), 0);
        self
    }

    pub fn directory(mut self, name: &str) -> Self {
        self.0.extend(header(name, b'5', 0, 0, ""));
        self
    }

    pub fn link(mut self, name: &str, target: &str) -> Self {
        self.0.extend(header(name, b'2', 0, 0, target));
        self
    }

    /// With the two empty blocks that end it.
    pub fn end(mut self) -> Vec<u8> {
        self.0.resize(self.0.len() + 2 * BLOCK, 0);
        self.0
    }
}

/// The header of an entry; that of a file is followed by its contents, in whole blocks.
pub fn header(name: &str, kind: u8, owner: u32, size: u64, target: &str) -> Vec<u8> {
    let mut header = vec![0; BLOCK];
    let mut put = |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, name);
    put(100, "0000755\0");
    put(108, &format!("{owner:07o}\0{owner:07o}\0{size:011o}\0{:011o}\0        ", 1_795_490_396));
    put(157, target);
    put(257, "ustar\x0000");
    header[156] = kind;
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}

/// An entry of an archive.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub owner: u32,
    pub contents: Vec<u8>,
}

/// The entries of an archive with short names.
pub fn entries(mut tar: &[u8]) -> Vec<Entry> {
    let text = |field: &[u8]| String::from_utf8(field.split(|byte| *byte == 0).next().unwrap().to_vec()).unwrap();
    let number = |field: &[u8]| u64::from_str_radix(text(field).trim(), 8).expect("an octal number");
    let mut entries = Vec::new();
    while tar.first().is_some_and(|byte| *byte != 0) {
        let (header, rest) = tar.split_at(BLOCK);
        let size = usize::try_from(number(&header[124..136])).expect("64 bits");
        let owner = u32::try_from(number(&header[108..116])).expect("a user");
        entries.push(Entry { name: text(&header[..100]), owner, contents: rest[..size].to_vec() });
        tar = &rest[size.next_multiple_of(BLOCK)..];
    }
    entries
}

/// An archive of one file.
pub fn file(name: &str, contents: &[u8]) -> Vec<u8> {
    Tar::default().file(name, contents).end()
}
