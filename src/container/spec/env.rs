//! [`Env`]: environment variables, with their values hidden from `Debug`.

use super::lines_file;
use crate::wire::null_to_empty;
use serde::{Deserialize, Serialize};
use std::env::VarError;
use std::path::Path;
use std::{fmt, iter, slice, vec};

/// Environment variables in the API's form: `NAME=value` sets a variable, `NAME` removes one that the image sets.
///
/// Values may be secrets, so `Debug` shows only names.
///
/// ```
/// use longshore::container::Env;
///
/// let mut env = Env::from_iter(["MODE=prod"]);
/// env.set("TOKEN", "t0ps3cret");
/// assert_eq!(env.get("TOKEN"), Some("t0ps3cret"));
/// assert_eq!(format!("{env:?}"), r#"["MODE", "TOKEN"]"#);
/// ```
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Env(#[serde(deserialize_with = "null_to_empty")] Vec<String>);

impl Env {
    /// Sets a variable. Replaces an existing value.
    pub fn set(&mut self, name: impl Into<String>, value: impl AsRef<str>) {
        let mut variable = name.into();
        self.remove(&variable);
        variable.push('=');
        variable.push_str(value.as_ref());
        self.0.push(variable);
    }

    /// Removes a variable from the container, even if the image sets it.
    pub fn unset(&mut self, name: impl Into<String>) {
        let name = name.into();
        self.remove(&name);
        self.0.push(name);
    }

    /// Returns a variable's value; `None` if it is not set here.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().filter(|(other, _)| *other == name).last()?.1
    }

    /// Iterates over names and values. The value is `None` for a removed variable.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.into_iter()
    }

    /// Returns the number of variables.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are no variables.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the variables in the API's form: `NAME=value`, or `NAME` for a removed one.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    /// Sets a variable to the value that it has in this process, or removes it if this process does not have it.
    pub(crate) fn set_from_process(&mut self, name: &str) -> Result<(), String> {
        match from_process(name)? {
            Some(value) => self.set(name, value),
            None => self.unset(name),
        }
        Ok(())
    }

    /// Sets what a text of the form `NAME=value` says, or `NAME` for the value that the variable has in this process.
    pub(crate) fn set_text(&mut self, text: &str) -> Result<(), String> {
        match text.split_once('=') {
            Some((name, value)) => {
                check_name(name)?;
                self.set(name, value);
                Ok(())
            }
            None => self.set_from_process(text),
        }
    }

    /// Sets the variables of a file, in the form of `docker run --env-file`. Blocks.
    pub(crate) fn set_from_file(&mut self, path: &Path) -> Result<(), String> {
        for (name, value) in lines_file::read("env file", path)? {
            // Unlike on the command line, a variable that this process lacks is left as it is.
            if let Some(value) = value.map_or_else(|| from_process(&name), |value| Ok(Some(value)))? {
                self.set(name, value);
            }
        }
        Ok(())
    }

    /// Checks what the engine refuses. Its message would quote the value, which may be a secret.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.iter().any(|(name, _)| name.is_empty()) {
            return Err("an environment variable has no name".to_owned());
        }
        match self.0.iter().find(|variable| variable.contains('\0')) {
            Some(variable) => Err(format!("the environment variable {:?} contains a NUL character", split(variable).0)),
            None => Ok(()),
        }
    }

    fn remove(&mut self, name: &str) {
        self.0.retain(|variable| split(variable).0 != name);
    }
}

fn split(variable: &str) -> (&str, Option<&str>) {
    variable.split_once('=').map_or((variable, None), |(name, value)| (name, Some(value)))
}

fn split_owned(mut variable: String) -> (String, Option<String>) {
    match variable.find('=') {
        Some(at) => {
            let value = variable.split_off(at + 1);
            variable.truncate(at);
            (variable, Some(value))
        }
        None => (variable, None),
    }
}

