//! [`Reader`]: a value that comes, behind a pointer.

/// A value that comes, and is not `null`. It is read once.
///
/// Whatever it comes from is behind a pointer: of what is generic over deserializers, every type has code of its own,
/// which was a third of what a program weighed.
pub(crate) trait Reader {
    fn read(&mut self, wanted: Wanted<'_>) -> Read;
    /// Says what is wrong with the value that was read.
    fn fail(&mut self, why: &str) -> Failed;
}

/// What a value is to be, and where it goes.
pub(crate) enum Wanted<'a> {
    String(&'a mut String),
    /// Text, which says something; an error says what is wrong with it.
    Text(&'a mut dyn FnMut(&str) -> Result<(), String>),
    /// A whole number of that type; `false` if it is out of its range.
    Integer(&'static str, &'a mut dyn FnMut(i128) -> bool),
    Float(&'a mut f64),
    Bool(&'a mut bool),
    List(&'a mut dyn List),
    Map(&'a mut dyn Entries),
    Object(&'a mut dyn Object),
    Any(&'a mut serde_json::Value),
    /// Nothing that anybody wants to know.
    Nothing,
}

pub(crate) type Read = Result<(), Failed>;

/// It was not what is wanted; the reader has the error.
#[derive(Debug)]
pub(crate) struct Failed;

/// A list that is read.
pub(crate) trait List {
    /// Adds an element, the default.
    fn add(&mut self);
    /// Reads the last one.
    fn read(&mut self, element: &mut dyn Reader) -> Read;
}

/// A map that is read.
pub(crate) trait Entries {
    /// Adds an entry, with the default for its value.
    fn add(&mut self, key: String);
    /// Reads the value of the last one.
    fn read(&mut self, value: &mut dyn Reader) -> Read;
}

/// A struct that is an object on the wire.
pub(crate) trait Object {
    fn shape(&self) -> Shape;
    /// Reads the value of one of its fields.
    fn read_field(&mut self, field: usize, reader: &mut dyn Reader) -> Read;
}

/// As a pointer, of which no code to drop it is needed.
impl<T: Object> Object for &mut T {
    fn shape(&self) -> Shape {
        (**self).shape()
    }

    fn read_field(&mut self, field: usize, reader: &mut dyn Reader) -> Read {
        (**self).read_field(field, reader)
    }
}

/// What is known of an object before it comes.
pub(crate) struct Shape {
    pub(crate) fields: &'static [&'static str],
    /// Whether a field that is not known is an error.
    pub(crate) is_closed: bool,
    /// A bit for each of the fields that have to be there.
    pub(crate) required: u64,
}
