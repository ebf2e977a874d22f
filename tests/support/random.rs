//! Random input for the tests of properties.

use arbtest::arbitrary::Unstructured;
use bytes::Bytes;

/// How many bytes of randomness an input has at most.
const SIZES: u64 = 4096;

/// Checks a property for so many inputs, the same at each run. The seed of one that fails is shown: with `.minimize()` behind
/// it, the smallest input that fails is found.
pub(crate) fn for_inputs(count: u64, property: impl Fn(&mut Random)) {
    for input in 0..count {
        let check = arbtest::arbtest(|source| {
            property(&mut Random { source });
            Ok(())
        });
        check.seed((input << 32) | ((input * 37) % SIZES)); // the size is the lower half
    }
}

/// A source of random input, which ends at some time: then all numbers are 0.
pub(crate) struct Random<'a, 'b> {
    source: &'a mut Unstructured<'b>,
}

impl Random<'_, '_> {
    pub(crate) fn number(&mut self) -> u64 {
        self.source.arbitrary().unwrap_or_default()
    }

    /// A number below the end.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.source.choose_index(end).unwrap_or_default()
    }

    /// Whether it happens that happens so many times in a hundred.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    pub(crate) fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..self.below(most + 1)).map(|_| self.number().to_be_bytes()[0]).collect()
    }

    /// Words of these, in any order, with nothing between them.
    pub(crate) fn text(&mut self, of: &[&str], most: usize) -> String {
        (0..self.below(most + 1)).map(|_| self.pick(of)).collect()
    }

    /// Changes a few bytes, takes some out or puts some in.
    pub(crate) fn damage(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len() + 1);
            let end = (at + self.below(4)).min(bytes.len());
            let new = if self.chance(30) { vec![self.pick(&[0, 0x7f, 0x80, 0xff])] } else { self.bytes(3) };
            bytes.splice(at..end, new);
        }
    }

    /// Cuts it into pieces, some of them of a byte or none.
    pub(crate) fn cut(&mut self, whole: &[u8]) -> Vec<Bytes> {
        let mut pieces = Vec::new();
        let mut rest = whole;
        while !rest.is_empty() {
            if self.source.is_empty() {
                pieces.push(Bytes::copy_from_slice(rest));
                break;
            }
            let longest = self.pick(&[1, 2, 20, 200]);
            let (piece, after) = rest.split_at(self.below(longest + 1).min(rest.len()));
            pieces.push(Bytes::copy_from_slice(piece));
            rest = after;
        }
        pieces
    }
}