pub(crate) fn check_name(name: &str) -> Result<(), String> {
    if name.is_empty() || name.contains(['=', '\0']) {
        let name = name.split('=').next().unwrap_or_default();
        return Err(format!("invalid variable name {name:?}: use a name alone, without '=' and a value"));
    }
    Ok(())
}

/// Returns the value of an environment variable of this process. `None` if it is not set.
///
/// The error does not quote the value, which may be a secret. That of the standard library does.
pub(crate) fn from_process(name: &str) -> Result<Option<String>, String> {
    check_name(name)?;
    text(name, std::env::var(name))
}

fn text(name: &str, value: Result<String, VarError>) -> Result<Option<String>, String> {
    match value {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(format!("the variable {name:?} of this process is not UTF-8")),
    }
}

impl IntoIterator for Env {
    type Item = (String, Option<String>);
    type IntoIter = iter::Map<vec::IntoIter<String>, fn(String) -> Self::Item>;

    /// Iterates over names and values. The value is `None` for a removed variable.
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter().map(split_owned)
    }
}

impl<'a> IntoIterator for &'a Env {
    type Item = (&'a str, Option<&'a str>);
    type IntoIter = iter::Map<slice::Iter<'a, String>, fn(&'a String) -> Self::Item>;

    /// Iterates over names and values. The value is `None` for a removed variable.
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|variable| split(variable))
    }
}

impl<S: Into<String>> Extend<S> for Env {
    /// Takes items of the form `NAME=value` or `NAME`. They replace existing values.
    fn extend<I: IntoIterator<Item = S>>(&mut self, variables: I) {
        for variable in variables {
            let variable = variable.into();
            self.remove(split(&variable).0);
            self.0.push(variable);
        }
    }
}

impl<S: Into<String>> FromIterator<S> for Env {
    /// Takes items of the form `NAME=value` or `NAME`.
    fn from_iter<I: IntoIterator<Item = S>>(variables: I) -> Self {
        Self(variables.into_iter().map(Into::into).collect())
    }
}

impl From<Vec<String>> for Env {
    /// Takes items of the form `NAME=value` or `NAME`.
    fn from(variables: Vec<String>) -> Self {
        Self(variables)
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{Env, from_process, text};
    use std::env::VarError;

    #[test]
    fn sets_replaces_and_takes_out() {
        let mut env = Env::from_iter(["PATH=/bin", "A=b=c", "EMPTY="]);
        env.set("PATH", "/usr/bin");
        env.unset("A");
        assert_eq!(env.as_slice(), ["EMPTY=", "PATH=/usr/bin", "A"]);
        assert_eq!((env.get("EMPTY"), env.get("A"), env.get("B")), (Some(""), None, None));
    }

    #[test]
    fn extends_and_is_iterated_over() {
        let mut env = Env::from_iter(["PATH=/bin", "A=b=c"]);
        env.extend(["PATH=/usr/bin", "B"]);
        assert_eq!(env.as_slice(), ["A=b=c", "PATH=/usr/bin", "B"]);
        let pairs = [("A", Some("b=c")), ("PATH", Some("/usr/bin")), ("B", None)];
        assert_eq!((&env).into_iter().collect::<Vec<_>>(), pairs);
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.map(str::to_owned)));
        assert_eq!(env.into_iter().collect::<Vec<_>>(), pairs);
    }

    #[test]
    fn errors_of_variables_lack_the_value() {
        assert_eq!(from_process("LONGSHORE_NOT_SET"), Ok(None));
        assert_eq!(text("A", Ok("b".to_owned())), Ok(Some("b".to_owned())));
        let error = text("TOKEN", Err(VarError::NotUnicode("hunter2".into()))).expect_err("it is not UTF-8");
        assert_eq!(error, "the variable \"TOKEN\" of this process is not UTF-8");
    }

    #[test]
    fn null_is_no_variable() {
        assert_eq!(serde_json::from_str::<Env>("null").expect("null"), Env::default());
    }
}
