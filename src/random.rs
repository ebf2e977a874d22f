//! Random input for the tests of properties: another for each seed, and the same at each run.

use bytes::Bytes;

/// Checks a property for so many seeds; if it does not hold, the seed is shown.
pub(crate) fn for_seeds(count: u64, property: impl Fn(&mut Random)) {
    for seed in 1..=count {
        property(&mut Random { seed, state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) });
    }
}

/// A generator of the kind xorshift.
pub(crate) struct Random {
    seed: u64,
    state: u64,
}

impl Random {
    pub(crate) fn number(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below the end.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from((self.number() >> 16) % end as u64).expect("it is below a usize")
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
            let longest = self.pick(&[1, 2, 20, 200]);
            let (piece, after) = rest.split_at(self.below(longest + 1).min(rest.len()));
            pieces.push(Bytes::copy_from_slice(piece));
            rest = after;
        }
        pieces
    }
}

impl Drop for Random {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the seed is {}", self.seed);
        }
    }
}
